//! What the office reads, in three languages: labels of enums, sentences for facts, reasons for a second look, page texts.
//!
//! Each text stands beside its two translations. A test folds both Chinese forms and compares them, so that neither can
//! drift, and looks for Traditional characters in the Simplified one.

pub mod facts;
pub mod flags;
pub mod labels;
pub mod names;
pub mod ui;
pub mod when;

use doorstep_core::domain::lang::Lang;

/// A text in Traditional Chinese, Simplified Chinese and English.
pub type Three = [&'static str; 3];

/// The text in one language.
#[must_use]
pub fn pick(lang: Lang, three: Three) -> &'static str {
    lang.pick(three)
}

/// A sentence with values in it, in one language: `say!(lang, "共 {n} 張", "共 {n} 张", "{n} orders")`.
macro_rules! say {
    ($lang:expr, $hant:literal, $hans:literal, $en:literal) => {
        match $lang {
            ::doorstep_core::domain::lang::Lang::ZhHant => format!($hant),
            ::doorstep_core::domain::lang::Lang::ZhHans => format!($hans),
            ::doorstep_core::domain::lang::Lang::En => format!($en),
        }
    };
}
pub(crate) use say;

/// `text`, with the mark that joins a following explanation in front; nothing when there is no text.
#[must_use]
pub fn after_colon(lang: Lang, text: &str) -> String {
    match (text.trim(), lang) {
        ("", _) => String::new(),
        (text, Lang::En) => format!(": {text}"),
        (text, _) => format!("：{text}"),
    }
}

/// `text` in the brackets of the language; nothing when there is no text.
#[must_use]
pub fn in_brackets(lang: Lang, text: &str) -> String {
    match (text.trim(), lang) {
        ("", _) => String::new(),
        (text, Lang::En) => format!(" ({text})"),
        (text, _) => format!("（{text}）"),
    }
}

/// Words in a row: `a、b` in Chinese, `a, b` in English.
#[must_use]
pub fn list<S: AsRef<str>>(lang: Lang, words: impl IntoIterator<Item = S>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    words.join(if lang == Lang::En { ", " } else { "、" })
}

#[cfg(test)]
pub(crate) mod check {
    //! What every text in three languages must satisfy.
    use doorstep_core::domain::fold::fold;

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

    /// A folded text, with the words of one usage put for those of the other.
    fn one_usage(text: &str) -> String {
        SAID_DIFFERENTLY.iter().fold(fold(text), |text, (hant, hans)| text.replace(&fold(hant), &fold(hans)))
    }

    /// Asserts that a text exists in three languages and that both Chinese forms are the same words.
    pub(crate) fn three(what: &str, [hant, hans, en]: [&str; 3]) {
        assert!(
            !hant.trim().is_empty() && !hans.trim().is_empty() && !en.trim().is_empty(),
            "{what} lacks a language"
        );
        assert_eq!(one_usage(hant), one_usage(hans), "{what}: the two Chinese forms differ\n{hant}\n{hans}");
        simplified(what, hans);
        let han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
        assert!(!en.chars().any(han), "{what}: Chinese in the English text: {en}");
    }

    /// Asserts that a Simplified text has no Traditional character.
    pub(crate) fn simplified(what: &str, hans: &str) {
        let wrong = |c: &char| {
            !BOTH_SCRIPTS.contains(*c) && *c >= '\u{3400}' && fold(&c.to_string()) != c.to_string()
        };
        let found: String =
            hans.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).filter(wrong).collect();
        assert!(found.is_empty(), "{what}: Traditional characters {found} in Simplified text: {hans}");
    }
}
