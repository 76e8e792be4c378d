//! Breaking texts into lines, by the rules of UAX 14: Chinese anywhere but before its closing marks, Latin between words.

use doorstep_core::domain::lang::Lang;
use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::font::Fonts;

/// The lines of a text within a width, both in ems. Never empty; a word wider than the width is broken within.
pub(super) fn lines(text: &str, width: f32, lang: Lang, fonts: &Fonts) -> Vec<String> {
    let text = fonts.settable(text, lang);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0.0;
    let mut from = 0;
    for (to, kind) in linebreaks(&text) {
        let part = text.get(from..to).unwrap_or_default();
        from = to;
        // Blanks and line ends at the end of a line take no room.
        let seen = fonts.width(part.trim_end(), lang);
        if used + seen > width && !line.is_empty() {
            end(&mut lines, &mut line);
            used = 0.0;
        }
        if seen > width {
            used = broken(part, width, lang, fonts, &mut lines, &mut line);
        } else {
            line.push_str(part);
            used += fonts.width(part, lang);
        }
        if kind == BreakOpportunity::Mandatory && to < text.len() {
            end(&mut lines, &mut line);
            used = 0.0;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        end(&mut lines, &mut line);
    }
    lines
}

fn end(lines: &mut Vec<String>, line: &mut String) {
    lines.push(line.trim_end().to_owned());
    line.clear();
}

/// A word that is wider than the line, character by character; gives the width of what stands on the last line.
fn broken(
    part: &str,
    width: f32,
    lang: Lang,
    fonts: &Fonts,
    lines: &mut Vec<String>,
    line: &mut String,
) -> f32 {
    let mut used = 0.0;
    for c in part.chars().filter(|c| *c != '\n') {
        let wide = fonts.set(c, lang).map_or(0.0, |set| set.width);
        if used + wide > width && !line.is_empty() {
            end(lines, line);
            used = 0.0;
        }
        line.push(c);
        used += wide;
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::font::fonts;

    fn broken_at(text: &str, width: f32) -> Vec<String> {
        lines(text, width, Lang::ZhHant, fonts().unwrap())
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_its_closing_marks() {
        assert_eq!(broken_at("更換角閥與軟管", 4.0), ["更換角閥", "與軟管"]);
        assert_eq!(broken_at("更換角閥，軟管", 4.0), ["更換角", "閥，軟管"]);
        assert_eq!(broken_at("（更換）角閥。", 3.0), ["（更", "換）角", "閥。"]);
    }

    #[test]
    fn latin_breaks_between_words_and_long_words_within() {
        assert_eq!(broken_at("the fault is gone", 4.6), ["the fault", "is gone"]);
        let long = broken_at("01a20da2831b71589793", 4.0);
        assert!(long.len() > 2 && long.concat() == "01a20da2831b71589793", "{long:?}");
    }

    #[test]
    fn what_somebody_typed_on_two_lines_stays_on_two() {
        assert_eq!(broken_at("一\n二", 9.0), ["一", "二"]);
        assert_eq!(broken_at("", 9.0), [""]);
    }
}
