//! The names of all enumerations people read, in one place.

use crate::domain::calendar::Region;
use crate::domain::concern::ConcernKind;
use crate::domain::lang::Lang;
use crate::domain::order::NoteKind;
use crate::domain::order::closing::{CopyBy, CustodyKind, Liability, OrderPart, PaymentMethod};
use crate::domain::order::intake::{Channel, SharedField, Triage};
use crate::domain::order::signing::{Capacity, Outcome};
use crate::domain::order::status::Status;
use crate::domain::order::visit::{ContactBy, Coverage, ItemValue, PhotoMoment, Side};
use crate::domain::person::Role;
use crate::domain::policy::Phase;
use crate::journal::wire::ParkReason;

use super::{after_colon, in_brackets, pick};

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident $type:ident { $($variant:ident $hant:literal $hans:literal $en:literal;)* })*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(value: $type, lang: Lang) -> &'static str {
                pick(lang, match value { $($type::$variant => [$hant, $hans, $en],)* })
            }
        )*

        /// Every label with the name of its function, for the tests.
        #[cfg(test)]
        const ALL: &[(&str, super::Three)] =
            &[$($((concat!(stringify!($name), " ", stringify!($variant)), [$hant, $hans, $en]),)*)*];
    };
}

labels! {
    /// Where an order stands.
    status Status {
        Unknown "資料未齊" "资料未齐" "Incomplete";
        Registered "已登記" "已登记" "Registered";
        Refused "不受理" "不受理" "Refused";
        Accepted "已受理" "已受理" "Accepted";
        Assigned "已派工" "已派工" "Assigned";
        Booked "已預約" "已预约" "Booked";
        OnTheWay "前往中" "前往中" "On the way";
        OnSite "已到場" "已到场" "On site";
        Quoted "待住戶同意" "待住户同意" "Awaiting consent";
        QuoteRefused "住戶不同意報價" "住户不同意报价" "Quote refused";
        Working "施工中" "施工中" "Working";
        Paused "暫停" "暂停" "Paused";
        Finished "已完工，未簽收" "已完工，未签收" "Finished, unsigned";
        ToRebook "待改期" "待改期" "To rebook";
        Unsolved "未解決" "未解决" "Unsolved";
        SignedOff "待審核" "待审核" "To review";
        Returned "退回補正" "退回补正" "Returned";
        Approved "已審核" "已审核" "Approved";
        Void "作廢" "作废" "Void";
    }
    /// Why a fact was flagged, in plain words.
    concern ConcernKind {
        AfterVoid "工單作廢之後仍有記錄" "工单作废之后仍有记录" "Something was recorded after the order was voided";
        AfterApproval "審核通過之後仍有記錄" "审核通过之后仍有记录" "Something was recorded after the order was approved";
        NotAssigned "由已不負責本單的人員所做" "由已不负责本单的人员所做" "Done by somebody the order no longer belonged to";
        WorkWithoutConsent "住戶尚未同意收費即已開工" "住户尚未同意收费即已开工" "Work began before the resident agreed to the charge";
        WorkAgainstRefusal "住戶不同意報價，仍然開工" "住户不同意报价，仍然开工" "Work began although the resident refused the quote";
        UnknownReference "所指的項目在本單中不存在" "所指的项目在本单中不存在" "Refers to something this order does not have";
        Repeated "同一步驟重複記錄" "同一步骤重复记录" "The same step was recorded twice";
        DoubleBooking "上次上門未結束，又預約了時段" "上次上门未结束，又预约了时段" "A window was booked while a visit was still open";
        Overpaid "收款多於住戶同意的費用" "收款多于住户同意的费用" "More was paid than the resident agreed to";
        DocumentDiffers "簽字的內容與本單現有資料不一致" "签字的内容与本单现有资料不一致" "What was signed is not what this order says";
        SealBroken "封存驗證失敗：簽字或內容可能被改動" "封存验证失败：签字或内容可能被改动" "The seal does not verify: signature or content may have been changed";
        InkWrong "簽名筆跡缺失、過少，或不是封存時的筆跡" "签名笔迹缺失、过少，或不是封存时的笔迹" "The strokes of a signature are missing, too few, or not those sealed";
    }
    /// Whose fault it is.
    liability Liability {
        Firm "本公司責任，不收費" "本公司责任，不收费" "The firm's: no charge";
        Resident "住戶責任，收費" "住户责任，收费" "The resident's: charged";
        ThirdParty "第三方責任，收費" "第三方责任，收费" "A third party's: charged";
    }
    /// What the service document gives.
    coverage Coverage {
        Covered "在保修或協議範圍內" "在保修或协议范围内" "Covered by warranty or agreement";
        Expired "保修已過期" "保修已过期" "Warranty expired";
        None "無保修或協議" "无保修或协议" "No warranty or agreement";
    }
    /// How a fee was paid.
    payment_method PaymentMethod {
        Cash "現金" "现金" "Cash";
        Cheque "支票" "支票" "Cheque";
        Transfer "轉賬" "转账" "Transfer";
        Wechat "微信支付" "微信支付" "WeChat Pay";
        Alipay "支付寶" "支付宝" "Alipay";
        Octopus "八達通" "八达通" "Octopus";
        Account "掛賬" "挂账" "On account";
    }
    /// A part of an order that can be sent back.
    order_part OrderPart {
        Registration "登記" "登记" "Registration";
        Appointment "聯繫與預約" "联系与预约" "Contact and appointment";
        Entitlement "保修與責任" "保修与责任" "Entitlement and liability";
        BeforeChecklist "維修前檢查" "维修前检查" "Checklist before work";
        Quote "報價與同意" "报价与同意" "Quote and consent";
        Parts "配件與保管" "配件与保管" "Parts and custody";
        AfterChecklist "維修後檢查" "维修后检查" "Checklist after work";
        Payment "收款與憑證" "收款与凭证" "Payment and receipt";
        SignOff "簽收" "签收" "Sign-off";
    }
    /// What is held in custody.
    custody_kind CustodyKind {
        Device "住戶設備" "住户设备" "Resident's device";
        ReplacedPart "換下的配件" "换下的配件" "Replaced part";
        Money "款項" "款项" "Money";
        Form "單據" "单据" "Form";
        Key "鑰匙" "钥匙" "Key";
    }
    /// How the resident's copy was handed over.
    copy_by CopyBy {
        Qr "掃碼領取" "扫码领取" "by a scanned code";
        Print "紙質" "纸质" "on paper";
        File "電子文件" "电子文件" "as a file";
        Message "消息" "消息" "by message";
    }
    /// How the request came.
    channel Channel {
        Counter "現場" "现场" "At the counter";
        Phone "電話" "电话" "By phone";
        Visit "上門時提出" "上门时提出" "On a visit";
        Other "其他" "其他" "Another way";
    }
    /// What the phone triage gave.
    triage Triage {
        NeedsVisit "需上門" "需上门" "Needs a visit";
        TriedByPhone "電話指導無效" "电话指导无效" "Phone advice did not help";
        Hazard "安全隱患，立即處理" "安全隐患，立即处理" "Safety hazard: at once";
    }
    /// A field both sides may correct.
    shared_field SharedField {
        Phone "電話" "电话" "Phone";
        Access "出入須知" "出入须知" "Access notes";
        Fault "報修內容" "报修内容" "Repair needed";
    }
    /// How the resident was tried.
    contact_by ContactBy {
        Call "電話" "电话" "Phone call";
        Message "消息" "消息" "Message";
        Door "上門敲門" "上门敲门" "At the door";
    }
    /// A side of the appointment.
    side Side {
        Firm "本公司" "本公司" "the firm";
        Resident "住戶" "住户" "the resident";
    }
    /// Which half of a pair a photo is.
    photo_moment PhotoMoment {
        Before "維修前" "维修前" "before";
        After "維修後" "维修后" "after";
    }
    /// When a checklist item is answered.
    phase Phase {
        Preparation "出發前準備" "出发前准备" "Preparation";
        Before "維修前檢查" "维修前检查" "Before the work";
        After "維修後檢查" "维修后检查" "After the work";
    }
    /// A kind of note.
    note_kind NoteKind {
        Note "備註" "备注" "Note";
        Assistance "請求支援" "请求支援" "Call for help";
    }
    /// Why an entry is kept but not counted.
    parked ParkReason {
        UnknownKind "由較新版本的手機程式記錄，伺服器須升級" "由较新版本的手机程序记录，服务器须升级" "recorded by a newer app; the server needs an update";
        Malformed "內容無法讀取" "内容无法读取" "it cannot be read";
        TooLarge "內容過大" "内容过大" "it is too large";
        NotYours "記錄人無權處理這張工單" "记录人无权处理这张工单" "the person had no right to this order";
        OutOfOrder "手機的記錄順序有缺漏" "手机的记录顺序有缺漏" "the phone's records before it are missing";
    }
    /// A role in the firm.
    role Role {
        FrontDesk "客服" "客服" "Front desk";
        Technician "維修員" "维修员" "Technician";
        Supervisor "主管" "主管" "Supervisor";
        Director "主任" "主任" "Director";
    }
    /// A region whose calendar counts.
    region Region {
        Mainland "中國內地" "中国内地" "mainland China";
        HongKong "香港" "香港" "Hong Kong";
        Macau "澳門" "澳门" "Macau";
        Taiwan "臺灣" "台湾" "Taiwan";
    }
}

/// A language's own name, in itself.
#[must_use]
pub fn language(lang: Lang) -> &'static str {
    pick(lang, ["繁體中文", "简体中文", "English"])
}

/// In what capacity somebody signed, with the relation or position given.
#[must_use]
pub fn capacity(capacity: &Capacity, lang: Lang) -> String {
    let (three, detail) = match capacity {
        Capacity::Resident => (["住戶", "住户", "Resident"], ""),
        Capacity::Relative(relation) => (["住戶親屬", "住户亲属", "Household member"], relation.as_str()),
        Capacity::Company(position) => (["公司代表", "公司代表", "For the company"], position.as_str()),
        Capacity::Technician => (["維修員", "维修员", "Technician"], ""),
        Capacity::Supervisor => (["主管", "主管", "Supervisor"], ""),
    };
    format!("{}{}", pick(lang, three), in_brackets(lang, detail))
}

/// A checklist answer. What somebody typed stands in quotation marks where it reads like an answer that was tapped.
#[must_use]
pub fn item_value(value: &ItemValue, lang: Lang) -> String {
    match value {
        ItemValue::Done => pick(lang, ["已完成", "已完成", "Done"]).to_owned(),
        ItemValue::Yes => pick(lang, ["是", "是", "Yes"]).to_owned(),
        ItemValue::No => pick(lang, ["否", "否", "No"]).to_owned(),
        ItemValue::NotApplicable(why) => {
            format!("{}{}", pick(lang, ["不適用", "不适用", "Not applicable"]), after_colon(lang, why))
        }
        ItemValue::Text(text) => {
            let tapped = [ItemValue::Done, ItemValue::Yes, ItemValue::No];
            let reads_alike =
                tapped.iter().any(|value| Lang::ALL.iter().any(|l| item_value(value, *l) == *text));
            match (reads_alike, lang) {
                (false, _) => text.clone(),
                (true, Lang::En) => format!("“{text}”"),
                (true, Lang::ZhHant | Lang::ZhHans) => format!("「{text}」"),
            }
        }
    }
}

const SIGNED: super::Three = ["已簽字", "已签字", "Signed"];

/// What the resident did when asked to sign.
#[must_use]
pub fn outcome(outcome: &Outcome, lang: Lang) -> &'static str {
    pick(
        lang,
        match outcome {
            Outcome::Signed(_) => SIGNED,
            Outcome::SignedWithObjection(..) => {
                ["已簽字，附異議", "已签字，附异议", "Signed with an objection"]
            }
            Outcome::Refused(_) => ["拒絕簽字", "拒绝签字", "Refused to sign"],
            Outcome::Absent(_) => ["無人簽字", "无人签字", "Nobody there to sign"],
        },
    )
}

/// The words for a plain signature.
#[must_use]
pub fn signed(lang: Lang) -> &'static str {
    pick(lang, SIGNED)
}

/// A kind of work, by the name policy packs use; a pack's own name stands for itself.
#[must_use]
pub fn work_type(code: &str, lang: Lang) -> &str {
    let three = match code {
        "plumbing" => ["水", "水", "Plumbing"],
        "electrical" => ["電", "电", "Electrical"],
        "appliance" => ["家電", "家电", "Appliance"],
        "door_window" => ["門窗", "门窗", "Door or window"],
        "device" => ["弱電設備", "弱电设备", "Device"],
        "leak" => ["滲漏", "渗漏", "Leak"],
        "other" => ["其他", "其他", "Other"],
        _ => return code,
    };
    pick(lang, three)
}

/// An eligibility tag (R16), by the name policy packs use.
#[must_use]
pub fn tag(code: &str, lang: Lang) -> &str {
    let three = match code {
        "elderly" => ["老人", "老人", "Elderly"],
        "ill" => ["病人", "病人", "Ill"],
        "disabled" => ["殘疾", "残疾", "Disabled"],
        "key_project" => ["重點項目", "重点项目", "Key project"],
        _ => return code,
    };
    pick(lang, three)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::check;

    #[test]
    fn every_label_speaks_three_languages() {
        for (name, three) in ALL {
            check::three(name, *three).unwrap();
        }
        for status in Status::ALL {
            assert!(ALL.iter().any(|(_, [hant, ..])| *hant == self::status(status, Lang::ZhHant)));
        }
    }

    #[test]
    fn labels_of_one_kind_differ_from_each_other() {
        for lang in Lang::ALL {
            let mut seen: Vec<&str> = Status::ALL.iter().map(|s| status(*s, lang)).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), Status::ALL.len());
        }
    }

    #[test]
    fn words_with_a_value_in_them_speak_three_languages() {
        let same = |what: &str, text: &dyn Fn(Lang) -> String| {
            let [hant, hans, en] = Lang::ALL.map(text);
            check::three(what, [&hant, &hans, &en]).unwrap();
        };
        for known in [Capacity::Resident, Capacity::Relative("x".into()), Capacity::Company("x".into())] {
            same("capacity", &|lang| capacity(&known, lang));
        }
        for known in [Capacity::Technician, Capacity::Supervisor] {
            same("capacity", &|lang| capacity(&known, lang));
        }
        let values = [ItemValue::Done, ItemValue::Yes, ItemValue::No, ItemValue::NotApplicable("x".into())];
        for value in values {
            same("item value", &|lang| item_value(&value, lang));
        }
        let typed = |text: &str, lang| item_value(&ItemValue::Text(text.into()), lang);
        assert_eq!(
            (typed("是", Lang::ZhHant), typed("0.6", Lang::En)),
            ("「是」".to_owned(), "0.6".to_owned())
        );
        assert_eq!(typed("Yes", Lang::En), "“Yes”");
        for code in ["plumbing", "electrical", "appliance", "door_window", "device", "leak", "other"] {
            same("work type", &|lang| work_type(code, lang).to_owned());
        }
        for code in ["elderly", "ill", "disabled", "key_project"] {
            same("tag", &|lang| tag(code, lang).to_owned());
        }
        assert_eq!(work_type("lifts", Lang::ZhHant), "lifts");
    }
}
