//! The texts of the page that checks a copy. `verify/index.html` says the same; the browser tests hold the two together.

use doorstep_core::domain::lang::Lang;
use doorstep_core::texts;

texts! {
    /// The texts of the verifying page in one language.
    Verify verify;
    title "查驗客戶聯" "查验客户联" "Check a copy";
    lead "貼上客戶聯的內容，或掃描客戶聯上的二維碼，即可知道內容是否與封存時一致。" "贴上客户联的内容，或扫描客户联上的二维码，即可知道内容是否与封存时一致。" "Paste the copy, or scan its code, to see whether it is as it was sealed.";
    paste "客戶聯內容或二維碼網址" "客户联内容或二维码网址" "The copy's text, or the link in its code";
    file "或選擇客戶聯文件" "或选择客户联文件" "Or choose the copy's file";
    check "查驗" "查验" "Check";
    valid "與封存時一致" "与封存时一致" "As it was sealed";
    differs "與封存時不同" "与封存时不同" "Not as it was sealed";
    no_copy "無法查驗" "无法查验" "Cannot be checked";
    part "二維碼容量有限，未含全部單據或筆跡；其餘已查驗。要查驗全部，請貼上完整的客戶聯。" "二维码容量有限，未含全部单据或笔迹；其余已查验。要查验全部，请贴上完整的客户联。" "The code had no room for the whole document or the strokes; the rest was checked. Paste the whole copy to check all of it.";
    firm "公司" "公司" "Firm";
    paper "單據" "单据" "Document";
    unit "房號" "房号" "Unit";
    resident "住戶" "住户" "Resident";
    total "合計" "合计" "Total";
    digest "單據摘要 SHA-256" "单据摘要 SHA-256" "SHA-256 of the document";
    key "封存密鑰編號" "封存密钥编号" "Key that sealed it";
    seals "封存的簽字與結果" "封存的签字与结果" "What was sealed";
    elsewhere "不經本站也能查驗：本軟件附有不需連網的查驗頁面 verify/index.html，並公開客戶聯的格式。" "不经本站也能查验：本软件附有不需连网的查验页面 verify/index.html，并公开客户联的格式。" "It can be checked without this site: this software comes with a page that needs no network, verify/index.html, and the format is public.";
}

/// The name of a document's kind.
#[must_use]
pub fn kind(kind: &str, lang: Lang) -> &'static str {
    lang.pick(match kind {
        "sheet" => ["服務單", "服务单", "Service sheet"],
        "quote" => ["報價", "报价", "Quote"],
        "mismatch" => ["作業前不符項", "作业前不符项", "Differences before the work"],
        "liability" => ["責任說明", "责任说明", "Note on liability"],
        "take_away" => ["取件單", "取件单", "Pick-up receipt"],
        "unsolved" => ["未解決說明", "未解决说明", "Note of an unsolved visit"],
        _ => ["（不在二維碼內）", "（不在二维码内）", "(not in the code)"],
    })
}

/// What a seal records.
#[must_use]
pub fn outcome(outcome: &str, lang: Lang) -> &'static str {
    lang.pick(match outcome {
        "signed" => ["已簽字", "已签字", "Signed"],
        "objection" => ["異議", "异议", "Objection"],
        "refused" => ["拒絕簽字", "拒绝签字", "Refused to sign"],
        "absent" => ["無人簽字", "无人签字", "Nobody there to sign"],
        _ => ["？", "？", "?"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::words::check;

    #[test]
    fn every_text_speaks_three_languages() {
        for (name, three) in ALL {
            check::three(name, *three).unwrap();
        }
        let three = |of: fn(&str, Lang) -> &'static str, word| Lang::ALL.map(|lang| of(word, lang));
        for word in ["sheet", "quote", "mismatch", "liability", "take_away", "unsolved", ""] {
            check::three(word, three(kind, word)).unwrap();
        }
        for word in ["signed", "objection", "refused", "absent"] {
            check::three(word, three(outcome, word)).unwrap();
        }
    }
}
