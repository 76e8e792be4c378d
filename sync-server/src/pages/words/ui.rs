//! The fixed texts of the pages: headings, buttons, hints. Templates read them as `ui.name`, so a missing one does not compile.

use doorstep_core::texts;
use doorstep_core::words::terms::{Terms, terms};

texts! {
    /// The fixed texts of the pages in one language.
    Ui ui;
    // Frame.
    brand "上門" "上门" "Doorstep";
    office "工單審核" "工单审核" "Order review";
    skip "跳到內容" "跳到内容" "Skip to content";
    newer "有更新。" "有更新。" "There is something newer.";
    newer_show "查看最新內容" "查看最新内容" "Show it";
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
    everyone "全部維修員" "全部维修员" "All technicians";
    visit_day "上門日期" "上门日期" "Visit day";
    apply "查找" "查找" "Find";
    clear "清除條件" "清除条件" "Clear";
    odd_heading "需要注意" "需要注意" "Needs attention";
    plain_heading "未見異常" "未见异常" "Nothing unusual";
    none_odd "沒有需要特別注意的工單。" "没有需要特别注意的工单。" "No order here needs special attention.";
    none_found "沒有符合條件的工單。" "没有符合条件的工单。" "No order matches.";
    unit_resident "房號與住戶" "房号与住户" "Unit and resident";
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
    // Attention.
    attention "需要注意" "需要注意" "Needs attention";
    attention_none "未見異常。" "未见异常。" "Nothing unusual.";
    conflict_heading "有兩個不同的值，請核定" "有两个不同的值，请核定" "Two values differ: pick one";
    shown_value "目前顯示" "目前显示" "Shown now";
    other_value "另一個值" "另一个值" "The other value";
    use_this "採用這個值" "采用这个值" "Use this value";
    rule_concern "系統標記" "系统标记" "Flagged";
    // Sections.
    timeline "經過" "经过" "Timeline";
    contents "目錄" "目录" "Contents";
    // Registration.
    wished "希望時間" "希望时间" "Wished time";
    channel "來源" "来源" "Came by";
    triage "電話判斷" "电话判断" "Phone triage";
    tags "照顧對象" "照顾对象" "Household";
    // Visits.
    set_out "出發" "出发" "Set out";
    late_call "途中通知遲到" "途中通知迟到" "Told of delay";
    // Checklists.
    remark_photo "說明與照片" "说明与照片" "Remark and photos";
    advisory "提醒" "提醒" "reminder";
    photo_waiting "照片尚未上傳" "照片尚未上传" "photo not uploaded yet";
    // Quote.
    quote_in_force "生效的報價" "生效的报价" "Quote in force";
    quote_approve "批准報價" "批准报价" "Approve the quote";
    quote_decline "不批准" "不批准" "Decline";
    // Signatures.
    signature_of "簽字" "签字" "Signature";
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
    confirm_heading "維修員可能正在現場" "维修员可能正在现场" "The technician may be at the door";
    confirm_more "手機上尚未傳來的記錄會保留並標記，不會遺失。建議先打電話。" "手机上尚未传来的记录会保留并标记，不会遗失。建议先打电话。" "What the phone has not sent yet is kept and flagged; nothing is lost. Better to call first.";
    confirm_go_on "仍要繼續" "仍要继续" "Do it all the same";
    confirm_leave "返回，不作更改" "返回，不作更改" "Back, change nothing";
    refusal_heading "沒有完成" "没有完成" "Not done";
    changed_meanwhile "工單在您查看之後有更新。請看過最新內容，再做一次。" "工单在您查看之后有更新。请看过最新内容，再做一次。" "The order changed after you opened it. Look at it again, then repeat.";
    papers "單據" "单据" "Papers";
    copy_to_check "可查驗的客戶聯" "可查验的客户联" "Copy that can be checked";
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
    sent_later "離線記錄，稍後上傳：" "离线记录，稍后上传：" "recorded offline, sent later: ";
    clock_off "手機時鐘偏差" "手机时钟偏差" "phone clock off by";
    not_counted "已保留，未計入工單：" "已保留，未计入工单：" "kept, not counted: ";
    not_counted_flag "有記錄未計入工單，見經過" "有记录未计入工单，见经过" "Some records are kept but not counted; see the timeline";
    // Keys.
    keys "公司手機的公鑰" "公司手机的公钥" "Public keys of the firm's phones";
    keys_more "可與客戶聯上的公鑰比對。停用後，之前封存的文件仍然有效。" "可与客户联上的公钥比对。停用后，之前封存的文件仍然有效。" "Compare the key of a copy with these. What was sealed before a phone was revoked stays valid.";
    keys_since "啟用" "启用" "since";
    keys_revoked "停用" "停用" "revoked";
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

/// The names of an order's fields are read as texts of the page: `ui.unit`.
impl std::ops::Deref for Ui {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        terms(self.lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::lang::Lang;

    #[test]
    fn every_page_text_speaks_three_languages() {
        for (name, three) in ALL {
            doorstep_core::words::check::three(name, *three).unwrap();
        }
        assert_ne!(ui(Lang::ZhHant).office, ui(Lang::ZhHans).office);
    }
}
