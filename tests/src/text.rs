//! What residents say and technicians write, in Chinese, of the lengths they really have.

use doorstep_core::domain::order::intake::{Channel, Intake, Triage};
use doorstep_core::domain::time::{Stamp, Window};

use crate::dice::Dice;

const WHERE: [&str; 16] = [
    "廚房水槽下方",
    "主臥衛生間",
    "客廳西側插座",
    "入戶門鎖",
    "浴室天花板淋浴區上方",
    "陽台升降晾衣架",
    "書房燈具",
    "次臥空調插座",
    "洗衣機龍頭",
    "餐廳吊燈開關",
    "走廊地漏",
    "熱水器進水管",
    "廚房煙道口",
    "玄關可視對講",
    "飄窗推拉窗",
    "儲物間配電箱",
];
const WHAT: [&str; 16] = [
    "角閥處滴水，關閉後仍每分鐘約滴十二滴",
    "沖水後水箱一直進水，整夜有水聲",
    "插電飯煲即跳閘，其他房間正常",
    "鑰匙插入後轉不動，門可以從內打開",
    "水漬擴大，下雨後更明顯",
    "一側繩脫落，晾桿傾斜，搖把空轉",
    "四支燈管全滅，開關正常",
    "有焦味，插頭發燙，已拔下",
    "手柄鬆脫，關不緊",
    "按下沒有反應，偶爾自己亮",
    "排水慢，返味，洗澡時積水到腳踝",
    "接口生鏽滲水，用毛巾包著",
    "抽風時有異響，風力變小",
    "有聲音，螢幕全黑，按鍵燈亮",
    "滑輪卡住，推不動，下雨進水",
    "總閘合不上，一推就跳",
];
const SINCE: [&str; 12] = [
    "昨晚開始",
    "今早發現",
    "上月更換後又出現",
    "斷斷續續有半個月",
    "颱風之後",
    "裝修完工後第三天",
    "搬家入住時就有",
    "孩子碰過之後",
    "停水恢復供水後",
    "上週物業檢查時發現",
    "鄰居先發現的",
    "冬天開暖氣後",
];
const ALSO: [&str; 16] = [
    "家中有老人，希望今天之內處理",
    "住戶先用臉盆接著，櫃底木板已經發脹",
    "懷疑樓上防水層破損，需同時約樓上住戶做關水試驗",
    "已請住戶先勿使用並留意有無焦味",
    "住戶想先看報價再決定",
    "此項為有償服務，材料與人工按價目表收取",
    "已告知材料一年、人工九十天，複修時請出示單據",
    "家中有小孩午睡，十二點半到兩點半之間請勿按門鈴",
    "地下車庫可停車，訪客在南門登記",
    "電梯需要刷卡，請在大堂對講按房號",
    "養一隻柴犬，進門前請等住戶把狗關進陽台",
    "住戶下班後才在家，七點以後聯絡",
    "輪椅使用者，無法自行處理，請準備鞋套與墊布",
    "房東在外地，費用由租客先付並開收據",
    "對講壞了，到門口打電話",
    "上次師傅說要訂配件，型號寫在櫃門內側",
];
const FAMILY: &str =
    "陳黃李林趙吳周徐孫馬朱胡郭何高羅鄭梁謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁於余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾";
const GIVEN: &str =
    "美玲國輝婉儀曉東靜德昌志強建華淑貞佩珊嘉慧文迪永健詠欣家明秀雯子軒思穎俊傑雅婷偉倫麗珍惠芬宏達玉蘭";

fn character(dice: &mut Dice, from: &str) -> char {
    let all: Vec<char> = from.chars().collect();
    all[dice.below(all.len())]
}

fn sentence(dice: &mut Dice) -> String {
    let mut pick = |list: &[&'static str]| list[dice.below(list.len())];
    let (place, what, since) = (pick(&WHERE), pick(&WHAT), pick(&SINCE));
    format!("{place}{what}，{since}")
}

fn remarks(dice: &mut Dice, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..count {
        text.push_str(ALSO[dice.below(ALSO.len())]);
        text.push_str(&format!("（{:04}）；", dice.below(10_000)));
    }
    text
}

/// A registration whose folded state takes about 1.5 KB. The same number gives the same registration.
pub fn intake(number: usize) -> Intake {
    let dice = &mut Dice(number as u64);
    let resident: String = [FAMILY, GIVEN, GIVEN].iter().map(|from| character(dice, from)).collect();
    Intake {
        unit: format!("{}-{:02}{:02}", dice.below(9) + 1, dice.below(30) + 1, dice.below(8) + 1),
        phone: format!("138{:08}", dice.below(99_999_999)),
        company: String::new(),
        reporter: resident.clone(),
        resident,
        fault: sentence(dice),
        symptom: format!("{}；{}", sentence(dice), sentence(dice)),
        work_type: "plumbing".to_owned(),
        wished: Some(window()),
        channel: Channel::Phone,
        triage: Triage::NeedsVisit,
        tags: Vec::new(),
        access: remarks(dice, 6),
        remark: remarks(dice, 7),
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
