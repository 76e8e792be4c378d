//! How cells and headers are tidied before they are read: what an input method or a spreadsheet adds is taken off.

/// Full-width Latin letters, digits and signs as their ordinary forms; other characters stay.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ffe5}' => '¥',
            _ => c,
        })
        .collect()
}

/// A cell without the blanks around it, with `\n` for every line break inside.
pub(super) fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// The form in which headers and words are compared: narrow, lower case, without blanks, `_`, `-`, `/`,
/// and without the mark some offices put on required columns.
pub(super) fn fold(text: &str) -> String {
    let text = narrow(text).to_lowercase();
    let text = text.trim_end_matches("(必填)").trim_end_matches("(required)");
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '/' | '*' | '\u{feff}')).collect()
}

/// How many line breaks a piece of a file holds: `\r\n`, `\n` and a lone `\r` each count once.
pub(super) fn line_breaks(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut after_return = false;
    for &byte in bytes {
        if byte == b'\r' || (byte == b'\n' && !after_return) {
            count += 1;
        }
        after_return = byte == b'\r';
    }
    count
}
