//! Why a file is not taken as a photo, said in the words of the person who holds the phone.

use crate::domain::lang::Lang;

/// Why a file is not taken as a photo. Nothing was stored.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PhotoError {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file cannot be read: it is not there, or the app may not.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// Not a picture of any kind known.
    #[error("the file is not a picture")]
    NotAPicture,
    /// A kind of picture that is not taken, by its name.
    #[error("pictures of the kind {0} are not taken: use JPEG or PNG")]
    Kind(&'static str),
    /// The end of the file is missing.
    #[error("the picture ends before it is whole")]
    CutShort,
    /// The bytes are not what such a file may hold.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
    /// More pixels than may be read, or more than a picture stored in this way may have.
    #[error("the picture is too large: {width} x {height} pixels")]
    TooManyPixels {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// More bytes than may be read, or a picture that unpacks without end.
    #[error("the file is too large or unpacks to too much")]
    TooManyBytes,
    /// The policy asks for a watermark and there is no font to draw it with.
    #[error("the watermark has no usable font: {0}")]
    Font(String),
    /// The picture could not be written as JPEG.
    #[error("the picture could not be encoded: {0}")]
    Encode(String),
}

impl PhotoError {
    /// What to tell the technician.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let text = match self {
            Self::Empty => [
                "照片檔案是空的，請重拍。",
                "照片文件是空的，请重拍。",
                "The photo file is empty. Take it again.",
            ],
            Self::Unreadable(_) => [
                "讀不到照片檔案，請重拍。",
                "读不到照片文件，请重拍。",
                "The photo file cannot be read. Take it again.",
            ],
            Self::NotAPicture => ["這個檔案不是照片。", "这个文件不是照片。", "This file is not a photo."],
            Self::Kind(kind) => {
                return lang.pick([
                    format!("不支援 {kind} 格式，請用 JPEG 或 PNG。"),
                    format!("不支持 {kind} 格式，请用 JPEG 或 PNG。"),
                    format!("{kind} is not supported. Use JPEG or PNG."),
                ]);
            }
            Self::CutShort => [
                "照片檔案不完整，請重拍。",
                "照片文件不完整，请重拍。",
                "The photo file is incomplete. Take it again.",
            ],
            Self::Damaged(_) => [
                "照片檔案已損壞，請重拍。",
                "照片文件已损坏，请重拍。",
                "The photo file is damaged. Take it again.",
            ],
            Self::TooManyPixels { width, height } => {
                return lang.pick([
                    format!("照片太大（{width} × {height} 像素），請調低相機解析度後重拍。"),
                    format!("照片太大（{width} × {height} 像素），请调低相机分辨率后重拍。"),
                    format!(
                        "The photo is too large ({width} × {height} pixels). Take it again at a lower resolution."
                    ),
                ]);
            }
            Self::TooManyBytes => [
                "照片檔案太大，請調低相機解析度後重拍。",
                "照片文件太大，请调低相机分辨率后重拍。",
                "The photo file is too large. Take it again at a lower resolution.",
            ],
            Self::Font(_) => [
                "無法在照片上加註單號：字型檔缺少或不能用，請更新應用程式。",
                "无法在照片上加注单号：字体文件缺少或不能用，请更新应用。",
                "The order number cannot be drawn on the photo: the font is missing or unusable. Update the app.",
            ],
            Self::Encode(_) => [
                "照片無法儲存，請重拍。",
                "照片无法保存，请重拍。",
                "The photo could not be made. Take it again.",
            ],
        };
        lang.pick(text).to_owned()
    }
}

impl From<std::io::Error> for PhotoError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::CutShort,
            std::io::ErrorKind::FileTooLarge => Self::TooManyBytes,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
