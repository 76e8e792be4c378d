//! The papers of a visit: what each copy says, that nothing gets out of its place, and that every outcome is shown as such.

#[path = "../rules/world.rs"]
#[allow(dead_code, reason = "the rules' tests use the rest")]
mod world;

use std::collections::BTreeMap;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{Digest, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::money::Quantity;
use doorstep_core::domain::order::closing::PartUse;
use doorstep_core::domain::order::signing::{Capacity, Outcome};
use doorstep_core::domain::person::Role::{FrontDesk, Supervisor, Technician};
use doorstep_core::sheet::block::Code;
use doorstep_core::sheet::{Copy, Layout, NoSuchPaper, PaperKind, SheetInput, content_policy, html};

use self::world::{World, at, intake};

/// Makes sheets of a world's order.
struct Desk {
    world: World,
    firm: String,
    people: BTreeMap<PersonId, String>,
    thumbnails: BTreeMap<Digest, Vec<u8>>,
    warranty_days: BTreeMap<String, u32>,
    code: Option<Code>,
}

impl Desk {
    fn of(world: World) -> Self {
        let people = [("T01", "李志強"), ("F01", "何詠欣"), ("S01", "周永健")];
        let mut desk = Self {
            world,
            firm: "翠湖花園".to_owned(),
            people: people.into_iter().map(|(id, name)| (id.into(), name.to_owned())).collect(),
            thumbnails: BTreeMap::new(),
            warranty_days: [("M-031".to_owned(), 90)].into(),
            code: None,
        };
        let copies = &mut desk.world.rulebook.policy.copies;
        copies.service_phone = "020-0888 0100".to_owned();
        copies.complaint_line = "020-0888 0199".to_owned();
        desk
    }

    fn html(&self, kind: PaperKind, copy: Copy, lang: Lang, layout: Layout) -> Result<String, NoSuchPaper> {
        let input = SheetInput {
            id: self.world.id,
            order: &self.world.order,
            firm: &self.firm,
            rulebook: &self.world.rulebook,
            people: &self.people,
            inks: &self.world.inks,
            thumbnails: &self.thumbnails,
            warranty_days: &self.warranty_days,
            code: self.code.as_ref(),
            now: at("2026-11-25T15:30"),
        };
        html(&input, kind, copy, lang, layout)
    }

    fn sheet(&self, copy: Copy) -> String {
        self.html(PaperKind::Service, copy, Lang::ZhHant, Layout::A4).unwrap()
    }
}

fn assert_all(text: &str, wanted: &[&str]) {
    for want in wanted {
        assert!(text.contains(want), "{want} is not in\n{text}");
    }
}

#[test]
fn r88_the_resident_reads_what_was_found_done_agreed_paid_and_signed() {
    let mut world = World::paid();
    let part = PartUse {
        code: "M-031".into(),
        name: "銅角閥".into(),
        quantity: Quantity::whole(1),
        drawn_with: "LL-2211".into(),
        replaced_serial: String::new(),
    };
    world.does(Technician, Command::UsePart(part));
    let command = world.sign_off(Some(5));
    world.does(Technician, command);
    world.record(FrontDesk, vec![Fact::Numbered("WX000042".to_owned())]);
    let sealed = world.order.sign_off().unwrap().technician.document.to_string();
    let sheet = Desk::of(world).sheet(Copy::Resident);
    assert_all(
        &sheet,
        &[
            "<html lang=\"zh-Hant\">",
            "翠湖花園",
            "服務單",
            "客戶留存聯",
            "WX000042",
            "3-1502",
            "13800001502",
            "廚房水槽下漏水",
            "✓ 故障已排除",
            "更換角閥與軟管",
            "更換角閥",
            "¥80.00",
            "¥130.00",
            "住戶同意以上費用",
            "SJ-0001",
            "銅角閥",
            "2026年11月25日 13:55",
            "陳美玲 · 住戶",
            "李志強 · 維修員",
            "UTC+08:00",
            "020-0888 0100",
            "020-0888 0199",
            "★★★★★",
            "師傅很細心",
            "2026年11月28日前",
            "銅角閥：90 天，至 2027年2月23日",
        ],
    );
    let short: Vec<&str> = [0, 4, 8, 12].map(|from| &sealed[from..from + 4]).to_vec();
    assert!(sheet.contains(&format!("封存碼 {}", short.join(" "))), "{sealed}");
    // Technician and resident under the sign-off, resident under fee and liability: all four are drawn.
    assert_eq!(sheet.matches("<svg").count(), 4);
    assert!(!sheet.contains("banner\" role"), "a plain sheet warns of nothing");
}

#[test]
fn r9_each_copy_shows_what_its_reader_needs() {
    let mut world = World::paid();
    world.does(Technician, Command::RequestAssistance { text: "需電工協助".into() });
    let command = world.sign_off(Some(5));
    world.does(Technician, command);
    let desk = Desk::of(world);
    let [resident, technician, office] =
        [Copy::Resident, Copy::Technician, Copy::Office].map(|copy| desk.sheet(copy));
    let inside = ["需電工協助", "聯繫記錄", "向負責人匯報"];
    for word in inside {
        assert!(office.contains(word) && !resident.contains(word) && !technician.contains(word), "{word}");
    }
    // What is held for the office is on the firm's copies only.
    assert!(office.contains("<h2>保管</h2>") && technician.contains("<h2>保管</h2>"));
    assert!(!resident.contains("<h2>保管</h2>"));
    assert!(technician.contains("…1502") && !technician.contains("13800001502"));
    // Never another price, another signature.
    for sheet in [&resident, &technician, &office] {
        assert_all(sheet, &["¥130.00", "陳美玲 · 住戶", "李志強 · 維修員", "封存碼"]);
    }
}

#[test]
fn r71_refusal_absence_and_objection_are_shown_as_such() {
    let outcomes: [(Outcome, &[&str]); 2] = [
        (
            Outcome::Refused("認為不該收費".into()),
            &["住戶拒絕簽字", "拒絕簽字", "認為不該收費", "signature refused"],
        ),
        (Outcome::Absent("住戶臨時外出".into()), &["簽收時無人簽字", "住戶臨時外出", "signature absent"]),
    ];
    let paper = Paper::Sheet { rating: None, opinion: String::new() };
    let close = |world: &mut World, resident| {
        let technician = world.sign(&paper, "李志強", Capacity::Technician);
        world.does(
            Technician,
            Command::SignOff { technician, resident, rating: None, opinion: String::new() },
        );
    };
    for (outcome, wanted) in outcomes {
        let mut world = World::paid();
        world.rulebook.policy.sign_off.rating = doorstep_core::domain::policy::Ask::Optional;
        close(&mut world, outcome);
        assert_all(&Desk::of(world).sheet(Copy::Resident), wanted);
    }
    let mut world = World::paid();
    world.rulebook.policy.sign_off.rating = doorstep_core::domain::policy::Ask::Optional;
    let signed = world.sign(&paper, "陳美玲", Capacity::Relative("女兒".into()));
    close(&mut world, Outcome::SignedWithObjection(signed, "地面刮花".into()));
    assert_all(
        &Desk::of(world).sheet(Copy::Resident),
        &["住戶簽字，並附異議", "地面刮花", "陳美玲 · 住戶親屬（女兒）", "signature objection"],
    );
}

#[test]
fn r71_a_refused_quote_is_no_fee() {
    let mut world = World::quoted();
    let outcome = world.resident_signs(&Paper::Quote { agreed: false });
    world.does(Technician, Command::AnswerQuote { agreed: false, outcome });
    let sheet = Desk::of(world).sheet(Copy::Resident);
    assert_all(&sheet, &["住戶不同意以上費用", "住戶未同意任何收費。", "尚未簽收"]);
    assert!(!sheet.contains("尚欠"));
}

#[test]
fn what_anybody_wrote_stays_text() {
    let evil = "<img src=x onerror=alert(1)>\"'&\u{202e}倒";
    let mut world = World::new();
    let mut form = intake();
    (form.resident, form.unit, form.fault) = (evil.to_owned(), evil.to_owned(), evil.to_owned());
    world.does(FrontDesk, Command::Register(form));
    world.record(FrontDesk, vec![Fact::Numbered(evil.to_owned())]);
    let mut desk = Desk::of(world);
    desk.firm = evil.to_owned();
    desk.people.insert("F01".into(), evil.to_owned());
    desk.world.rulebook.policy.copies.service_phone = evil.to_owned();
    for copy in Copy::ALL {
        for layout in Layout::ALL {
            for lang in Lang::ALL {
                let sheet = desk.html(PaperKind::Service, copy, lang, layout).unwrap();
                assert!(!sheet.contains("<img") && !sheet.contains('\u{202e}'), "{sheet}");
                assert!(sheet.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;倒"));
            }
        }
    }
}

#[test]
fn a_sheet_loads_nothing_and_carries_its_photos() {
    let mut desk = Desk::of(World::signed_off());
    let (_, visit) = desk.world.order.visit().unwrap();
    let first = visit.photos.values().next().unwrap().picture;
    desk.thumbnails.insert(first, vec![0xff, 0xd8, 0xff]);
    desk.code = Some(Code { side: 3, dark: vec![true, true, false, false, true, true, true, false, true] });
    for layout in Layout::ALL {
        let sheet = desk.html(PaperKind::Service, Copy::Resident, Lang::ZhHant, layout).unwrap();
        assert_all(
            &sheet,
            &[
                "data:image/jpeg;base64,/9j/",
                "維修前 · 2026年",
                "維修後 · 2026年",
                "viewBox=\"-4 -4 11 11\"",
                "d=\"M0 0h2v1h-2zM1 1h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z\"",
                "掃碼可核對封存內容",
            ],
        );
        assert!(sheet.contains(&content_policy(layout)));
        for outside in ["http://", "https://", "src=\"/", "url(", "<script", "<link", "style=\""] {
            // The one address is the name of SVG's own vocabulary.
            let text = sheet.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assert!(!text.contains(outside), "{outside}");
        }
    }
    let none = Desk::of(World::signed_off()).sheet(Copy::Resident);
    assert!(none.contains("照片未存於此"));
}

#[test]
fn each_language_is_marked_and_complete() {
    let desk = Desk::of(World::signed_off());
    let sheet = |lang| desk.html(PaperKind::Service, Copy::Office, lang, Layout::A4).unwrap();
    assert_all(
        &sheet(Lang::ZhHans),
        &["<html lang=\"zh-Hans\">", "服务单", "存根联", "住户同意以上费用", "已签字"],
    );
    assert_all(
        &sheet(Lang::En),
        &[
            "<html lang=\"en\">",
            "Service sheet",
            "Office copy",
            "25 Nov 2026 13:55",
            "The fault is gone",
            "by 28 Nov 2026",
        ],
    );
}

#[test]
fn r74_r78_what_was_taken_has_a_receipt_and_a_pass() {
    let mut world = World::working();
    let items = vec![("淨水器".to_owned(), "SN-778".to_owned()), ("濾芯".to_owned(), String::new())];
    let paper = Paper::TakeAway { receipt_no: "QJ-12".into(), items: items.clone() };
    let outcome = world.resident_signs(&paper);
    world.does(Technician, Command::TakeAway { receipt_no: "QJ-12".into(), items, outcome });
    let id = *world.order.take_aways.keys().next().unwrap();
    let elsewhere = doorstep_core::domain::ids::FactId(doorstep_core::domain::ids::EntryId::new(), 0);
    let desk = Desk::of(world);
    let receipt =
        desk.html(PaperKind::PickUp(id), Copy::Resident, Lang::ZhHant, Layout::Receipt80mm).unwrap();
    assert_all(
        &receipt,
        &["取機憑證", "QJ-12", "淨水器", "SN-778", "濾芯", "李志強", "陳美玲 · 住戶", "領回人簽字"],
    );
    assert_eq!(receipt.matches("<svg").count(), 1);
    let pass = desk.html(PaperKind::GatePass(id), Copy::Office, Lang::ZhHant, Layout::A4).unwrap();
    assert_all(&pass, &["大件物品出門條", "QJ-12", "保安簽字", "簽發人簽字或蓋章", "出入口"]);
    // Security checks the things one by one: a box for each.
    assert_eq!(pass.matches('□').count(), 2);
    assert!(!pass.contains("陳美玲 · 住戶"), "a signature is not for the gate");
    assert_all(&desk.sheet(Copy::Resident), &["帶走物品", "QJ-12", "SN-778"]);
    let none = desk.html(PaperKind::PickUp(elsewhere), Copy::Resident, Lang::ZhHant, Layout::A4);
    assert_eq!(none, Err(NoSuchPaper(elsewhere)));
}

#[test]
fn an_order_with_nothing_in_it_still_makes_a_sheet_that_says_so() {
    let desk = Desk::of(World::new());
    for copy in Copy::ALL {
        assert_all(&desk.sheet(copy), &["待編號", "尚未簽收", "未簽"]);
    }
    let mut world = World::signed_off();
    world.does(Supervisor, Command::Void { reason: "重複登記".into() });
    assert!(Desk::of(world).sheet(Copy::Office).contains("本單已作廢：重複登記"));
}
