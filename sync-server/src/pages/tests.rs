//! The pages with sixty sample orders: what is odd comes first, texts are all there, and nothing needs a script.

use std::collections::BTreeMap;

use askama::Template;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::PersonId;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::person::Role;
use doorstep_core::domain::policy::CopyKind;

use super::detail::{DetailPage, Reading, Typed};
use super::frame::{Frame, Me};
use super::list::{ListPage, Query, Shown, Source};
use super::samples::{RESIDENTS, Sample, Twist, now, people, supervisor};
use super::words::names::Names;

fn frame(lang: Lang, here: &str) -> Frame {
    let me =
        Me {
            org: "翠湖物業".into(), name: "周永健".into(), role: Role::Supervisor, csrf: "token".into()
        };
    Frame::new(lang, Some(me), here)
}

/// With `DOORSTEP_PAGES_OUT` set, keeps a page for a look in the browser.
fn keep(name: &str, html: &str) {
    if let Ok(dir) = std::env::var("DOORSTEP_PAGES_OUT") {
        std::fs::write(format!("{dir}/{name}.html"), html).unwrap();
    }
}

fn sixty(odd: &[(u32, Twist)]) -> Vec<Sample> {
    let twist = |n: u32| odd.iter().find(|(at, _)| *at == n).map_or(Twist::None, |(_, twist)| *twist);
    (1..=60).map(|n| Sample::signed_off(n, RESIDENTS[n as usize % 8], twist(n))).collect()
}

fn list(samples: &[Sample], lang: Lang, query: &Query) -> String {
    let (people, rulebook) = (people(), Rulebook::builtin());
    let orders: Vec<_> = samples.iter().map(Sample::stored).collect();
    let names = Names { people: &people, policy: &rulebook.policy, lang };
    let technicians = [PersonId::from("W101"), PersonId::from("W102")];
    let counts = [(Status::SignedOff, samples.len() as u64), (Status::Approved, 214)];
    let source = Source {
        orders: &orders,
        counts: &counts,
        technicians: &technicians,
        rulebook: &rulebook,
        names,
        now: now(),
    };
    ListPage::new(frame(lang, "/"), &source, query).render().unwrap()
}

fn detail(sample: &Sample, lang: Lang) -> String {
    let (people, actor) = (people(), supervisor());
    let reading = Reading {
        id: sample.id,
        order: &sample.order,
        log: &sample.log,
        inks: &sample.inks,
        photos: &sample.photos,
        rulebook: &sample.rulebook,
        org: &sample.org,
        actor: &actor,
        names: Names { people: &people, policy: &sample.rulebook.policy, lang },
        technicians: &[PersonId::from("W101"), PersonId::from("W102")],
        expiring: &BTreeMap::from([(PersonId::from("W102"), "2026-12-15".parse().unwrap())]),
        now: now(),
        seq: 7,
    };
    let frame = frame(lang, &format!("/orders/{}", sample.id));
    DetailPage::new(frame, &reading, None, Typed::default()).render().unwrap()
}

#[test]
fn the_one_odd_order_of_sixty_is_the_first_and_says_why() {
    let samples = sixty(&[(37, Twist::RefusesToSign)]);
    let html = list(&samples, Lang::ZhHant, &Query::default());
    keep("list-one-odd", &html);
    let odd = html.find("id=\"odd\"").unwrap();
    let plain = html.find("id=\"plain\"").unwrap();
    let mut numbers = html.match_indices("WX0000");
    let (first, _) = numbers.next().unwrap();
    assert!(odd < first && first < plain);
    assert!(html[first..].starts_with("WX000037"), "{}", &html[first..first + 20]);
    assert!(html[odd..plain].contains("住戶拒絕簽字：認為角閥不應收費"));
    assert_eq!(html[odd..plain].matches("<tr role=\"row\"").count(), 2, "one row and the heading");
    assert_eq!(html.matches("class=\"number\"").count(), 60);
}

#[test]
fn louder_reasons_stand_before_quieter_ones_in_every_language() {
    let odd = [(5, Twist::Late), (20, Twist::LowRating), (37, Twist::RefusesToSign), (50, Twist::Conflict)];
    let samples = sixty(&odd);
    for lang in Lang::ALL {
        let html = list(&samples, lang, &Query::default());
        keep(&format!("list-{}", lang.tag()), &html);
        let place = |number: &str| html.find(number).unwrap();
        for alert in ["WX000020", "WX000037", "WX000050"] {
            assert!(place(alert) < place("WX000005"), "{alert}");
        }
        assert!(place("WX000005") < html.find("id=\"plain\"").unwrap());
    }
}

#[test]
fn a_search_text_stands_in_no_address_of_the_page() {
    let samples = sixty(&[]);
    let query = Query { text: "李婉儀".into(), shown: Shown::All, ..Query::default() };
    let html = list(&samples, Lang::ZhHant, &query);
    assert!(html.contains("value=\"李婉儀\""));
    for (at, _) in html.match_indices("href=\"") {
        let address: String = html[at + 6..].chars().take_while(|c| *c != '"').collect();
        assert!(!address.contains('李') && !address.contains("%E6%9D%8E"), "{address}");
    }
}

#[test]
fn the_page_of_an_order_shows_everything_a_review_needs() {
    let sample = Sample::signed_off(8, "李婉儀", Twist::Conflict);
    for lang in Lang::ALL {
        let html = detail(&sample, lang);
        keep(&format!("detail-{}", lang.tag()), &html);
        assert_eq!(html.matches("<svg class=\"ink\"").count(), 4, "liability, quote, technician, resident");
        for text in ["WX000008", "李婉儀", "¥130.00", "SJ-0001", "142 0000 1999", "142 0000 1777", "陳志強"]
        {
            assert!(html.contains(text), "{text}");
        }
        // The conflict closes the approval, and the page says so with rule and clause.
        let ui = super::words::ui::ui(lang);
        assert!(html.contains(ui.cannot_now) && html.contains("R89"), "{lang:?}");
        assert!(html.contains("disabled aria-describedby=\"why-approve\""));
        assert!(!html.contains("<script") && !html.contains("style=\""), "the policy allows neither");
    }
}

#[test]
fn an_order_without_objection_can_be_approved() {
    let sample = Sample::signed_off(8, "李婉儀", Twist::None);
    assert!(sample.order.concerns.is_empty(), "{:?}", sample.order.concerns);
    let html = detail(&sample, Lang::ZhHant);
    keep("detail-calm", &html);
    assert!(html.contains("未見異常。") && !html.contains("aria-describedby=\"why-approve\""));
    keep("detail-refused", &detail(&Sample::signed_off(9, "黃國輝", Twist::RefusesToSign), Lang::ZhHant));
}

#[test]
fn people_s_own_words_are_escaped() {
    let mut sample = Sample::signed_off(8, "李婉儀", Twist::None);
    let text = "<script>alert(1)</script>".to_owned();
    sample.does(Role::Supervisor, doorstep_core::domain::command::Command::AddNote { text });
    let html = detail(&sample, Lang::En);
    assert!(!html.contains("<script>") && html.contains("&#60;script&#62;"));
}

/// R9: an office is offered the copies of its own set.
#[test]
fn only_the_firm_s_set_of_copies_is_offered() {
    let mut sample = Sample::signed_off(7, "李婉儀", Twist::None);
    let html = detail(&sample, Lang::ZhHant);
    assert!(["resident", "technician", "office"].iter().all(|copy| html.contains(&format!("copy={copy}"))));
    sample.rulebook.policy.copies.set = vec![CopyKind::Office, CopyKind::Resident];
    let html = detail(&sample, Lang::ZhHant);
    assert!(html.contains("copy=office") && !html.contains("copy=technician"));
}
