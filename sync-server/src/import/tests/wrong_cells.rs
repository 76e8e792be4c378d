//! Single cells and lines that are wrong, one at a time and all together.

use doorstep_core::domain::lang::Lang;

use super::office::{Folder, REGISTRATIONS, UNITS};
use crate::import::{MAX_CELL_CHARS, Office, OfficeFiles, report_text};

/// Spoils one thing in a right office and expects exactly these faults.
fn expect(file: &str, from: &str, to: &str, faults: &[&str]) {
    let folder = Folder::new();
    assert_eq!(folder.spoil(file, from, to).faults(), faults, "{file}: {from} -> {to}");
}

#[test]
fn the_office_is_right_before_it_is_spoiled() {
    assert_eq!(Folder::new().faults(), Vec::<String>::new());
}

#[test]
fn units() {
    let file = "units.csv";
    expect(file, "142 0000 0001", "1.42E+10", &["units.csv:2:E:bad_phone"]);
    expect(file, "142 0000 0001", "142 0000 0001、142 0000 0009", &["units.csv:2:E:bad_phone"]);
    expect(file, "142 0000 0001", "12345", &["units.csv:2:E:bad_phone"]);
    expect(file, "142 0000 0001", "", &["units.csv:2:E:empty_cell"]);
    expect(file, "業主", "房東的朋友", &["units.csv:2:F:unknown_word"]);
    expect(file, "甲", " ", &["units.csv:2:D:empty_cell"]);
    expect(file, "甲", "甲\u{7}", &["units.csv:2:D:control_character"]);
    expect(file, "甲", &"甲".repeat(MAX_CELL_CHARS + 1), &["units.csv:2:D:cell_too_long"]);
    expect(file, "1-0102", "１－０１０１", &["units.csv:3:A:duplicate"]);
    expect(file, "1棟,1,甲", "1棟,甲", &["units.csv:2::cell_count"]);
    expect(file, "後門進", "後門進,按鈴", &["units.csv:3::cell_count"]);
}

#[test]
fn prices() {
    let file = "price-list.csv";
    for bad in ["-1", "三十", "1.234", "1,2,3", "\"12,5\"", "$30", "HK$30", "99999999999"] {
        let quoted = format!("\"{}\"", bad.trim_matches('"'));
        expect(file, "30.00", &quoted, &["price-list.csv:2:F:bad_money"]);
    }
    for good in ["¥30", "￥30.5", "CNY 30", "30元", "\"1,200.50\"", "0", "３０"] {
        expect(file, "30.00", good, &[]);
    }
    expect(file, "人工", "其他", &["price-list.csv:2:G:unknown_word"]);
    expect(file, ",0\n", ",一年\n", &["price-list.csv:2:H:bad_number"]);
    expect(file, ",0\n", ",-1\n", &["price-list.csv:2:H:bad_number"]);
    expect(file, "A1,", "A 1,", &["price-list.csv:2:A:bad_code"]);
    expect(file, "Check", "", &["price-list.csv:2:D:empty_cell"]);
    expect(file, "0\n", "0\na1,查,查,Check,次,30.00,人工,0\n", &["price-list.csv:3:A:duplicate"]);
}

#[test]
fn people() {
    let file = "people.csv";
    expect(file, "主管", "老闆", &["people.csv:2:C:unknown_word"]);
    expect(file, "繁體中文", "法文", &["people.csv:2:E:unknown_word"]);
    expect(file, "2028-06-30", "2028-06-31", &["people.csv:2:F:bad_date"]);
    expect(file, "2028-06-30", "長期", &["people.csv:2:F:bad_date"]);
    expect(file, "2028-06-30", "", &[]);
    expect(file, "30\n", "30\nG1,丁,客服,142 0000 0004,en,\n", &["people.csv:3:A:duplicate"]);
}

#[test]
fn registrations() {
    let file = "registrations.csv";
    expect(file, "1-0101", "9-9999", &["registrations.csv:2:B:unknown_unit"]);
    expect(file, "1-0101", "1-0102", &["registrations.csv:2:F:company_wanted"]);
    for bad in [
        "2026-13-01 09:00",
        "2026-11-25",
        "11/25 9:00",
        "46351.375",
        "2026-11-25 25:00",
        "2026-11-25 11:00-09:00",
    ] {
        expect(file, "2026-11-25 09:00", bad, &["registrations.csv:2:J:bad_time"]);
    }
    expect(file, "水,2026", "木工,2026", &["registrations.csv:2:I:unknown_word"]);
    expect(file, "電話,需上門", "傳真,需上門", &["registrations.csv:2:K:unknown_word"]);
    expect(file, "需上門", "再說", &["registrations.csv:2:L:unknown_word"]);
    // R2 and R4: none of the register's fields may be empty.
    expect(
        file,
        "7,1-0101,甲,甲,142 0000 0001,,漏水,滴水,水,2026-11-25 09:00,電話",
        "7,,,,,,,,,,",
        &[
            "registrations.csv:2:B:empty_cell",
            "registrations.csv:2:C:empty_cell",
            "registrations.csv:2:D:empty_cell",
            "registrations.csv:2:E:empty_cell",
            "registrations.csv:2:G:empty_cell",
            "registrations.csv:2:H:empty_cell",
            "registrations.csv:2:I:empty_cell",
            "registrations.csv:2:J:empty_cell",
            "registrations.csv:2:K:empty_cell",
        ],
    );
    let twice = REGISTRATIONS.lines().nth(1).unwrap();
    expect(file, "需上門,,\n", &format!("需上門,,\n{twice}\n"), &["registrations.csv:3:A:duplicate"]);
}

#[test]
fn a_faulty_unit_line_does_not_make_its_registrations_faulty() {
    expect("units.csv", "142 0000 0001", "?", &["units.csv:2:E:bad_phone"]);
    expect("units.csv", "1棟,1,甲", "1棟,甲", &["units.csv:2::cell_count"]);
}

#[test]
fn after_cells_with_line_breaks_the_physical_line_and_the_excel_row_are_both_named() {
    let folder = Folder::new();
    let three = UNITS
        .replace("業主,,", "業主,,\"一\r\n二\r\n三\"")
        .replace("乙", "\"乙\n(夫)\"")
        .replace("租戶", "?");
    folder.put("units.csv", &three);
    let files = folder.read();
    let fault = files.faults().next().unwrap();
    assert_eq!((fault.line, fault.row), (6, 3), "the kind stands below a broken cell of its own row");
    assert_eq!(three.split('\n').nth(5).unwrap().chars().next(), Some('('));
    assert_eq!(fault.place(Lang::ZhHant), "units.csv 第 6 行（Excel 第 3 行） F 欄「住戶類別」");
    assert_eq!(fault.place(Lang::ZhHans), "units.csv 第 6 行（Excel 第 3 行） F 列“住戶類別”");
    assert_eq!(fault.place(Lang::En), "units.csv line 6 (Excel row 3), column F \"住戶類別\"");
}

#[test]
fn all_faults_are_collected_and_the_report_counts_them() {
    let folder = Folder::new();
    folder
        .spoil("units.csv", "142 0000 0001", "?")
        .spoil("units.csv", "142 0000 0002", "?")
        .spoil("price-list.csv", "30.00", "x")
        .spoil("people.csv", "主管", "x")
        .spoil("registrations.csv", "2026-11-25 09:00", "明天");
    let files = folder.read();
    for (lang, words) in [
        (Lang::ZhHant, ["錯誤 5", "「明天」不是日期和時間", "什麼都沒有寫入"]),
        (Lang::ZhHans, ["错误 5", "“明天”不是日期和时间", "什么都没有写入"]),
        (Lang::En, ["Faults 5", "\"明天\" is not a date and time", "nothing was written"]),
    ] {
        let report = report_text(&files, lang);
        for word in words {
            assert!(report.contains(word), "{word} is not in:\n{report}");
        }
    }
    assert_eq!((files.units.rows.len(), files.prices.rows.len()), (0, 0), "faulty rows are left out");
    let back: Result<Office, Box<OfficeFiles>> = files.complete();
    assert_eq!(back.unwrap_err().faults().count(), 5);
}

#[test]
fn every_fault_speaks_three_languages() {
    let folder = Folder::new();
    folder
        .spoil("units.csv", "142 0000 0001", "?")
        .spoil("units.csv", "業主", "?")
        .spoil("people.csv", "2028-06-30", "?")
        .spoil("price-list.csv", ",0\n", ",x\n")
        .spoil("registrations.csv", "滴水", "");
    let files = folder.read();
    assert_eq!(files.faults().count(), 5);
    for fault in files.faults() {
        let texts = Lang::ALL.map(|lang| fault.message(lang));
        assert!(texts.iter().all(|text| text.chars().count() > 8), "{texts:?}");
        assert!(texts[0] != texts[1] && texts[1] != texts[2], "{texts:?}");
    }
}
