//! The names of the fields of an order, as pages and sheets print them. Written as fields, so that a missing one does not compile.

use super::texts;

texts! {
/// The names of an order's fields in one language.
Terms terms;
technician "維修員" "维修员" "Technician";
number "單號" "单号" "Number";
no_number "待編號" "待编号" "No number yet";
status "狀態" "状态" "Status";
fault "報修內容" "报修内容" "Repair needed";
window "約定時段" "约定时段" "Window";
resident "住戶" "住户" "Resident";
unit "房號" "房号" "Unit";
registration "登記" "登记" "Registration";
appointment "聯繫與預約" "联系与预约" "Contact and appointment";
entitlement "保修與責任" "保修与责任" "Entitlement and liability";
before_list "維修前檢查" "维修前检查" "Checklist before the work";
quote "報價與同意" "报价与同意" "Quote and consent";
parts "配件與保管" "配件与保管" "Parts and custody";
after_list "維修後檢查與結果" "维修后检查与结果" "Checklist after the work, result";
payment "收款與憑證" "收款与凭证" "Payment and receipt";
sign_off "簽收" "签收" "Sign-off";
stamp "印章" "印章" "Stamp";
deadlines "時限" "时限" "Deadlines";
notes "備註" "备注" "Notes";
nothing_yet "尚無資料。" "尚无资料。" "Nothing yet.";
phone "電話" "电话" "Phone";
company "公司" "公司" "Company";
reporter "報修人" "报修人" "Reported by";
symptom "故障現象" "故障现象" "Symptom";
work_type "類別" "类别" "Kind of work";
access "出入須知" "出入须知" "Access notes";
remark "備註" "备注" "Remark";
registered_at "登記時間" "登记时间" "Registered";
answered "答覆住戶" "答复住户" "Answer";
accepted "已受理" "已受理" "Accepted";
refused "不受理" "不受理" "Refused";
helpers "協助人員" "协助人员" "Helpers";
corrected_value "已更正" "已更正" "corrected";
visit_no "第幾次上門" "第几次上门" "Visit";
contact_log "聯繫記錄" "联系记录" "Contact attempts";
reached "已聯繫上" "已联系上" "Reached";
not_reached "聯繫不上" "联系不上" "Not reached";
arrived "到達" "到达" "Arrived";
notice "改期通知" "改期通知" "Notice";
no_show "住戶不在" "住户不在" "Resident not there";
started "開工" "开工" "Work began";
paused "暫停" "暂停" "Paused";
finished "完工" "完工" "Finished";
unsolved "未解決" "未解决" "Unsolved";
coverage "保修查驗" "保修查验" "Entitlement";
start_consent "同意開始服務" "同意开始服务" "Agreed to start";
yes "是" "是" "Yes";
no "否" "否" "No";
cause "故障原因" "故障原因" "Cause";
liability "責任" "责任" "Liability";
explained "向住戶說明" "向住户说明" "Explained";
liability_signed "住戶對收費的認可" "住户对收费的认可" "Resident's acknowledgement";
item "項目" "项目" "Item";
answer "結果" "结果" "Answer";
mismatch "不符" "不符" "Mismatch";
unanswered "未填" "未填" "Not answered";
photo_before "維修前照片" "维修前照片" "photo before";
photo_after "維修後照片" "维修后照片" "photo after";
mismatch_signed "住戶對不符之處的確認" "住户对不符之处的确认" "Resident's word on the mismatches";
quote_other "其他報價" "其他报价" "Another quote";
line "項目" "项目" "Item";
quantity "數量" "数量" "Quantity";
unit_price "單價" "单价" "Unit price";
amount "金額" "金额" "Amount";
discount "折扣" "折扣" "Discount";
total "合計" "合计" "Total";
unreadable_sum "無法計算" "无法计算" "unreadable";
charge_reason "收費原因" "收费原因" "Reason for the charge";
presented "出示報價" "出示报价" "Presented";
reported "向負責人匯報" "向负责人汇报" "Reported";
supervisor_word "主管意見" "主管意见" "Supervisor's word";
consent "住戶答覆" "住户答复" "Resident's answer";
agrees "同意" "同意" "Agrees";
disagrees "不同意" "不同意" "Disagrees";
open_quote "待住戶答覆" "待住户答复" "Waiting for the resident";
no_quote "沒有報價。" "没有报价。" "Nothing was quoted.";
no_ink "筆跡尚未收到" "笔迹尚未收到" "strokes not received";
digest "封存文件" "封存文件" "Sealed document";
technician_signature "維修員簽字" "维修员签字" "Technician's signature";
resident_signature "住戶簽字" "住户签字" "Resident's signature";
part "配件" "配件" "Part";
drawn_with "領料單" "领料单" "Slip";
replaced "換下舊件" "换下旧件" "Old part";
taken_away "帶走物品" "带走物品" "Taken away";
receipt "憑證號" "凭证号" "Receipt";
custody "保管" "保管" "Custody";
holder "保管人" "保管人" "Held by";
since "起" "起" "since";
offered_to "待接收" "待接收" "offered to";
custody_done "已結束" "已结束" "closed";
thing "物品" "物品" "Thing";
method "方式" "方式" "Method";
received_at "時間" "时间" "Time";
agreed_fee "同意的費用" "同意的费用" "Agreed";
paid "實收" "实收" "Paid";
difference "差額" "差额" "Difference";
no_payment "沒有收款。" "没有收款。" "No payment was taken.";
no_receipt "無憑證號" "无凭证号" "no receipt";
rating "評價" "评价" "Rating";
opinion "住戶意見" "住户意见" "Resident's opinion";
copy "客戶留存聯" "客户留存联" "Resident's copy";
copy_missing "尚未交給住戶" "尚未交给住户" "not handed over yet";
method_used "處理方法" "处理方法" "Method";
advice "注意事項" "注意事项" "What to watch";
solved "故障已排除" "故障已排除" "Fault gone";
earlier_sign_off "先前的簽收" "先前的签收" "Earlier sign-off";
returned_heading "退回的項目" "退回的项目" "Items sent back";
waiting_fix "待補正" "待补正" "not put right yet";
fixed "已補正" "已补正" "Put right";
approved_by "審核通過" "审核通过" "Approved";
void_by "已作廢" "已作废" "Voided";
waived_rules "已豁免的規定" "已豁免的规定" "Rules waived";
server "系統" "系统" "System";}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;

    #[test]
    fn every_field_name_speaks_three_languages() {
        for (name, three) in ALL {
            crate::words::check::three(name, *three).unwrap();
        }
        assert_ne!(terms(Lang::ZhHant).unit, terms(Lang::ZhHans).unit);
    }
}
