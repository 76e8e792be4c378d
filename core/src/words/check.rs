//! What every text in three languages must satisfy. Tests of the core and of the server ask it about each text they have.

use crate::domain::fold::fold;

/// Characters the search table folds further although Simplified Chinese writes them so.
const BOTH_SCRIPTS: &str = "具同资象";

/// Words that are not only written but said differently: Traditional and Simplified usage.
const SAID_DIFFERENTLY: &[(&str, &str)] = &[
    ("登入", "登录"),
    ("登出", "退出"),
    ("搜尋", "搜索"),
    ("列印", "打印"),
    ("程式", "程序"),
    ("帳號", "账号"),
    ("伺服器", "服务器"),
];

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadText {
    /// One of the three is not there.
    #[error("{what} lacks a language")]
    Missing {
        /// The text's name.
        what: String,
    },
    /// The Traditional and the Simplified text are not the same words.
    #[error("{what}: the two Chinese forms differ\n{hant}\n{hans}")]
    Differ {
        /// The text's name.
        what: String,
        /// The Traditional text.
        hant: String,
        /// The Simplified text.
        hans: String,
    },
    /// The Simplified text has Traditional characters.
    #[error("{what}: Traditional characters {found} in Simplified text: {hans}")]
    Traditional {
        /// The text's name.
        what: String,
        /// The characters.
        found: String,
        /// The Simplified text.
        hans: String,
    },
    /// The English text has Chinese in it.
    #[error("{what}: Chinese in the English text: {en}")]
    Chinese {
        /// The text's name.
        what: String,
        /// The English text.
        en: String,
    },
}

/// A folded text, with the words of one usage put for those of the other.
fn one_usage(text: &str) -> String {
    SAID_DIFFERENTLY.iter().fold(fold(text), |text, (hant, hans)| text.replace(&fold(hant), &fold(hans)))
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// Whether a text exists in three languages and both Chinese forms are the same words.
///
/// # Errors
/// [`BadText`] with the text's name.
pub fn three(what: &str, [hant, hans, en]: [&str; 3]) -> Result<(), BadText> {
    let what = what.to_owned();
    if [hant, hans, en].iter().any(|text| text.trim().is_empty()) {
        return Err(BadText::Missing { what });
    }
    if one_usage(hant) != one_usage(hans) {
        return Err(BadText::Differ { what, hant: hant.to_owned(), hans: hans.to_owned() });
    }
    let wrong = |c: &char| is_han(*c) && !BOTH_SCRIPTS.contains(*c) && fold(&c.to_string()) != c.to_string();
    let found: String = hans.chars().filter(wrong).collect();
    if !found.is_empty() {
        return Err(BadText::Traditional { what, found, hans: hans.to_owned() });
    }
    if en.chars().any(is_han) {
        return Err(BadText::Chinese { what, en: en.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_drifted_is_found() {
        let ask = |texts| three("x", texts).map_err(|bad| std::mem::discriminant(&bad));
        let kind = |bad: &BadText| Err(std::mem::discriminant(bad));
        let x = || "x".to_owned();
        assert_eq!(ask(["報價", "报价", "Quote"]), Ok(()));
        assert_eq!(ask(["報價", "", "Quote"]), kind(&BadText::Missing { what: x() }));
        assert_eq!(
            ask(["報價", "报单", "Quote"]),
            kind(&BadText::Differ { what: x(), hant: x(), hans: x() })
        );
        assert_eq!(
            ask(["報價", "報价", "Quote"]),
            kind(&BadText::Traditional { what: x(), found: x(), hans: x() })
        );
        assert_eq!(ask(["報價", "报价", "報價"]), kind(&BadText::Chinese { what: x(), en: x() }));
    }
}
