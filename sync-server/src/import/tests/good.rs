//! What is right is read rightly, in every form offices write it.

use std::path::{Path, PathBuf};

use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::Currency;
use doorstep_core::domain::order::intake::{Channel, Triage};
use doorstep_core::domain::person::Role;

use super::office::{Folder, REGISTRATIONS, UNITS};
use crate::import::{self, PriceKind, ResidentKind, parse_units, read_folder, report_text};

fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(name)
}

fn complete(path: &Path) -> import::Office {
    let files = read_folder(path).unwrap();
    let report = report_text(&files, Lang::En);
    assert_eq!(files.notes().count(), 0, "{report}");
    files.complete().unwrap_or_else(|_| panic!("{report}"))
}

#[test]
fn the_demo_firm_reads_without_a_fault() {
    let office = complete(&demo("emerald-lake"));
    assert_eq!(office.org.name.zh_hans, "翠湖花园");
    assert_eq!((office.units.len(), office.prices.len(), office.people.len()), (40, 26, 5));
    assert_eq!(office.registrations.len(), 12);
    let by_unit = |unit: &str| office.units.iter().find(|row| row.unit == unit).unwrap();
    assert_eq!(by_unit("1-0502").access, "先打電話，再上樓\n門鈴不響，請敲門");
    assert_eq!(by_unit("2-0605").access, "對講機顯示 \"0605\" 後按 # 鍵，保安放行");
    assert_eq!(by_unit("4-0101").company, "青禾文具（示範）有限公司");
    let dear = office.prices.iter().find(|row| row.code == "JD-02").unwrap();
    assert_eq!(
        (dear.price.minor, dear.price.currency, dear.kind),
        (108_000, Currency::Cny, PriceKind::Labour)
    );
    assert_eq!(office.people.iter().filter(|row| row.role == Role::Technician).count(), 2);
    let elderly = &office.registrations[10].intake;
    assert_eq!(elderly.tags, ["elderly"]);
    assert_eq!(elderly.channel, Channel::Counter);
    assert!(elderly.access.contains("長者獨居"), "access notes come from the unit file");
    assert_eq!(elderly.wished.unwrap().start.to_string(), "2026-11-25T15:30:00.000+08:00");
    let last = &office.registrations[11].intake;
    assert_eq!(last.tags, ["disabled", "key_project"]);
    assert_eq!(last.wished.unwrap().end.minutes_since(last.wished.unwrap().start), 90);
    for kind in ["plumbing", "electrical", "appliance", "door_window", "device", "leak", "other"] {
        assert!(office.registrations.iter().any(|row| row.intake.work_type == kind), "{kind}");
    }
}

#[test]
fn the_second_firm_has_another_currency_separator_and_language() {
    let office = complete(&demo("second-office"));
    assert_eq!((office.org.id.as_str(), office.org.currency), ("harbour-court", Currency::Hkd));
    assert_eq!(office.prices[2].price.to_string(), "HK$1200.00");
    assert_eq!(office.people[3].certificate, "Registered electrical worker, grade A");
    assert_eq!(office.units[2].floor, "G");
    assert_eq!(office.units[3].access, "Dog in the flat, \"Bobby\", friendly");
    assert_eq!(office.registrations[1].intake.symptom, "Living-room socket gives no power");
}

#[test]
fn physical_lines_survive_line_breaks_in_cells() {
    let bytes = std::fs::read(demo("emerald-lake/units.csv")).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf") && bytes.windows(2).any(|pair| pair == b"\r\n"));
    let text = String::from_utf8(bytes).unwrap();
    let rows = parse_units("units.csv", text.as_bytes()).rows;
    let lines: Vec<&str> = text.split('\n').collect();
    for row in &rows {
        let line = lines[usize::try_from(row.line).unwrap() - 1];
        assert!(line.starts_with(&row.unit), "line {} is {line}", row.line);
    }
    assert!(rows.last().unwrap().line > 41, "the file has line breaks inside cells");
}

#[test]
fn line_ends_byte_order_marks_separators_and_blank_lines_do_not_matter() {
    let folder = Folder::new();
    let expected = folder.read().units.rows;
    assert_eq!(expected.len(), 2);
    assert_eq!((expected[1].kind, expected[1].company.as_str()), (ResidentKind::Tenant, "某公司"));
    let wide =
        UNITS.replace("1-0102", "１-０１０２").replace(",142 0000 0001,", ",１４２ ００００ ０００１,");
    for (what, text) in [
        ("CRLF", UNITS.replace('\n', "\r\n")),
        ("CR", UNITS.replace('\n', "\r")),
        ("mark", format!("\u{feff}{UNITS}")),
        ("semicolons", UNITS.replace(',', ";")),
        ("tabs", UNITS.replace(',', "\t")),
        ("no line end", UNITS.trim_end().to_owned()),
        ("trailing columns", UNITS.replace('\n', ",,\n")),
        ("starred headers", UNITS.replace("房號", "房號*").replace("住戶姓名", "住戶姓名（必填）")),
        ("simplified headers", UNITS.replace("房號", "房号").replace("聯絡電話", "联系电话")),
        ("full-width", wide),
    ] {
        folder.put("units.csv", &text);
        let files = folder.read();
        assert_eq!(files.faults().count(), 0, "{what}: {}", report_text(&files, Lang::En));
        let mut rows = files.units.rows;
        if what == "full-width" {
            assert_eq!(import::unit_key(&rows[1].unit), "1-0102");
            rows[1].unit.clone_from(&expected[1].unit);
        }
        assert_eq!(rows, expected, "{what}");
    }
    // Blank lines are skipped but counted.
    folder.put("units.csv", UNITS.replace('\n', "\r\n\r\n , ,,\r\n"));
    let rows = folder.read().units.rows;
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [4, 7]);
}

#[test]
fn times_are_read_as_people_write_them() {
    let folder = Folder::new();
    for (written, minutes) in [
        ("2026-11-25 09:00", 60),
        ("2026/11/25 9:00", 60),
        ("2026/11/25 9:00:00", 60),
        ("2026年11月25日 09:00", 60),
        ("2026年11月25日9時", 60),
        ("2026年11月25日上午9时00分", 60),
        ("２０２６－１１－２５　０９：００", 60),
        ("2026-11-25T09:00", 60),
        ("2026.11.25 9:00 AM", 60),
        ("2026-11-25 09:00-11:00", 120),
        ("2026-11-25 09:00 至 下午1:30", 270),
        ("2026-11-25 9:00～10:30", 90),
    ] {
        folder.put("registrations.csv", REGISTRATIONS.replace("2026-11-25 09:00", written));
        let files = folder.read();
        assert_eq!(files.faults().count(), 0, "{written}: {}", report_text(&files, Lang::En));
        let window = files.registrations.rows[0].intake.wished.unwrap();
        assert_eq!(window.start.to_string(), "2026-11-25T09:00:00.000+08:00", "{written}");
        assert_eq!(window.end.minutes_since(window.start), minutes, "{written}");
    }
}

#[test]
fn what_looks_like_a_formula_stays_text_and_an_unknown_tag_is_kept() {
    let folder = Folder::new();
    folder.spoil("registrations.csv", "需上門,,\n", "安全隱患,老人、孕婦,\"=HYPERLINK(\"\"x\"\")\"\n");
    let files = folder.read();
    let intake = &files.registrations.rows[0].intake;
    assert_eq!(intake.remark, "=HYPERLINK(\"x\")");
    assert_eq!(intake.tags, ["elderly", "孕婦"]);
    assert_eq!(intake.triage, Triage::Hazard);
    let codes: Vec<&str> = files.notes().map(import::Note::code).collect();
    assert_eq!(codes, ["unknown_tag", "formula_as_text"]);
    folder.spoil("people.csv", "員工編號,", "血型,員工編號,").spoil("people.csv", "G1,", "O,G1,");
    let files = folder.read();
    let note = files.people.notes.first().unwrap();
    assert_eq!((note.code(), note.column.as_ref().unwrap().letter.as_str()), ("unknown_column", "A"));
    assert!(files.complete().is_ok(), "notes do not stand in the way");
}

#[test]
fn a_register_may_be_absent() {
    let folder = Folder::new();
    std::fs::remove_file(folder.path().join("registrations.csv")).unwrap();
    assert!(folder.read().complete().unwrap().registrations.is_empty());
}

#[test]
fn no_header_means_two_columns() {
    for specs in [import::UNITS, import::PRICES, import::PEOPLE, import::REGISTRATIONS] {
        for spec in specs {
            for header in spec.headers() {
                let meant: Vec<&str> = specs.iter().filter(|s| s.is(header)).map(|s| s.key).collect();
                assert_eq!(meant, [spec.key], "{header}");
            }
        }
    }
}

#[test]
fn everybody_who_signs_in_the_demo_has_a_hand() {
    let office = complete(&demo("emerald-lake"));
    let staff = office.people.iter().map(|row| row.name.as_str());
    let residents = office.registrations.iter().flat_map(|row| [&row.intake.resident, &row.intake.reporter]);
    for name in staff.chain(residents.map(String::as_str)) {
        let bytes = std::fs::read(demo("handwriting").join(format!("{name}.json"))).unwrap();
        assert!((6_000..14_000).contains(&bytes.len()), "{name}: {}", bytes.len());
        let ink: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert!(ink["notice"].as_str().unwrap().contains("Arphic Public License"));
        let (width, height) = (ink["width"].as_f64().unwrap(), ink["height"].as_f64().unwrap());
        let mut before = 0.0;
        for point in ink["strokes"].as_array().unwrap().iter().flat_map(|stroke| stroke.as_array().unwrap()) {
            let [x, y, t, pressure] = [0, 1, 2, 3].map(|at| point[at].as_f64().unwrap());
            assert!((0.0..=width).contains(&x) && (0.0..=height).contains(&y), "{name}: {point}");
            assert!(t >= before && (0.0..=1.0).contains(&pressure), "{name}: {point}");
            before = t;
        }
        assert!((2_000.0..8_000.0).contains(&before), "{name} is written in {before} ms");
    }
}
