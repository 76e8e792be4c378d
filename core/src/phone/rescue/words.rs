//! What a technician is told about a rescue bundle.

use super::RescueReport;
use crate::domain::lang::Lang;
use crate::phone::error::PhoneError;

impl RescueReport {
    /// What was made, and what to do with it.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Self { entries, photos, unreadable, .. } = self;
        let mut text = lang.pick([
            format!("救援包已做好，內有 {entries} 筆未上傳的記錄、{photos} 張照片。請交給公司；手機上的記錄仍然保留。"),
            format!("救援包已做好，内有 {entries} 笔未上传的记录、{photos} 张照片。请交给公司；手机上的记录仍然保留。"),
            format!(
                "The rescue bundle is made; entries not sent yet: {entries}, photos: {photos}. Hand it to the office. Everything stays on this phone."
            ),
        ]);
        if !unreadable.is_empty() {
            let files = unreadable.join(", ");
            text.push_str(&lang.pick([
                format!("有檔案讀不出來（{files}），請保留手機，不要清除資料。"),
                format!("有文件读不出来（{files}），请保留手机，不要清除数据。"),
                format!(" Nothing could be read of {files}: keep the phone and do not clear its data."),
            ]));
        }
        text
    }
}

/// Why no bundle was made, where the technician can do something about it.
#[must_use]
pub fn rescue_trouble(error: &PhoneError, lang: Lang) -> String {
    lang.pick(match error {
        PhoneError::NoRescueKey => [
            "這部手機還沒有公司的救援鑰匙，不能做救援包：請在有網路時同步一次。".to_owned(),
            "这部手机还没有公司的救援钥匙，不能做救援包：请在有网络时同步一次。".to_owned(),
            "This phone does not have the firm's rescue key yet: sync once with a network.".to_owned(),
        ],
        PhoneError::StorageFull => [
            "手機空間不足，救援包沒有做成：請先清出一些空間。".to_owned(),
            "手机空间不足，救援包没有做成：请先清出一些空间。".to_owned(),
            "The storage is full and no rescue bundle was made: free some room first.".to_owned(),
        ],
        other => [
            format!("救援包沒有做成：{other}"),
            format!("救援包没有做成：{other}"),
            format!("No rescue bundle was made: {other}"),
        ],
    })
}
