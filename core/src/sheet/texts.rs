//! The words that stand on papers alone; the names of an order's fields are those of [`crate::words`].

use crate::texts;

texts! {
    /// The fixed texts of printed papers in one language.
    SheetTexts sheet_texts;
    service_sheet "服務單" "服务单" "Service sheet";
    pick_up_receipt "取機憑證" "取机凭证" "Pick-up receipt";
    gate_pass "大件物品出門條" "大件物品出门条" "Gate pass";
    office_copy "存根聯" "存根联" "Office copy";
    technician_copy "維修員聯" "维修员联" "Technician's copy";
    resident_copy "客戶留存聯" "客户留存联" "Resident's copy";
    order_number "工單號" "工单号" "Order no.";
    receipt_number "憑證號" "凭证号" "Receipt no.";
    pass_number "出門條號" "出门条号" "Pass no.";
    void_banner "本單已作廢" "本单已作废" "This order is void";
    unsigned_banner "尚未簽收：本單內容仍可能更改" "尚未签收：本单内容仍可能更改" "Not signed off yet: this sheet may still change";
    refused_banner "住戶拒絕簽字" "住户拒绝签字" "The resident refused to sign";
    absent_banner "簽收時無人簽字" "签收时无人签字" "Nobody signed for the resident";
    objection_banner "住戶簽字，並附異議" "住户签字，并附异议" "The resident signed with an objection";
    visit_and_household "住戶與上門" "住户与上门" "Household and visit";
    result "維修結果" "维修结果" "Result of the work";
    fee "費用" "费用" "Fee";
    solved_yes "✓ 故障已排除" "✓ 故障已排除" "✓ The fault is gone";
    solved_no "故障未排除" "故障未排除" "The fault is not gone";
    next_visit "下次上門" "下次上门" "Next visit";
    next_visit_open "時間另約" "时间另约" "time to be agreed";
    earlier_visits "其他各次上門" "其他各次上门" "Other visits";
    times "到場與完工" "到场与完工" "On site";
    no_charge "本次不收費。" "本次不收费。" "There is no charge.";
    nothing_agreed "住戶未同意任何收費。" "住户未同意任何收费。" "The resident agreed to no charge.";
    agreed_line "住戶同意以上費用" "住户同意以上费用" "The resident agrees to this fee";
    refused_line "住戶不同意以上費用" "住户不同意以上费用" "The resident does not agree to this fee";
    open_line "住戶尚未答覆" "住户尚未答复" "The resident has not answered yet";
    valid_until "報價有效至" "报价有效至" "Quote valid until";
    still_due "尚欠" "尚欠" "Still due";
    paid_over "多收" "多收" "Paid in excess";
    parts_used "更換與使用的配件" "更换与使用的配件" "Parts used";
    checks "檢查記錄" "检查记录" "Checks";
    photos "照片" "照片" "Photos";
    photo_not_here "照片未存於此" "照片未存于此" "picture not on this device";
    not_taken "無" "无" "none";
    after_service "服務之後" "服务之后" "After the service";
    follow_up "回訪" "回访" "Follow-up";
    warranty "保修" "保修" "Warranty";
    by_date "前" "前" "by";
    after_rain "下次大雨之後" "下次大雨之后" "after the next heavy rain";
    signatures "簽字確認" "签字确认" "Signatures";
    not_signed "未簽" "未签" "Not signed";
    quote_signature "住戶對費用的簽字" "住户对费用的签字" "Resident's signature to the fee";
    take_away_signature "住戶對帶走物品的簽字" "住户对带走物品的签字" "Resident's signature to the taking away";
    unsolved_signature "住戶對未解決的簽字" "住户对未解决的签字" "Resident's signature to the open result";
    seal "封存碼" "封存码" "Seal";
    shown_in "簽字時所示語言" "签字时所示语言" "shown in";
    service_line "服務電話" "服务电话" "Service line";
    complaint_line "投訴電話" "投诉电话" "Complaint line";
    keep_copy "請保留本聯。費用以您簽字同意的金額為準；對服務如有意見，請致電投訴電話。" "请保留本联。费用以您签字同意的金额为准；对服务如有意见，请致电投诉电话。" "Please keep this copy. You owe only what you agreed to and signed. If you are not content with the service, call the complaint line.";
    keep_plain "請保留本聯。費用以您簽字同意的金額為準。" "请保留本联。费用以您签字同意的金额为准。" "Please keep this copy. You owe only what you agreed to and signed.";
    times_in "本單時間均為當地時間" "本单时间均为当地时间" "Times are local";
    scan_code "掃碼可核對封存內容" "扫码可核对封存内容" "Scan to check what was sealed";
    printed_at "製表時間" "制表时间" "Made at";
    document_id "單據編碼" "单据编码" "Document";
    stars_of "分，滿分 5 分" "分，满分 5 分" "of 5";
    office_record "內部記錄" "内部记录" "Office record";
    flagged "系統提醒" "系统提醒" "Flagged";
    taken_things "物品清單" "物品清单" "Things";
    serial "序號" "序号" "Serial no.";
    item_no "項" "项" "No.";
    checked_out "核對" "核对" "Checked";
    taken_by "取走人" "取走人" "Taken by";
    taken_at "取走時間" "取走时间" "Taken at";
    taken_for "取走原因" "取走原因" "Reason";
    pick_up_note "領回物品時，請出示本憑證，並逐件核對。物品在維修期間由本公司保管。" "领回物品时，请出示本凭证，并逐件核对。物品在维修期间由本公司保管。" "Please show this receipt when the things are returned, and check them one by one. Until then they are in the firm's care.";
    pass_note "保安請逐件核對後放行；物品須由指定出入口離開。單手可攜帶的物品無須出門條。" "保安请逐件核对后放行；物品须由指定出入口离开。单手可携带的物品无须出门条。" "Security: check each thing, then let it pass, by the appointed exit only. What one hand carries needs no pass.";
    issuer_box "簽發人簽字或蓋章" "签发人签字或盖章" "Issued by (signature or stamp)";
    exit_box "出入口" "出入口" "Exit";
    guard_box "保安簽字" "保安签字" "Security (signature)";
    left_at_box "放行時間" "放行时间" "Released at";
    returned_box "領回日期" "领回日期" "Returned on";
    returned_to_box "領回人簽字" "领回人签字" "Received back by (signature)";
    print_button "列印" "打印" "Print";
    page_word "頁" "页" "Page";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_paper_speaks_three_languages() {
        for (name, three) in ALL {
            crate::words::check::three(name, *three).unwrap();
        }
    }
}
