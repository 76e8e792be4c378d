//! What an operator is told about a bundle: counts, and nothing of what is in it.

use doorstep_core::domain::lang::Lang;

use super::import::{Options, TakeError, Taken};

impl Taken {
    /// The counts, as they were or as they would be.
    #[must_use]
    pub fn text(&self, options: Options, lang: Lang) -> String {
        let Self { org, applied, conflicted, parked, duplicate, set_apart, photos } = self;
        let org = org.as_ref().map_or("", |org| org.as_str());
        let [hant, hans, en] = if options.dry_run {
            ["（試算，未寫入）", "（试算，未写入）", " (dry run, nothing written)"]
        } else {
            [""; 3]
        };
        lang.pick([
            format!(
                "{org}：已計入 {applied}，有衝突 {conflicted}，暫不計入 {parked}，先前已有 {duplicate}；其中 {set_apart} 筆另立編號；新照片 {photos} 張{hant}"
            ),
            format!(
                "{org}：已计入 {applied}，有冲突 {conflicted}，暂不计入 {parked}，先前已有 {duplicate}；其中 {set_apart} 笔另立编号；新照片 {photos} 张{hans}"
            ),
            format!(
                "{org}: {applied} applied, {conflicted} conflicted, {parked} parked, {duplicate} duplicate; {set_apart} of them numbered anew; {photos} new photos{en}"
            ),
        ])
    }
}

impl TakeError {
    /// What is wrong and what helps.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let [hant, hans] = match self {
            Self::Bundle(error) => return error.text(lang),
            Self::Unsigned => [
                "這個救援包沒有本公司手機的簽名。確知來源的，可加 --unsigned 收下。",
                "这个救援包没有本公司手机的签名。确知来源的，可加 --unsigned 收下。",
            ],
            Self::Forged => ["救援包的簽名不是那部手機的：不收。", "救援包的签名不是那部手机的：不收。"],
            Self::UnknownPerson => [
                "救援包所屬的人不在公司人員名單上：請先加入，再收一次。",
                "救援包所属的人不在公司人员名单上：请先加入，再收一次。",
            ],
            Self::Storage(_) | Self::Enrol(_) => {
                ["伺服器存取失敗，請再試一次。", "服务器存取失败，请再试一次。"]
            }
        };
        lang.pick([hant.to_owned(), hans.to_owned(), self.to_string()])
    }
}
