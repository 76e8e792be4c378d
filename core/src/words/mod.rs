//! The words people read for the things of a visit, in three languages: on the office's pages and on every printed sheet.
//!
//! Each text stands beside its two translations. A test folds both Chinese forms and compares them, so that neither can
//! drift, and looks for Traditional characters in the Simplified one.

pub mod check;
pub mod labels;
pub mod names;
pub mod terms;
pub mod when;

use crate::domain::lang::Lang;

/// A text in Traditional Chinese, Simplified Chinese and English.
pub type Three = [&'static str; 3];

/// The text in one language.
#[must_use]
pub fn pick(lang: Lang, three: Three) -> &'static str {
    lang.pick(three)
}

/// A sentence with values in it, in one language: `say!(lang, "共 {n} 張", "共 {n} 张", "{n} orders")`.
#[macro_export]
macro_rules! say {
    ($lang:expr, $hant:literal, $hans:literal, $en:literal) => {
        match $lang {
            $crate::domain::lang::Lang::ZhHant => format!($hant),
            $crate::domain::lang::Lang::ZhHans => format!($hans),
            $crate::domain::lang::Lang::En => format!($en),
        }
    };
}
pub use say;

/// Fixed texts as the fields of a struct, so that a missing one does not compile: `texts! { /// Doc. Terms terms; name "…" "…" "…"; }`
/// makes the struct `Terms`, the function `terms(lang)`, and `ALL` for the tests.
#[macro_export]
macro_rules! texts {
    ($(#[$doc:meta])* $type:ident $get:ident; $($name:ident $hant:literal $hans:literal $en:literal;)*) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $type {
            /// The language these texts are in.
            pub lang: $crate::domain::lang::Lang,
            $(#[doc = $en] pub $name: &'static str,)*
        }

        static HANT: $type = $type { lang: $crate::domain::lang::Lang::ZhHant, $($name: $hant,)* };
        static HANS: $type = $type { lang: $crate::domain::lang::Lang::ZhHans, $($name: $hans,)* };
        static EN: $type = $type { lang: $crate::domain::lang::Lang::En, $($name: $en,)* };

        $(#[$doc])*
        #[must_use]
        pub fn $get(lang: $crate::domain::lang::Lang) -> &'static $type {
            lang.pick([&HANT, &HANS, &EN])
        }

        #[cfg(test)]
        const ALL: &[(&str, $crate::words::Three)] = &[$((stringify!($name), [$hant, $hans, $en]),)*];
    };
}
pub use texts;

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
