//! The three languages a resident, technician or office reads, and texts that exist in all of them.

use serde::{Deserialize, Serialize};

/// A language people read Doorstep in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Traditional Chinese 繁體中文.
    #[default]
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// Simplified Chinese 简体中文.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// All three, in the order pages offer them.
    pub const ALL: [Self; 3] = [Self::ZhHant, Self::ZhHans, Self::En];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhHant => "zh-Hant",
            Self::ZhHans => "zh-Hans",
            Self::En => "en",
        }
    }

    /// The one of three forms, given as Traditional, Simplified, English, that is in this language.
    #[must_use]
    pub fn pick<T>(self, [zh_hant, zh_hans, en]: [T; 3]) -> T {
        match self {
            Self::ZhHant => zh_hant,
            Self::ZhHans => zh_hans,
            Self::En => en,
        }
    }

    /// The language a tag asks for: regions of mainland script read Simplified, other Chinese Traditional, the rest English.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        if tag.starts_with("zh-hans") || tag.starts_with("zh-cn") || tag.starts_with("zh-sg") {
            Self::ZhHans
        } else if tag.starts_with("zh") {
            Self::ZhHant
        } else {
            Self::En
        }
    }
}

/// A text in all three languages.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Traditional Chinese.
    pub zh_hant: String,
    /// Simplified Chinese.
    pub zh_hans: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its three forms.
    #[must_use]
    pub fn new(zh_hant: &str, zh_hans: &str, en: &str) -> Self {
        Self { zh_hant: zh_hant.to_owned(), zh_hans: zh_hans.to_owned(), en: en.to_owned() }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick([&self.zh_hant, &self.zh_hans, &self.en])
    }
}
