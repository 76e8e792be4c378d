//! The dry run's text: how much was read, and every fault and note with its place.

use std::fmt::Write as _;

use doorstep_core::domain::lang::Lang;

use super::folder::{ORG_FILE, OfficeFiles, PEOPLE_FILE, PRICES_FILE, REGISTRATIONS_FILE, UNITS_FILE};

/// Lists longer than this are cut, with a line that says how many more there are.
const MAX_LISTED: usize = 200;

/// The report of a folder, in one language, ready to print.
#[must_use]
pub fn report_text(files: &OfficeFiles, lang: Lang) -> String {
    let mut out = String::new();
    let say =
        |zh_hant: &'static str, zh_hans: &'static str, en: &'static str| lang.pick([zh_hant, zh_hans, en]);
    let faults = files.faults().count();
    let notes = files.notes().count();
    line(
        &mut out,
        format_args!("{} {}", say("檢查資料夾", "检查文件夹", "Checked folder"), files.folder.display()),
    );
    if let Some(org) = &files.org.rows {
        line(
            &mut out,
            format_args!("{} ({}, {}, {})", org.name.get(lang), org.id, org.region, org.currency.code()),
        );
    }
    line(&mut out, format_args!(""));
    let OfficeFiles { org, units, prices, people, registrations, .. } = files;
    let counts = [
        (ORG_FILE, usize::from(org.rows.is_some()), org.faults.len(), org.notes.len()),
        (UNITS_FILE, units.rows.len(), units.faults.len(), units.notes.len()),
        (PRICES_FILE, prices.rows.len(), prices.faults.len(), prices.notes.len()),
        (PEOPLE_FILE, people.rows.len(), people.faults.len(), people.notes.len()),
        (REGISTRATIONS_FILE, registrations.rows.len(), registrations.faults.len(), registrations.notes.len()),
    ];
    for (name, rows, faults, notes) in counts {
        let [good, wrong, remarks] = match lang {
            Lang::ZhHant => ["筆正確", "處錯誤", "則附註"],
            Lang::ZhHans => ["条正确", "处错误", "条附注"],
            Lang::En => ["good", "fault(s)", "note(s)"],
        };
        line(
            &mut out,
            format_args!("  {name:<18} {rows:>6} {good}  {faults:>5} {wrong}  {notes:>5} {remarks}"),
        );
    }
    section(
        &mut out,
        say("錯誤", "错误", "Faults"),
        faults,
        files.faults().map(|fault| (fault.place(lang), fault.message(lang))),
        lang,
    );
    section(
        &mut out,
        say("附註", "附注", "Notes"),
        notes,
        files.notes().map(|note| (note.place(lang), note.message(lang))),
        lang,
    );
    line(&mut out, format_args!(""));
    let verdict = if faults == 0 {
        say("可以匯入。", "可以导入。", "Ready to import.")
    } else {
        say(
            "請改正錯誤後再匯入；什麼都沒有寫入。",
            "请改正错误后再导入；什么都没有写入。",
            "Correct the faults and import again; nothing was written.",
        )
    };
    line(&mut out, format_args!("{verdict}"));
    out
}

fn section(
    out: &mut String,
    title: &str,
    count: usize,
    items: impl Iterator<Item = (String, String)>,
    lang: Lang,
) {
    if count == 0 {
        return;
    }
    line(out, format_args!("\n{title} {count}"));
    for (place, message) in items.take(MAX_LISTED) {
        line(out, format_args!("  {place}\n      {message}"));
    }
    if let Some(more) = count.checked_sub(MAX_LISTED).filter(|more| *more > 0) {
        match lang {
            Lang::ZhHant => line(out, format_args!("  另有 {more} 項")),
            Lang::ZhHans => line(out, format_args!("  另有 {more} 项")),
            Lang::En => line(out, format_args!("  and {more} more")),
        }
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}
