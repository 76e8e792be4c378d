//! The fixed texts of the pages: headings, buttons, hints. Templates read them as `ui.name`, so a missing one does not compile.

use doorstep_core::domain::lang::Lang;

macro_rules! texts {
    ($($name:ident $hant:literal $hans:literal $en:literal;)*) => {
        /// The fixed texts in one language.
        #[derive(Debug)]
        pub struct Ui { $(#[doc = $en] pub $name: &'static str,)* }

        static HANT: Ui = Ui { $($name: $hant,)* };
        static HANS: Ui = Ui { $($name: $hans,)* };
        static EN: Ui = Ui { $($name: $en,)* };

        #[cfg(test)]
        const ALL: &[(&str, super::Three)] = &[$((stringify!($name), [$hant, $hans, $en]),)*];
    };
}

/// The fixed texts in one language.
#[must_use]
pub fn ui(lang: Lang) -> &'static Ui {
    match lang {
        Lang::ZhHant => &HANT,
        Lang::ZhHans => &HANS,
        Lang::En => &EN,
    }
}

texts! {
    // Frame.
    brand "上門" "上门" "Doorstep";
    office "工單審核" "工单审核" "Order review";
    skip "跳到內容" "跳到内容" "Skip to content";
    language "語言" "语言" "Language";
    sign_out "登出" "退出" "Sign out";
    // Sign-in.
    sign_in "登入" "登录" "Sign in";
    org "公司代碼" "公司代码" "Firm code";
    staff "員工編號" "员工编号" "Staff code";
    password "密碼" "密码" "Password";
    sign_in_wrong "公司代碼、員工編號或密碼不正確，請再試一次。" "公司代码、员工编号或密码不正确，请再试一次。" "The firm code, staff code or password is not right. Please try again.";
    sign_in_wait "嘗試次數太多，請稍後再試。" "尝试次数太多，请稍后再试。" "Too many attempts. Please wait a little and try again.";
    sign_in_role "此帳號不能使用審核頁面，請用手機程式。" "此账号不能使用审核页面，请用手机程序。" "This account works on the phone, not on these pages.";
    signed_out "已登出。" "已退出。" "You are signed out.";
    session_over "登入已過期，請重新登入。" "登录已过期，请重新登录。" "Your session is over. Please sign in again.";
    // List.
    orders "工單" "工单" "Orders";
    by_status "按狀態" "按状态" "By status";
    all "全部" "全部" "All";
    odd_everywhere "需要注意" "需要注意" "Needs attention";
    search "搜尋" "搜索" "Search";
    search_hint "單號、房號、姓名、報修內容" "单号、房号、姓名、报修内容" "Number, unit, name or fault";
    technician "維修員" "维修员" "Technician";
    everyone "全部維修員" "全部维修员" "All technicians";
    visit_day "上門日期" "上门日期" "Visit day";
    apply "查找" "查找" "Find";
    clear "清除條件" "清除条件" "Clear";
    odd_heading "需要注意" "需要注意" "Needs attention";
    plain_heading "未見異常" "未见异常" "Nothing unusual";
    none_odd "沒有需要特別注意的工單。" "没有需要特别注意的工单。" "No order here needs special attention.";
    none_found "沒有符合條件的工單。" "没有符合条件的工单。" "No order matches.";
    number "單號" "单号" "Number";
    no_number "待編號" "待编号" "No number yet";
    status "狀態" "状态" "Status";
    unit_resident "房號與住戶" "房号与住户" "Unit and resident";
    fault "報修內容" "报修内容" "Repair needed";
    window "約定時段" "约定时段" "Window";
    waiting "等候" "等候" "waiting";
    reasons "注意事項" "注意事项" "What to look at";
    earlier_page "上一頁" "上一页" "Previous page";
    later_page "下一頁" "下一页" "Next page";
    // Detail frame.
    back "返回列表" "返回列表" "Back to the list";
    next_review "下一張待審核" "下一张待审核" "Next to review";
    go_review "前往審核" "前往审核" "Go to review";
    print "可直接列印本頁（A4）" "可直接打印本页（A4）" "This page prints on A4";
    order_no "工單" "工单" "Order";
    resident "住戶" "住户" "Resident";
    unit "房號" "房号" "Unit";
    // Attention.
    attention "需要注意" "需要注意" "Needs attention";
    attention_none "未見異常。" "未见异常。" "Nothing unusual.";
    conflict_heading "有兩個不同的值，請核定" "有两个不同的值，请核定" "Two values differ: pick one";
    shown_value "目前顯示" "目前显示" "Shown now";
    other_value "另一個值" "另一个值" "The other value";
    use_this "採用這個值" "采用这个值" "Use this value";
    rule_concern "系統標記" "系统标记" "Flagged";
    // Sections.
    registration "登記" "登记" "Registration";
    appointment "聯繫與預約" "联系与预约" "Contact and appointment";
    entitlement "保修與責任" "保修与责任" "Entitlement and liability";
    before_list "維修前檢查" "维修前检查" "Checklist before the work";
    quote "報價與同意" "报价与同意" "Quote and consent";
    parts "配件與保管" "配件与保管" "Parts and custody";
    after_list "維修後檢查與結果" "维修后检查与结果" "Checklist after the work, result";
    payment "收款與憑證" "收款与凭证" "Payment and receipt";
    sign_off "簽收" "签收" "Sign-off";
    deadlines "時限" "时限" "Deadlines";
    timeline "經過" "经过" "Timeline";
    notes "備註" "备注" "Notes";
    nothing_yet "尚無資料。" "尚无资料。" "Nothing yet.";
    contents "目錄" "目录" "Contents";
    // Registration.
    phone "電話" "电话" "Phone";
    company "公司" "公司" "Company";
    reporter "報修人" "报修人" "Reported by";
    symptom "故障現象" "故障现象" "Symptom";
    work_type "類別" "类别" "Kind of work";
    wished "希望時間" "希望时间" "Wished time";
    channel "來源" "来源" "Came by";
    triage "電話判斷" "电话判断" "Phone triage";
    tags "照顧對象" "照顾对象" "Household";
    access "出入須知" "出入须知" "Access notes";
    remark "備註" "备注" "Remark";
    registered_at "登記時間" "登记时间" "Registered";
    answered "答覆住戶" "答复住户" "Answer";
    accepted "已受理" "已受理" "Accepted";
    refused "不受理" "不受理" "Refused";
    helpers "協助人員" "协助人员" "Helpers";
    corrected_value "已更正" "已更正" "corrected";
    // Visits.
    contact_log "聯繫記錄" "联系记录" "Contact attempts";
    reached "已聯繫上" "已联系上" "Reached";
    not_reached "聯繫不上" "联系不上" "Not reached";
    set_out "出發" "出发" "Set out";
    arrived "到達" "到达" "Arrived";
    notice "改期通知" "改期通知" "Notice";
    late_call "途中通知遲到" "途中通知迟到" "Told of delay";
    no_show "住戶不在" "住户不在" "Resident not there";
    started "開工" "开工" "Work began";
    paused "暫停" "暂停" "Paused";
    finished "完工" "完工" "Finished";
    unsolved "未解決" "未解决" "Unsolved";
    // Entitlement and diagnosis.
    coverage "保修查驗" "保修查验" "Entitlement";
    start_consent "同意開始服務" "同意开始服务" "Agreed to start";
    yes "是" "是" "Yes";
    no "否" "否" "No";
    cause "故障原因" "故障原因" "Cause";
    liability "責任" "责任" "Liability";
    explained "向住戶說明" "向住户说明" "Explained";
    liability_signed "住戶對收費的認可" "住户对收费的认可" "Resident's acknowledgement";
    // Checklists.
    item "項目" "项目" "Item";
    answer "結果" "结果" "Answer";
    remark_photo "說明與照片" "说明与照片" "Remark and photos";
    mismatch "不符" "不符" "Mismatch";
    unanswered "未填" "未填" "Not answered";
    advisory "提醒" "提醒" "reminder";
    photo_before "維修前照片" "维修前照片" "photo before";
    photo_after "維修後照片" "维修后照片" "photo after";
    photo_waiting "照片尚未上傳" "照片尚未上传" "photo not uploaded yet";
    mismatch_signed "住戶對不符之處的確認" "住户对不符之处的确认" "Resident's word on the mismatches";
    // Quote.
    quote_in_force "生效的報價" "生效的报价" "Quote in force";
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
    quote_approve "批准報價" "批准报价" "Approve the quote";
    quote_decline "不批准" "不批准" "Decline";
    // Signatures.
    signature_of "簽字" "签字" "Signature";
    no_ink "筆跡尚未收到" "笔迹尚未收到" "strokes not received";
    digest "封存文件" "封存文件" "Sealed document";
    technician_signature "維修員簽字" "维修员签字" "Technician's signature";
    resident_signature "住戶簽字" "住户签字" "Resident's signature";
    // Parts and custody.
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
    // Payment.
    method "方式" "方式" "Method";
    received_at "時間" "时间" "Time";
    agreed_fee "同意的費用" "同意的费用" "Agreed";
    paid "實收" "实收" "Paid";
    difference "差額" "差额" "Difference";
    no_payment "沒有收款。" "没有收款。" "No payment was taken.";
    no_receipt "無憑證號" "无凭证号" "no receipt";
    // Sign-off.
    rating "評價" "评价" "Rating";
    opinion "住戶意見" "住户意见" "Resident's opinion";
    copy "客戶留存聯" "客户留存联" "Resident's copy";
    copy_missing "尚未交給住戶" "尚未交给住户" "not handed over yet";
    method_used "處理方法" "处理方法" "Method";
    advice "注意事項" "注意事项" "What to watch";
    solved "故障已排除" "故障已排除" "Fault gone";
    earlier_sign_off "先前的簽收" "先前的签收" "Earlier sign-off";
    // Review panel.
    review "審核" "审核" "Review";
    approve "審核通過" "审核通过" "Approve";
    approve_note "審核意見（可不填）" "审核意见（可不填）" "Note (optional)";
    return_items "退回補正" "退回补正" "Send back items";
    return_hint "勾選要退回的部分，並寫明問題。只退這些，其餘保留。" "勾选要退回的部分，并写明问题。只退这些，其余保留。" "Tick what goes back and say what is wrong. Everything else stays.";
    return_note "問題" "问题" "What is wrong";
    void "作廢" "作废" "Void";
    void_hint "單號保留，不可恢復。" "单号保留，不可恢复。" "The number stays; this cannot be undone.";
    void_reason "作廢原因" "作废原因" "Reason";
    waive "豁免這條規定" "豁免这条规定" "Waive this rule";
    waive_reason "豁免原因" "豁免原因" "Reason for waiving";
    waivable_by "可豁免：" "可豁免：" "May be waived by: ";
    cannot_now "現在不能：" "现在不能：" "Not now: ";
    write_note "加備註" "加备注" "Add a note";
    desk "受理與派工" "受理与派工" "Answer and assign";
    approve_visit "同意上門" "同意上门" "Approve the visit";
    accept "受理" "受理" "Accept";
    materials "請住戶準備（可不填）" "请住户准备（可不填）" "What to have ready (optional)";
    refuse "不受理" "不受理" "Refuse";
    refuse_reason "不受理的原因" "不受理的原因" "Reason for refusing";
    assign "派工" "派工" "Assign";
    handed_to_you "移交給您，待接收" "移交给您，待接收" "Handed over to you";
    accept_handover "確認接收" "确认接收" "Confirm receipt";
    done_answer "已答覆。" "已答复。" "Answered.";
    done_assign "已派工。" "已派工。" "Assigned.";
    done_handover "已接收。" "已接收。" "Received.";
    returned_heading "退回的項目" "退回的项目" "Items sent back";
    waiting_fix "待補正" "待补正" "not put right yet";
    fixed "已補正" "已补正" "Put right";
    approved_by "審核通過" "审核通过" "Approved";
    void_by "已作廢" "已作废" "Voided";
    waived_rules "已豁免的規定" "已豁免的规定" "Rules waived";
    refusal_heading "沒有完成" "没有完成" "Not done";
    changed_meanwhile "工單在您查看之後有更新。請看過最新內容，再做一次。" "工单在您查看之后有更新。请看过最新内容，再做一次。" "The order changed after you opened it. Look at it again, then repeat.";
    // What was done.
    done_approve "已審核通過。" "已审核通过。" "Approved.";
    done_return "已退回給維修員補正。" "已退回给维修员补正。" "Sent back to the technician.";
    done_void "已作廢，單號保留。" "已作废，单号保留。" "Voided; the number stays.";
    done_waive "已豁免這條規定。" "已豁免这条规定。" "The rule is waived.";
    done_settle "已核定。" "已核定。" "Settled.";
    done_quote "已記下對報價的意見。" "已记下对报价的意见。" "Your word on the quote is recorded.";
    done_note "備註已保存。" "备注已保存。" "The note is saved.";
    // Timeline.
    from_office "辦公室" "办公室" "Office";
    from_device "手機" "手机" "Phone";
    server "系統" "系统" "System";
    sent_later "離線記錄，稍後上傳：" "离线记录，稍后上传：" "recorded offline, sent later: ";
    clock_off "手機時鐘偏差" "手机时钟偏差" "phone clock off by";
    not_counted "已保留，未計入工單：" "已保留，未计入工单：" "kept, not counted: ";
    not_counted_flag "有記錄未計入工單，見經過" "有记录未计入工单，见经过" "Some records are kept but not counted; see the timeline";
    visit_no "第幾次上門" "第几次上门" "Visit";
    // Errors.
    error_not_found "找不到這一頁" "找不到这一页" "There is no such page";
    error_not_found_more "網址不正確，或這張工單不屬於您的公司。" "网址不正确，或这张工单不属于您的公司。" "The address is wrong, or the order is not your firm's.";
    error_forbidden "您不能做這一步" "您不能做这一步" "You may not do this";
    error_forbidden_more "您的職務沒有這項權限，或頁面開得太久：請返回後再試一次。" "您的职务没有这项权限，或页面开得太久：请返回后再试一次。" "Your role does not allow it, or the page was open for too long: go back and try again.";
    error_bad "這個請求無法處理" "这个请求无法处理" "This request cannot be understood";
    error_bad_more "表單內容不完整，請返回後再試一次。" "表单内容不完整，请返回后再试一次。" "The form was incomplete. Go back and try again.";
    error_inside "系統出錯，內容沒有遺失" "系统出错，内容没有遗失" "Something went wrong; nothing is lost";
    error_inside_more "請稍後再試。如果仍然不行，請把時間告訴管理員。" "请稍后再试。如果仍然不行，请把时间告诉管理员。" "Please try again in a moment. If it goes on, tell the administrator the time.";
    to_start "回到工單列表" "回到工单列表" "To the list of orders";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_text_speaks_three_languages() {
        for (name, three) in ALL {
            crate::pages::words::check::three(name, *three);
        }
        assert_ne!(ui(Lang::ZhHant).office, ui(Lang::ZhHans).office);
    }
}
