//! The words an office writes in its lists (roles, kinds, channels …) in three languages, and what they mean.

use doorstep_core::domain::lang::{Lang, Text};
use doorstep_core::domain::order::intake::{Channel, Triage};
use doorstep_core::domain::person::Role;

use super::prices::PriceKind;
use super::text::fold;
use super::units::ResidentKind;

/// One meaning: its words in the three languages, the one shown first, and others that are understood.
pub(super) struct Word<T: 'static> {
    pub(super) value: T,
    shown: [&'static str; 3],
    also: &'static [&'static str],
}

const fn word<T>(value: T, shown: [&'static str; 3], also: &'static [&'static str]) -> Word<T> {
    Word { value, shown, also }
}

/// What a cell means, if it is one of the words.
pub(super) fn find<T: Copy>(words: &'static [Word<T>], cell: &str) -> Option<T> {
    let cell = fold(cell);
    words
        .iter()
        .find(|word| word.shown.iter().chain(word.also).any(|known| fold(known) == cell))
        .map(|w| w.value)
}

/// The words a fault offers.
pub(super) fn allowed<T>(words: &'static [Word<T>]) -> Text {
    let mut texts = [String::new(), String::new(), String::new()];
    for (lang, text) in texts.iter_mut().enumerate() {
        let separator = if lang == 2 { ", " } else { "、" };
        let shown: Vec<&str> = words.iter().filter_map(|word| word.shown.get(lang).copied()).collect();
        *text = shown.join(separator);
    }
    let [zh_hant, zh_hans, en] = texts;
    Text { zh_hant, zh_hans, en }
}

pub(super) static RESIDENT_KINDS: &[Word<ResidentKind>] = &[
    word(ResidentKind::Owner, ["業主", "业主", "owner"], &["房主", "戶主", "户主"]),
    word(ResidentKind::Tenant, ["租戶", "租户", "tenant"], &["租客", "租住", "住戶", "住户"]),
];

pub(super) static PRICE_KINDS: &[Word<PriceKind>] = &[
    word(PriceKind::Labour, ["人工", "人工", "labour"], &["人工費", "人工费", "工費", "工费", "labor"]),
    word(
        PriceKind::Material,
        ["材料", "材料", "material"],
        &["材料費", "材料费", "配件", "materials", "part"],
    ),
];

pub(super) static ROLES: &[Word<Role>] = &[
    word(
        Role::FrontDesk,
        ["客服", "客服", "front desk"],
        &["前台", "客服前台", "櫃台", "客服員", "客服员", "front_desk"],
    ),
    word(
        Role::Technician,
        ["維修員", "维修员", "technician"],
        &["維修", "维修", "上門人員", "上门人员", "維修工", "维修工", "技術員", "技术员"],
    ),
    word(Role::Supervisor, ["主管", "主管", "supervisor"], &["分管負責人", "分管负责人", "工程主管"]),
    word(Role::Director, ["主任", "主任", "director"], &["物業主任", "物业主任", "經理", "经理", "manager"]),
];

pub(super) static LANGUAGES: &[Word<Lang>] = &[
    word(
        Lang::ZhHant,
        ["繁體中文", "繁体中文", "Traditional Chinese"],
        &["繁體", "繁体", "zh-Hant", "zh-HK", "zh-TW"],
    ),
    word(Lang::ZhHans, ["簡體中文", "简体中文", "Simplified Chinese"], &["簡體", "简体", "zh-Hans", "zh-CN"]),
    word(Lang::En, ["英文", "英文", "English"], &["英語", "英语", "en"]),
];

/// Kinds of work, by the names policy packs use.
pub(super) static WORK_TYPES: &[Word<&str>] = &[
    word("plumbing", ["水", "水", "plumbing"], &["水工", "水暖", "給排水", "给排水", "管道"]),
    word(
        "electrical",
        ["電", "电", "electrical"],
        &["電工", "电工", "電路", "电路", "電氣", "电气", "強電", "强电"],
    ),
    word("appliance", ["家電", "家电", "appliance"], &["電器", "电器", "家用電器", "家用电器"]),
    word(
        "door_window",
        ["門窗", "门窗", "door or window"],
        &["門鎖", "门锁", "門", "门", "窗", "door_window", "door", "window"],
    ),
    word(
        "device",
        ["弱電", "弱电", "device"],
        &["設備", "设备", "對講", "对讲", "門禁", "门禁", "網絡", "网络"],
    ),
    word("leak", ["滲漏", "渗漏", "leak"], &["防水", "補漏", "补漏", "滲水", "渗水"]),
    word("other", ["其他", "其他", "other"], &["其它", "雜項", "杂项"]),
];

pub(super) static CHANNELS: &[Word<Channel>] = &[
    word(
        Channel::Counter,
        ["現場", "现场", "counter"],
        &["前台", "櫃台", "柜台", "現場預約", "现场预约", "來訪", "来访", "walk-in"],
    ),
    word(
        Channel::Phone,
        ["電話", "电话", "phone"],
        &["來電", "来电", "電話預約", "电话预约", "telephone", "call"],
    ),
    word(Channel::Visit, ["上門", "上门", "visit"], &["走訪", "走访", "巡查"]),
    word(Channel::Other, ["其他", "其他", "other"], &["其它"]),
];

pub(super) static TRIAGES: &[Word<Triage>] = &[
    word(
        Triage::NeedsVisit,
        ["需上門", "需上门", "needs visit"],
        &["需要上門", "需要上门", "上門", "上门", "needs_visit"],
    ),
    word(
        Triage::TriedByPhone,
        ["電話指導無效", "电话指导无效", "tried by phone"],
        &["電話無法解決", "电话无法解决", "tried_by_phone"],
    ),
    word(Triage::Hazard, ["安全隱患", "安全隐患", "hazard"], &["緊急", "紧急", "urgent"]),
];

/// Eligibility tags (R16), by the names policy packs use.
pub(super) static TAGS: &[Word<&str>] = &[
    word("elderly", ["老人", "老人", "elderly"], &["長者", "长者", "高齡", "高龄"]),
    word("ill", ["病人", "病人", "ill"], &["患病", "行動不便", "行动不便"]),
    word("disabled", ["殘疾", "残疾", "disabled"], &["殘障", "残障", "傷殘", "伤残"]),
    word("key_project", ["重點項目", "重点项目", "key project"], &["重點", "重点", "key_project"]),
];
