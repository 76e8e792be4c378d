//! What residents say and technicians write, in Chinese, of the lengths they really have.

use doorstep_core::domain::order::intake::{Channel, Intake, Triage};
use doorstep_core::domain::time::{Stamp, Window};

const FAULTS: [&str; 6] = [
    "廚房水槽下方角閥處滴水，關閉後仍每分鐘約滴十二滴，櫃底木板已經發脹，住戶先用臉盆接著",
    "主臥衛生間馬桶沖水後水箱一直進水，整夜有水聲，上月才更換過進水閥，住戶要求查明原因",
    "客廳插座插電飯煲即跳閘，其他房間正常，已請住戶先勿使用該插座並告知留意有無焦味",
    "入戶門鎖從外面鑰匙插入後轉不動，門可以從內打開，家中有老人，住戶希望今天之內處理",
    "浴室天花板淋浴區上方水漬擴大，下雨後更明顯，懷疑樓上九樓防水層破損，需同時約樓上住戶做關水試驗",
    "熱水器點火有聲但無火，顯示E1，已換過電池，住戶表示燃氣總閥是開的，灶具可以正常點火",
];
const NAMES: [&str; 6] = ["陳美玲", "黃國輝", "李婉儀", "林曉東", "趙靜", "吳德昌"];
const ACCESS: &str = "先打電話再上樓；家中有小孩午睡，十二點半到兩點半之間請勿按門鈴；地下車庫可停車，訪客在南門登記，\
                      電梯需要刷卡，請在大堂對講按房號，由住戶遠程開門；家裡養一隻柴犬，進門前請等住戶把狗關進陽台";
const REMARK: &str = "已在電話中說明：此項為有償服務，材料與人工按價目表收取，上門先檢查後報價，住戶同意並簽字後才開始動工；\
                      住戶詢問保修期，已告知材料一年、人工九十天，請保留本公司開出的單據，複修時出示即可";

/// A registration whose folded state takes about 1.5 KB.
pub fn intake(number: usize) -> Intake {
    let pick = |list: [&str; 6], step: usize| list[(number / step) % 6].to_owned();
    let resident = pick(NAMES, 1);
    Intake {
        unit: format!("{}-{:02}{:02}", number % 9 + 1, number / 9 % 30 + 1, number / 270 % 8 + 1),
        phone: format!("138{:08}", 10_000_000 + number * 37 % 89_999_999),
        company: String::new(),
        reporter: resident.clone(),
        resident,
        fault: pick(FAULTS, 1),
        symptom: pick(FAULTS, 7),
        work_type: "plumbing".to_owned(),
        wished: Some(window()),
        channel: Channel::Phone,
        triage: Triage::NeedsVisit,
        tags: Vec::new(),
        access: ACCESS.to_owned(),
        remark: REMARK.to_owned(),
    }
}

/// A point in time, China time.
pub fn at(text: &str) -> Stamp {
    Stamp::parse(&format!("{text}:00+08:00")).expect("a minute")
}

/// The window scripts book: Wednesday 25 November 2026, 14:00 to 16:00.
pub fn window() -> Window {
    Window { start: at("2026-11-25T14:00"), end: at("2026-11-25T16:00") }
}
