//! The PDF of a real order: its text comes out as it was written, and there is no text of ours the fonts lack.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use doorstep_core::domain::lang::Lang;
use doorstep_core::sheet::block::Code;
use doorstep_core::sheet::{Copy, Layout, PaperKind, SheetInput, compose};

use super::{is_printable, render};
use crate::pages::samples::{Sample, Twist, now, people};

/// A resident whose name has a character of the plane beyond every font, and one only Hong Kong writes.
const RARE: &str = "陳𪛖㗎";

fn pdf(sample: &Sample, copy: Copy, lang: Lang, layout: Layout, photo: Option<&[u8]>) -> Vec<u8> {
    let (_, visit) = sample.order.visit().unwrap();
    let pictures = visit.photos.values().map(|photo| photo.picture);
    let thumbnails = pictures.filter_map(|digest| Some((digest, photo?.to_vec()))).collect();
    let code = Code { side: 21, dark: (0..21 * 21).map(|module| module % 3 == 0).collect() };
    let input = SheetInput {
        id: sample.id,
        order: &sample.order,
        firm: "翠湖花園",
        rulebook: &sample.rulebook,
        people: &people(),
        inks: &sample.inks,
        thumbnails: &thumbnails,
        warranty_days: &BTreeMap::new(),
        code: Some(&code),
        now: now(),
    };
    render(&compose(&input, PaperKind::Service, copy, lang).unwrap(), layout).unwrap()
}

/// What a reader's program makes of the file's text.
fn extracted(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sheet.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext").args(["-layout", path.to_str().unwrap(), "-"]).output();
    let output = output.expect("pdftotext of Debian's poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_text_of_a_pdf_is_the_text_of_the_sheet_in_every_language() {
    let sample = Sample::signed_off(2, "李婉儀", Twist::RefusesToSign);
    let wanted: [(Lang, &[&str]); 3] = [
        (
            Lang::ZhHant,
            &["服務單", "客戶留存聯", "住戶同意以上費用", "拒絕簽字", "認為角閥不應收費", "故障已排除"],
        ),
        (Lang::ZhHans, &["服务单", "客户留存联", "住户同意以上费用", "拒绝签字", "故障已排除", "认可"]),
        (
            Lang::En,
            &["Service sheet", "Resident's copy", "The resident agrees to this fee", "Refused to sign"],
        ),
    ];
    for (lang, words) in wanted {
        let text = extracted(&pdf(&sample, Copy::Resident, lang, Layout::A4, None));
        for word in
            words.iter().chain(&["WX000002", "李婉儀", "更換角閥（銅）", "¥130.00", "SJ-0001", "UTC+08:00"])
        {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
        assert!(text.replace(' ', "").contains("\n1/"), "pages are numbered: {text}");
    }
}

#[test]
fn a_character_beyond_the_fonts_is_named_and_a_rare_one_is_set() {
    let mut sample = Sample::signed_off(2, "李婉儀", Twist::None);
    sample.order.intake.as_mut().unwrap().resident = RARE.to_owned();
    let text = extracted(&pdf(&sample, Copy::Office, Lang::ZhHant, Layout::A4, None));
    assert!(text.contains("陳〔U+2A6D6〕㗎"), "{text}");
}

#[test]
fn the_same_sheet_is_the_same_file_with_photos_and_on_a_roll() {
    let photo = std::fs::read(root().join("demo/photos/before.jpg")).unwrap();
    let sample = Sample::signed_off(2, "李婉儀", Twist::LowRating);
    for layout in Layout::ALL {
        let make = || pdf(&sample, Copy::Office, Lang::ZhHans, layout, Some(&photo));
        assert_eq!(make(), make());
        assert!(make().windows(9).any(|bytes| bytes == b"DCTDecode"), "the photo is in the file as it is");
        // What calls itself a picture and is none leaves its place empty.
        assert!(render_with(&sample, layout, b"no picture").len() < make().len());
    }
}

fn render_with(sample: &Sample, layout: Layout, photo: &[u8]) -> Vec<u8> {
    pdf(sample, Copy::Office, Lang::ZhHans, layout, Some(photo))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every text of ours lies in these: words, rules and refusals in the code, policy packs, calendars, the demo's data.
const OURS: [&str; 5] = ["core/src", "core/policy", "core/calendars", "demo", "sync-server/src"];
const TEXTS: [&str; 4] = ["rs", "toml", "csv", "html"];

fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|ext| TEXTS.iter().any(|text| ext == *text)) {
            found.push(path);
        }
    }
}

#[test]
fn the_fonts_have_every_character_we_write() {
    let mut files = Vec::new();
    OURS.iter().for_each(|folder| texts(&root().join(folder), &mut files));
    assert!(files.len() > 150, "{}", files.len());
    let (mut seen, mut lacking) = (BTreeSet::new(), BTreeSet::new());
    // Tables and tests write about characters nobody is meant to print.
    let about = |path: &Path| {
        let path = path.to_string_lossy();
        path.contains("/fold") || path.contains("tests") || path.contains("/pdf/")
    };
    for path in files.iter().filter(|path| !about(path)) {
        // The order mark that spreadsheets put before a file is none of its text.
        let text = std::fs::read_to_string(path).unwrap().replace('\u{feff}', "");
        let text = text.split("\n#[cfg(test)]").next().unwrap_or_default();
        for c in text.chars().filter(|c| !c.is_control()) {
            seen.insert(c);
            for lang in Lang::ALL.into_iter().filter(|lang| !is_printable(c, *lang)) {
                lacking.insert((c, lang.tag(), path.clone()));
            }
        }
    }
    assert!(seen.len() > 1200 && lacking.is_empty(), "{} seen, lacking: {lacking:#?}", seen.len());
}

#[test]
fn simplified_text_takes_simplified_shapes() {
    let fonts = super::font::fonts().unwrap();
    let shape = |c, lang| fonts.set(c, lang).unwrap();
    // 骨 and 角 are one character each, written differently in the two scripts.
    for c in ['骨', '角'] {
        assert!(shape(c, Lang::ZhHans).simplified && !shape(c, Lang::ZhHant).simplified, "{c}");
    }
    assert!(!shape('一', Lang::ZhHans).simplified, "one shape serves both");
}
