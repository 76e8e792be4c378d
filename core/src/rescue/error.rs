//! Why a bundle cannot be made or read: each cause by its name, in words an operator can act on.

use super::key::KeyId;
use crate::domain::lang::Lang;

/// Why a bundle cannot be read. Nothing of it was taken then.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BundleError {
    /// It does not begin like a bundle.
    #[error("this file is not a rescue bundle")]
    NotABundle,
    /// A newer version of the app made it.
    #[error("the bundle has layout {found}, this version reads up to {known}", known = super::VERSION)]
    Newer {
        /// The layout's version.
        found: u8,
    },
    /// It is sealed for another key than any this server holds.
    #[error(
        "the bundle is sealed for the key {0}, which is not here: it is another firm's, or the key file was lost"
    )]
    OtherKey(KeyId),
    /// The file ends before the bundle does.
    #[error("the bundle is cut short: copy it again, whole")]
    Cut,
    /// A byte of it is not what was sealed.
    #[error("the bundle was changed on its way: copy it again")]
    Changed,
    /// It was sealed like that, and makes no sense.
    #[error("what is in the bundle cannot be read: {0}")]
    Malformed(String),
    /// There is no room to write it.
    #[error("the storage is full")]
    Full,
    /// The file cannot be read or written.
    #[error("the file cannot be used: {0}")]
    Io(String),
}

/// The result of reading and writing a bundle.
pub type Result<T, E = BundleError> = std::result::Result<T, E>;

impl BundleError {
    /// What is wrong and what helps, for whoever holds the file.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let [hant, hans] = match self {
            Self::NotABundle => ["這個檔案不是救援包。", "这个文件不是救援包。"].map(str::to_owned),
            Self::Newer { found } => [
                format!("救援包是較新的版本（{found}）：請先更新伺服器。"),
                format!("救援包是较新的版本（{found}）：请先更新服务器。"),
            ],
            Self::OtherKey(id) => [
                format!("救援包是用另一把鑰匙（{id}）封的：可能屬於別的公司，或鑰匙檔已遺失，請從備份取回。"),
                format!(
                    "救援包是用另一把钥匙（{id}）封的：可能属于别的公司，或钥匙文件已丢失，请从备份取回。"
                ),
            ],
            Self::Cut => {
                ["救援包不完整：請重新完整複製。", "救援包不完整：请重新完整复制。"].map(str::to_owned)
            }
            Self::Changed => {
                ["救援包在途中被改動：請重新複製。", "救援包在途中被改动：请重新复制。"].map(str::to_owned)
            }
            Self::Malformed(why) => {
                [format!("救援包的內容讀不懂：{why}"), format!("救援包的内容读不懂：{why}")]
            }
            Self::Full => ["空間不足。", "空间不足。"].map(str::to_owned),
            Self::Io(why) => [format!("檔案無法讀寫：{why}"), format!("文件无法读写：{why}")],
        };
        lang.pick([hant, hans, self.to_string()])
    }

    /// The cause a reader below hid in an error of input.
    pub(super) fn from_io(error: &std::io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        inner.cloned().unwrap_or_else(|| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Malformed("it ends too early".to_owned()),
            std::io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Io(error.to_string()),
        })
    }
}

impl From<BundleError> for std::io::Error {
    fn from(error: BundleError) -> Self {
        Self::other(error)
    }
}
