//! The table of reasons: rule, what unblocks it, and the sentence in three languages that says both.

use serde::{Deserialize, Serialize};

use super::CommandKind as C;
use super::Lang;

macro_rules! reasons {
    ($($name:ident $rule:literal $needs:expr, $hant:literal, $hans:literal, $en:literal;)*) => {
        /// Why something may not be done. The doc of each variant is its English sentence.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $(#[doc = $en] $name,)*
        }

        impl Reason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The rule's number.
            #[must_use]
            pub fn rule(self) -> u16 {
                match self { $(Self::$name => $rule,)* }
            }

            /// The command that unblocks it.
            #[must_use]
            pub fn needs(self) -> Option<C> {
                match self { $(Self::$name => $needs,)* }
            }

            /// The sentence in one language.
            #[must_use]
            pub fn text(self, lang: Lang) -> &'static str {
                lang.pick(match self { $(Self::$name => [$hant, $hans, $en],)* })
            }
        }
    };
}

reasons! {
    // Anybody, any time.
    WrongRole 72 None, "您的職務不能做這一步，請交由有權限的同事處理。", "您的职务不能做这一步，请交由有权限的同事处理。", "Your role may not do this. Ask a colleague who may.";
    NotYourOrder 97 Some(C::Assign), "這張工單不是派給您的，請聯絡前台改派。", "这张工单不是派给您的，请联系前台改派。", "This order is not assigned to you. Ask the front desk to reassign it.";
    NotRegistered 2 Some(C::Register), "工單尚未登記，請先登記。", "工单尚未登记，请先登记。", "The order is not registered yet. Register it first.";
    AlreadyRegistered 5 None, "工單已經登記過。", "工单已经登记过。", "The order is registered already.";
    OrderVoid 155 None, "工單已作廢，不能再處理。", "工单已作废，不能再处理。", "The order is void; nothing more can be done to it.";
    OrderApproved 160 None, "工單已審核完畢，不能再改動。", "工单已审核完毕，不能再改动。", "The order is approved; it cannot be changed any more.";
    TextMissing 89 None, "有必填內容是空白的，請填寫。", "有必填内容是空白的，请填写。", "Something that must be filled in is blank.";
    TextTooLong 89 None, "文字太長，請縮短。", "文字太长，请缩短。", "The text is too long; shorten it.";
    UnknownItem 89 None, "沒有這一項，請重新整理後再試。", "没有这一项，请刷新后再试。", "There is no such item. Refresh and try again.";
    // Intake.
    FieldRequired 2 None, "登記欄位未填：請補上。", "登记栏位未填：请补上。", "A required field of the registration is missing. Fill it in.";
    RepairFieldRequired 4 None, "報修欄位未填：請補上。", "报修栏位未填：请补上。", "A required field of the repair request is missing. Fill it in.";
    AlreadyAnswered 14 None, "這項申請已經答覆過。", "这项申请已经答复过。", "The request has been answered already.";
    ReasonRequired 15 None, "不受理必須說明理由。", "不受理必须说明理由。", "A refusal needs its reason.";
    VisitNotApproved 17 Some(C::ApproveVisit), "上門須先徵得負責人同意。", "上门须先征得负责人同意。", "The person in charge must approve the visit first.";
    ApprovalNotAsked 17 None, "本公司的制度不要求上門前審批，或已經審批。", "本公司的制度不要求上门前审批，或已经审批。", "The policy asks for no approval of visits, or it was given.";
    NotAccepted 15 Some(C::Accept), "申請尚未受理，請先受理。", "申请尚未受理，请先受理。", "The request is not accepted yet. Accept it first.";
    RequestRefused 15 None, "申請已不受理。", "申请已不受理。", "The request was refused.";
    NobodyAssigned 3 Some(C::Assign), "尚未派工，請先指派維修員。", "尚未派工，请先指派维修员。", "Nobody is assigned. Assign a technician first.";
    // Appointment.
    ResidentNotReached 27 Some(C::RecordContact), "上門前須先與住戶電話聯繫：請聯繫並記下結果。", "上门前须先与住户电话联系：请联系并记下结果。", "Call the resident before going, and record that he was reached.";
    AttemptsMissing 30 Some(C::RecordContact), "聯繫不上時須在不同時段多次聯繫，次數不足。", "联系不上时须在不同时段多次联系，次数不足。", "Nobody was reached: keep trying in different periods of the day first.";
    VisitOpen 37 None, "還有一次上門未結束，請先結束。", "还有一次上门未结束，请先结束。", "A visit is still open. End it before booking another.";
    WindowBackwards 29 None, "時段的結束時間須晚於開始時間。", "时段的结束时间须晚于开始时间。", "The window must end after it starts.";
    WindowPast 29 None, "不能預約已經過去的時段。", "不能预约已经过去的时段。", "The window is in the past.";
    OutsideWorkingHours 31 None, "上門須安排在正常工作時間。", "上门须安排在正常工作时间。", "Visits fall in normal working time.";
    QuietHours 32 None, "請避開休息或用餐時間，另約時間。", "请避开休息或用餐时间，另约时间。", "Avoid rest and meal hours: agree another time.";
    NotBooked 27 Some(C::Book), "尚未預約上門時間，請先與住戶約定。", "尚未预约上门时间，请先与住户约定。", "No window is agreed. Book one with the resident first.";
    AlreadySetOut 34 None, "已經出發。", "已经出发。", "Already on the way.";
    AlreadyArrived 34 None, "已經到場，此步驟不再適用。", "已经到场，此步骤不再适用。", "Already on site; this no longer applies.";
    PreparationOpen 39 Some(C::AnswerItem), "出發前的準備項目未完成，請先完成。", "出发前的准备项目未完成，请先完成。", "The preparation checklist is not complete. Finish it before setting out.";
    NotSetOut 33 Some(C::SetOut), "尚未出發，請先點選出發。", "尚未出发，请先点选出发。", "Set out first.";
    NoShowTooEarly 36 None, "未到可記為失約的時間，請繼續等候。", "未到可记为失约的时间，请继续等候。", "It is too early to record a no-show. Wait until the time given.";
    NoShowNotTried 36 Some(C::RecordContact), "須先聯繫住戶且聯繫不上，才可記為失約。", "须先联系住户且联系不上，才可记为失约。", "Try to reach the resident first; a no-show needs a failed attempt.";
    NoShowReached 36 None, "已聯繫上住戶，不能記為失約，請改約時間。", "已联系上住户，不能记为失约，请改约时间。", "The resident was reached; this is no no-show. Agree another time.";
    TechnicianLate 36 Some(C::GiveNotice), "維修員自己遲到，不能記為住戶失約。", "维修员自己迟到，不能记为住户失约。", "You were late yourself; it cannot count as the resident's no-show.";
    // On site.
    NotArrived 33 Some(C::Arrive), "尚未到場，請先點選到達。", "尚未到场，请先点选到达。", "Not on site yet. Arrive first.";
    VisitOver 37 Some(C::Book), "這次上門已經結束，請預約下一次。", "这次上门已经结束，请预约下一次。", "This visit is over. Book the next one.";
    EntitlementUnchecked 58 Some(C::CheckEntitlement), "請先查驗保修憑證或服務協議。", "请先查验保修凭证或服务协议。", "Look at the warranty or service agreement first.";
    StartNotAgreed 60 Some(C::AnswerStart), "須經住戶同意方可開始服務。", "须经住户同意方可开始服务。", "Service starts only after the resident agrees.";
    StepOutOfOrder 64 Some(C::AnswerItem), "請按順序檢查，先完成前一步。", "请按顺序检查，先完成前一步。", "Check in the fixed order: finish the earlier step first.";
    StepNotConsented 65 Some(C::AnswerStep), "這一步須先徵得住戶同意。", "这一步须先征得住户同意。", "This step needs the resident's consent first.";
    BeforeChecklistOpen 61 Some(C::AnswerItem), "維修前檢查未完成，請先完成。", "维修前检查未完成，请先完成。", "The checklist before the work is not complete.";
    MismatchUnsigned 61 Some(C::AcknowledgeMismatch), "檢查發現不符之處，須請住戶簽字確認。", "检查发现不符之处，须请住户签字确认。", "A mismatch was found: the resident must sign it first.";
    NoMismatch 61 None, "沒有需要住戶確認的不符之處。", "没有需要住户确认的不符之处。", "There is no mismatch to acknowledge.";
    NotDiagnosed 63 Some(C::Diagnose), "請先記下故障原因與責任。", "请先记下故障原因与责任。", "Record the cause and whose it is first.";
    LiabilityUnsigned 69 Some(C::AcknowledgeLiability), "非本公司責任，須說明收費並請住戶簽字認可。", "非本公司责任，须说明收费并请住户签字认可。", "The fault is not ours: the resident must sign that it is charged.";
    NoLiabilityNote 69 None, "沒有需要住戶認可的責任說明。", "没有需要住户认可的责任说明。", "There is no liability note to acknowledge.";
    // Quote and consent.
    QuoteMissing 67 Some(C::PresentQuote), "不在保修或協議範圍，須先報價。", "不在保修或协议范围，须先报价。", "Not covered: quote a price first.";
    QuoteEmpty 66 None, "報價沒有項目。", "报价没有项目。", "The quote has no lines.";
    QuoteReasonMissing 66 None, "收費須向住戶說明原因。", "收费须向住户说明原因。", "A charge needs its reason explained.";
    QuoteUnreadable 67 None, "報價的金額或數量不正確。", "报价的金额或数量不正确。", "An amount or quantity of the quote is not right.";
    DiscountTooHigh 72 None, "折扣超出您的權限，請向主管匯報。", "折扣超出您的权限，请向主管汇报。", "The discount is beyond your authority. Report it to the supervisor.";
    QuoteExpired 67 Some(C::PresentQuote), "報價已過有效期，請重新報價。", "报价已过有效期，请重新报价。", "The quote no longer holds. Quote again.";
    NoOpenQuote 71 Some(C::PresentQuote), "沒有待答覆的報價。", "没有待答复的报价。", "No quote is waiting for an answer.";
    QuoteUnreported 66 Some(C::ReportQuote), "收費項目須向分管負責人匯報。", "收费项目须向分管负责人汇报。", "A paid item must be reported to the person in charge.";
    AlreadyReported 66 None, "這份報價已經匯報過。", "这份报价已经汇报过。", "This quote was reported already.";
    QuoteUnapproved 66 Some(C::ReviewQuote), "這份報價須等主管批准。", "这份报价须等主管批准。", "This quote waits for the supervisor's approval.";
    ConsentMissing 66 Some(C::AnswerQuote), "收費項目須經住戶明確同意，方可施工。", "收费项目须经住户明确同意，方可施工。", "A paid item needs the resident's explicit consent before the work.";
    ConsentRefused 66 Some(C::CloseUnsolved), "住戶不同意報價，不能施工：可重新報價或結束本次上門。", "住户不同意报价，不能施工：可重新报价或结束本次上门。", "The resident refused the quote. Quote again, or close the visit.";
    ConsentUnsigned 71 None, "同意須由住戶簽字；不簽字即不算同意。", "同意须由住户签字；不签字即不算同意。", "Consent needs a signature; without one it is no consent.";
    DocumentChanged 71 None, "簽字時的內容與現在不同，請重新出示並簽字。", "签字时的内容与现在不同，请重新出示并签字。", "What was signed is not what stands here now. Show it again and sign again.";
    WrongSigner 88 None, "簽字人的身份不符。", "签字人的身份不符。", "The wrong person signed.";
    // Work.
    AlreadyStarted 66 None, "已經開工。", "已经开工。", "Work has begun already.";
    NotStarted 66 Some(C::StartWork), "尚未開工。", "尚未开工。", "Work has not begun.";
    VisitPaused 38 Some(C::Resume), "上門已暫停，請先繼續。", "上门已暂停，请先继续。", "The visit is paused. Resume it first.";
    NotPaused 38 None, "上門沒有暫停。", "上门没有暂停。", "The visit is not paused.";
    OutcomeNotAllowed 37 None, "本公司的制度不允許這樣處理未完成的工作。", "本公司的制度不允许这样处理未完成的工作。", "The policy does not allow this for unfinished work.";
    TakeAwayUnsigned 74 None, "帶走物品須經住戶簽字同意。", "带走物品须经住户签字同意。", "Taking a thing away needs the resident's signature.";
    ReceiptMissing 74 None, "須留下取機憑證：請填寫編號。", "须留下取机凭证：请填写编号。", "A pick-up receipt must be left: give its number.";
    QuantityWrong 75 None, "數量須大於零。", "数量须大于零。", "The quantity must be more than zero.";
    AlreadyFinished 83 None, "已經完工。", "已经完工。", "Work is finished already.";
    NotFinished 83 Some(C::FinishWork), "尚未完工，請先完工。", "尚未完工，请先完工。", "Finish the work first.";
    ExplanationMissing 83 None, "須向住戶說明原因、解決方法與注意事項。", "须向住户说明原因、解决方法与注意事项。", "Explain cause, method and what to watch: all three.";
    NextVisitMissing 37 None, "未解決須約定下次時間，或說明原因。", "未解决须约定下次时间，或说明原因。", "Unsolved: agree the next visit, or say why not.";
    // Closing.
    AfterChecklistOpen 82 Some(C::AnswerItem), "維修後檢查未完成：須當著住戶面檢測。", "维修后检查未完成：须当着住户面检测。", "The checklist after the work is not complete; test in front of the resident.";
    PhotoMissing 84 Some(C::TakePhoto), "缺少照片，請補拍。", "缺少照片，请补拍。", "A photo is missing.";
    NothingToPay 86 None, "沒有應收的費用。", "没有应收的费用。", "There is nothing to pay.";
    Overpayment 86 None, "金額超過住戶同意的費用。", "金额超过住户同意的费用。", "More than the resident agreed to pay.";
    FeeUnpaid 86 Some(C::TakePayment), "費用尚未收取。", "费用尚未收取。", "The fee is not taken yet.";
    SignFirst 86 Some(C::SignOff), "按制度須先簽字後收費。", "按制度须先签字后收费。", "The policy has signing before paying.";
    VoucherMissing 90 None, "收費必須開具收費憑證：請填寫編號。", "收费必须开具收费凭证：请填写编号。", "A payment needs a voucher: give its number.";
    MethodNotAllowed 96 None, "本公司不接受這種付款方式。", "本公司不接受这种付款方式。", "The firm does not take this kind of payment.";
    NotSolved 82 Some(C::CloseUnsolved), "問題未解決，不能簽收：請結束本次上門並約定下次。", "问题未解决，不能签收：请结束本次上门并约定下次。", "The fault is not solved. Close the visit and agree the next.";
    AlreadySignedOff 88 None, "已經簽收。", "已经签收。", "Signed off already.";
    RatingMissing 88 None, "請住戶評價。", "请住户评价。", "Ask the resident for a rating.";
    RatingWrong 88 None, "評價為一至五分。", "评价为一至五分。", "A rating is from 1 to 5.";
    StampMissing 87 Some(C::TakePhoto), "住戶須蓋章：請拍下印章。", "住户须盖章：请拍下印章。", "The resident must stamp: photograph the stamp.";
    NotSignedOff 88 Some(C::SignOff), "尚未簽收。", "尚未签收。", "Not signed off yet.";
    ConflictOpen 89 Some(C::SettleItem), "有兩個不同的值未核定，請先核定。", "有两个不同的值未核定，请先核定。", "Two values differ. Pick one first.";
    // Custody and review.
    NotInYourCustody 97 None, "這件物品不在您保管中。", "这件物品不在您保管中。", "The thing is not in your custody.";
    NotOfferedToYou 97 Some(C::HandOver), "這件物品沒有移交給您。", "这件物品没有移交给您。", "The thing was not offered to you.";
    OwnWork 160 None, "不能審核自己做的工單，須由他人驗證。", "不能审核自己做的工单，须由他人验证。", "Nobody verifies his own work.";
    NotReviewable 157 Some(C::SignOff), "工單尚未完成，不能審核。", "工单尚未完成，不能审核。", "The order is not complete; it cannot be reviewed.";
    SignatureMissing 157 None, "缺少簽字，須有簽字或註明原因。", "缺少签字，须有签字或注明原因。", "A signature is missing, and no reason is given for it.";
    CopyMissing 91 Some(C::DeliverCopy), "客戶留存聯尚未交給住戶。", "客户留存联尚未交给住户。", "The resident does not have the copy yet.";
    CorrectionOpen 160 Some(C::CorrectReturned), "退回的項目尚未補正。", "退回的项目尚未补正。", "A returned item is not put right yet.";
    NothingReturned 160 None, "沒有退回的項目。", "没有退回的项目。", "Nothing was returned.";
    CannotWaive 72 None, "這條規定不能由您豁免。", "这条规定不能由您豁免。", "You may not waive this rule.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_speaks_three_languages_and_cites_a_known_rule() {
        for reason in Reason::ALL {
            for lang in Lang::ALL {
                assert!(!reason.text(lang).is_empty(), "{reason:?}");
            }
            let rule = crate::domain::policy::rules::rule(reason.rule());
            assert!(rule.is_some_and(|info| !info.source.is_empty()), "{reason:?}");
        }
    }
}
