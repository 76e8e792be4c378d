//! What is not as it was sealed, in words a resident understands.

use crate::domain::lang::Lang;

/// One thing that differs from what was sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Difference {
    /// The document is not the text that was sealed.
    Document,
    /// The document is not written in the one way sealed documents are.
    NotCanonical,
    /// A line's amount is not its price times its quantity.
    Line {
        /// Which line, from 1.
        number: u32,
        /// What the line is for.
        name: String,
    },
    /// The total is not the sum of the lines less the discount.
    Total,
    /// The strokes are not those that were sealed.
    Strokes {
        /// Whose signature.
        name: String,
    },
    /// The signer's name or capacity, or the time, is not what was sealed, or the seal itself was changed.
    Signer {
        /// The name the copy gives.
        name: String,
    },
    /// The reason given in place of a signature, or the time, is not what was sealed, or the seal itself was changed.
    Statement,
    /// The language is not the one that was sealed.
    Language,
    /// The firm named is not the one in the document or of the key.
    Org,
    /// The key's short name is not that of the key.
    KeyId,
    /// No firm is known to have this key.
    KeyUnknown,
}

impl Difference {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::NotCanonical => "not_canonical",
            Self::Line { .. } => "line",
            Self::Total => "total",
            Self::Strokes { .. } => "strokes",
            Self::Signer { .. } => "signer",
            Self::Statement => "statement",
            Self::Language => "language",
            Self::Org => "org",
            Self::KeyId => "key_id",
            Self::KeyUnknown => "key_unknown",
        }
    }

    /// In words. `verify/index.html` says the same; its test holds the two together.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let plain = |words: [&str; 3]| lang.pick(words).to_owned();
        match self {
            Self::Document => plain([
                "單據內容與封存時不同",
                "单据内容与封存时不同",
                "The document is not the text that was sealed",
            ]),
            Self::NotCanonical => plain([
                "單據的寫法不是封存時的格式",
                "单据的写法不是封存时的格式",
                "The document is not written the way sealed documents are",
            ]),
            Self::Line { number, name } => lang.pick([
                format!("第 {number} 項「{name}」的金額與單價、數量不符"),
                format!("第 {number} 项“{name}”的金额与单价、数量不符"),
                format!("Line {number} ({name}): the amount is not price times quantity"),
            ]),
            Self::Total => plain([
                "合計與各項金額不符",
                "合计与各项金额不符",
                "The total is not the sum of the lines less the discount",
            ]),
            Self::Strokes { name } => lang.pick([
                format!("「{name}」的簽名筆跡與封存時不同"),
                format!("“{name}”的签名笔迹与封存时不同"),
                format!("The strokes of {name}'s signature are not those that were sealed"),
            ]),
            Self::Signer { name } => lang.pick([
                format!("「{name}」：簽字人姓名、身份或時間與封存時不同"),
                format!("“{name}”：签字人姓名、身份或时间与封存时不同"),
                format!("{name}: the signer's name, capacity or time is not what was sealed"),
            ]),
            Self::Statement => plain([
                "未簽字或異議的原因、時間與封存時不同",
                "未签字或异议的原因、时间与封存时不同",
                "The reason given, or its time, is not what was sealed",
            ]),
            Self::Language => {
                plain(["語言與封存時不同", "语言与封存时不同", "The language is not the one that was sealed"])
            }
            Self::Org => plain([
                "公司與單據或密鑰不符",
                "公司与单据或密钥不符",
                "The firm is not the one in the document or of the key",
            ]),
            Self::KeyId => plain([
                "密鑰編號與密鑰不符",
                "密钥编号与密钥不符",
                "The key's short name is not that of the key",
            ]),
            Self::KeyUnknown => plain([
                "沒有公司登記過這個密鑰",
                "没有公司登记过这个密钥",
                "No firm is known to have this key",
            ]),
        }
    }
}
