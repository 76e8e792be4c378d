//! The office's pages over HTTP: sessions, forms and their tokens, refusals, and what another firm may not see.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::person::Role;
use doorstep_core::domain::time::{Stamp, Window};
use doorstep_server::WallClock;

use crate::phone::Phone;
use crate::world::{Answer, ORG, World, intake};

const PASSWORD: &str = "supervisor 2";

/// A browser: keeps its cookies, sends forms.
pub(crate) struct Browser<'a> {
    world: &'a World,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, cookies: Vec::new() }
    }

    /// Signed in at the demo's first firm.
    pub(crate) fn of(world: &'a World, person: &str) -> Self {
        world.user(person, PASSWORD);
        let mut browser = Self::new(world);
        let answer = browser.post("/login", &[("org", ORG), ("user", person), ("password", PASSWORD)]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{}", answer.text());
        browser
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form: Vec<String> =
            fields.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
        self.ask("POST", path, &form.join("&"))
    }

    /// Sends a form with its token and the state it was made at, as the page holds them.
    fn act(&mut self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (csrf, seen) = (hidden(page, "csrf"), hidden(page, "seen"));
        let own = [("csrf", csrf.as_str()), ("seen", seen.as_str())];
        self.post(path, &[&own, fields].concat())
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let kind = "application/x-www-form-urlencoded";
        let headers = [("cookie", cookies.as_str()), ("content-type", kind), ("accept-language", "zh-TW")];
        let answer = self.world.client().send(method, path, &headers, body.as_bytes());
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The value of a hidden field of the page.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let (_, rest) =
        text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {text}"));
    rest.split('"').next().unwrap().to_owned()
}

fn address(order: OrderId) -> String {
    format!("/orders/{order}")
}

#[test]
fn pages_ask_for_a_password_and_say_nothing_of_which_part_was_wrong() {
    let world = World::new();
    let order = world.register();
    let mut stranger = Browser::new(&world);
    for path in ["/", "/?status=all", &address(order)] {
        let answer = stranger.get(path);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{path}");
    }
    let refused = stranger.post(&format!("{}/void", address(order)), &[("reason", "x")]);
    assert_eq!(refused.header("location"), Some("/login"));
    assert!(world.order(order).unwrap().order.void.is_none());

    world.user("G002", PASSWORD);
    let tries = [(ORG, "G002", "wrong"), (ORG, "nobody", PASSWORD), ("no-such-firm", "G002", PASSWORD)];
    for (org, user, password) in tries {
        let answer = stranger.post("/login", &[("org", org), ("user", user), ("password", password)]);
        assert_eq!(answer.status, 401);
        assert!(answer.text().contains("公司代碼、員工編號或密碼不正確"), "{org} {user}");
        assert!(!answer.text().contains(password), "a password never comes back");
    }
}

#[test]
fn every_page_forbids_foreign_scripts_frames_and_shared_caches() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    for (path, is_live) in [("/", true), (&address(order), true), ("/orders/x", false), ("/nowhere", false)] {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        // Its own file, which shows what changed, and nothing that stands in a page.
        assert_eq!(policy.contains("script-src 'self'; connect-src 'self';"), is_live, "{policy}");
        let scripts: Vec<_> = answer.text().match_indices("<script").map(|(at, _)| at).collect();
        assert_eq!(scripts.len(), usize::from(is_live), "{path}");
        assert_eq!(answer.text().contains("<script src=\"/assets/live.js?v="), is_live, "{path}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
        assert!(answer.header("cache-control").unwrap().starts_with("private"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(!answer.text().contains("style=\""), "{path}");
    }
    let style = browser.get("/assets/office.css");
    assert!(style.header("cache-control").unwrap().contains("immutable"));
}

#[test]
fn a_form_without_the_session_s_token_changes_nothing() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    for csrf in ["", "guessed"] {
        let answer = browser.post(&format!("{}/void", address(order)), &[("csrf", csrf), ("reason", "x")]);
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("您不能做這一步"));
        assert_eq!(browser.post("/", &[("csrf", csrf), ("q", "x")]).status, 403);
        assert_eq!(browser.post("/logout", &[("csrf", csrf)]).status, 403);
    }
    assert!(world.order(order).unwrap().order.void.is_none());
    assert_eq!(browser.get("/").status, 200, "still signed in");
}

#[test]
fn an_act_is_done_once_said_once_and_told_in_the_timeline() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order));
    let done = browser.act(&page, &format!("{}/void", address(order)), &[("reason", "重複登記")]);
    assert_eq!((done.status, done.header("location")), (303, Some(address(order).as_str())));
    let after = browser.get(&address(order)).text();
    assert!(
        after.contains("已作廢，單號保留。") && after.contains("作廢：重複登記") && after.contains("周永健")
    );
    assert!(!browser.get(&address(order)).text().contains("已作廢，單號保留。"), "the message is said once");
    assert_eq!(world.order(order).unwrap().order.void.unwrap().reason, "重複登記");
}

#[test]
fn a_refusal_is_shown_with_its_rule_in_the_reader_s_language() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order));
    let expected = [
        ("zh-Hant", "工單尚未完成，不能審核。"),
        ("zh-Hans", "工单尚未完成，不能审核。"),
        ("en", "The order is not complete"),
    ];
    for (lang, words) in expected {
        let chosen = browser.get(&format!("{}?lang={lang}", address(order)));
        assert_eq!((chosen.status, chosen.header("location")), (303, Some(address(order).as_str())));
        let answer = browser.act(&page, &format!("{}/approve", address(order)), &[("note", "核對無誤")]);
        assert_eq!(answer.status, 422);
        let text = answer.text();
        assert!(text.contains(&format!("<html lang=\"{lang}\">")) && text.contains(words), "{lang}");
        assert!(text.contains("R157"));
    }
}

#[test]
fn nobody_judges_what_changed_after_they_opened_it() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order));
    world.office("G003", Role::FrontDesk, order, Command::AddNote { text: "住戶來電補充".into() }).unwrap();
    let answer = browser.act(&page, &format!("{}/void", address(order)), &[("reason", "重複登記")]);
    assert_eq!(answer.status, 409);
    let text = answer.text();
    assert!(
        text.contains("工單在您查看之後有更新")
            && text.contains("住戶來電補充")
            && text.contains("value=\"重複登記\"")
    );
    assert!(world.order(order).unwrap().order.void.is_none());
    let again = browser.act(&answer, &format!("{}/void", address(order)), &[("reason", "重複登記")]);
    assert_eq!(again.status, 303);
}

#[test]
fn a_name_is_searched_in_either_script_and_leaves_no_trace_in_an_address() {
    let world = World::new();
    world.register();
    let other = OrderId::new();
    let request =
        doorstep_core::domain::order::intake::Intake { resident: "王建華".into(), ..intake("換燈") };
    world.office("G003", Role::FrontDesk, other, Command::Register(request)).unwrap();
    let mut browser = Browser::of(&world, "G002");
    let csrf = hidden(&browser.get("/"), "csrf");
    let found = browser.post("/", &[("csrf", &csrf), ("status", "all"), ("q", "王建华")]);
    assert_eq!((found.status, found.header("location")), (200, None));
    assert!(found.text().contains(&other.to_string()) && !found.text().contains("陳美玲"));
    let plain =
        browser.post("/", &[("csrf", &csrf), ("status", "registered"), ("day", "2026-11-26"), ("q", " ")]);
    assert_eq!(plain.header("location"), Some("/?status=registered&day=2026-11-26"));
}

#[test]
fn a_technician_and_another_firm_see_nothing() {
    let world = World::new();
    let order = world.register();
    let mut technician = Browser::of(&world, "W101");
    for path in ["/", &address(order)] {
        let answer = technician.get(path);
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("請用手機程式") && !answer.text().contains("陳美玲"), "{path}");
    }
    let refused = technician.post(&format!("{}/note", address(order)), &[("text", "x")]);
    assert_eq!(refused.status, 403);

    world.import("second-office", false);
    let (theirs, person) = (OrgId::from("harbour-court"), "S1".into());
    let state = world.state();
    world
        .runtime
        .block_on(doorstep_server::admin::add_user(state, &theirs, &person, None, PASSWORD))
        .unwrap();
    let mut stranger = Browser::new(&world);
    let entered =
        stranger.post("/login", &[("org", "harbour-court"), ("user", "S1"), ("password", PASSWORD)]);
    assert_eq!(entered.status, 303);
    let start = stranger.get("/?status=all");
    assert!(start.status == 200 && !start.text().contains("陳美玲"));
    assert_eq!(stranger.get(&address(order)).status, 404);
    let csrf = hidden(&start, "csrf");
    let act = stranger
        .post(&format!("{}/void", address(order)), &[("csrf", &csrf), ("seen", "1"), ("reason", "x")]);
    assert_eq!(act.status, 404);
    assert!(world.order(order).unwrap().order.void.is_none());
}

#[test]
fn signing_out_ends_the_session_for_good() {
    let world = World::new();
    let mut browser = Browser::of(&world, "G002");
    let kept = browser.cookies.clone();
    let csrf = hidden(&browser.get("/"), "csrf");
    let left = browser.post("/logout", &[("csrf", &csrf)]);
    assert_eq!((left.status, left.header("location")), (303, Some("/login")));
    assert!(left.header("clear-site-data").is_some());
    browser.cookies = kept;
    assert_eq!(browser.get("/").header("location"), Some("/login"), "a copied cookie is worth nothing");
}

#[test]
fn what_a_browser_would_never_send_is_answered_as_a_page() {
    let world = World::new();
    let order = world.register();
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order));
    type Form<'a> = &'a [(&'a str, &'a str)];
    let odd: [(&str, Form<'_>, u16); 5] = [
        ("assign", &[("technician", "G002")], 400),
        ("settle-field", &[("field", "number"), ("value", "x")], 400),
        ("waive", &[("rule", "-1")], 400),
        ("no-such-act", &[], 404),
        ("void", &[("reason", "\u{0}\u{202e}<i id=x>")], 303),
    ];
    for (act, fields, status) in odd {
        let answer = browser.act(&page, &format!("{}/{act}", address(order)), fields);
        assert_eq!(answer.status, status, "{act}");
    }
    assert!(!browser.get(&address(order)).text().contains("<i id=x>"));
    let broken = browser.ask("POST", "/", "%ff=%zz&q");
    assert!(matches!(broken.status, 400 | 403), "{}", broken.status);
    assert!(broken.header("content-security-policy").is_some());
    assert_eq!(browser.get("/v1/no-such-address").error(), "not_found", "programs get JSON");
}

#[test]
fn the_papers_of_an_order_are_printed_for_the_office_alone() {
    let world = World::new();
    let order = world.register();
    let path = |query: &str| format!("{}/sheet{query}", address(order));
    let stranger = Browser::new(&world).get(&path(""));
    assert_eq!((stranger.status, stranger.header("location")), (303, Some("/login")));
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order)).text();
    assert!(page.contains("/sheet?copy=resident&#38;lang=zh-Hans&#38;layout=a4"), "{page}");
    for (query, wanted) in [
        ("", "<html lang=\"zh-Hant\">"),
        ("?copy=office&lang=zh-Hans&layout=80mm", "存根联"),
        ("?copy=technician&lang=en", "Technician&#39;s copy"),
    ] {
        let answer = browser.get(&path(query));
        assert_eq!(answer.status, 200, "{query}");
        assert!(answer.text().contains(wanted) && answer.text().contains("尚未簽收") == query.is_empty());
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("style-src 'sha256-") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(answer.header("cache-control").unwrap().starts_with("private"));
    }
    // A paper's language is the paper's: the pages stay in theirs.
    assert!(browser.get(&address(order)).text().contains("<html lang=\"zh-Hant\">"));
    let nothing_taken = "?paper=pick-up&of=01a20da2-83b1-7158-9793-17df32a07edb.0";
    let wrong =
        ["?copy=all", "?lang=fr", "?layout=a5", "?paper=x", "?paper=pick-up", "?copy=office&copy=office"];
    for query in wrong {
        assert_eq!(browser.get(&path(query)).status, 400, "{query}");
    }
    assert_eq!(browser.get(&path(nothing_taken)).status, 404);
    let other = format!("/orders/{}/sheet", OrderId::new());
    assert_eq!(browser.get(&other).status, 404);
}

#[test]
fn what_comes_in_about_a_closed_order_needs_attention_until_it_is_settled() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    world.office("G002", Role::Supervisor, order, Command::Void { reason: "重複登記".into() }).unwrap();
    let mut browser = Browser::of(&world, "G002");
    let listed = |browser: &mut Browser<'_>| browser.get("/?status=odd").text().contains(&address(order));
    assert!(!listed(&mut browser), "voided with nothing open");
    // The technician, without network, had gone there all the same.
    phone.record(order, vec![Fact::Arrived]);
    phone.sync();
    assert!(listed(&mut browser));
    let page = browser.get(&address(order));
    let void = browser.act(&page, &format!("{}/void", address(order)), &[("reason", "已問過師傅")]);
    assert_eq!(void.status, 303, "{}", void.text());
    assert!(!listed(&mut browser));
    assert_eq!(world.order(order).unwrap().order.concerns.len(), 1, "kept on the order");
}

/// R46: whoever assigns sees a certificate that is about to end, thirty days before as the pack says.
#[test]
fn whoever_assigns_is_warned_of_a_certificate_that_ends() {
    for (day, warned) in [("2026-11-14T09:00:00+08:00", false), ("2026-11-15T09:00:00+08:00", true)] {
        let now = Stamp::parse(day).unwrap().utc_ms;
        let world = World::with(WallClock::reading(move || now));
        let order = world.register();
        world.office("G003", Role::FrontDesk, order, Command::Accept { materials: String::new() }).unwrap();
        let page = Browser::of(&world, "G003").get(&address(order)).text();
        assert_eq!(page.contains("梁家明（證書有效至 2026-12-15）"), warned, "{day}");
        assert!(page.contains("陳志強</option>"), "valid for years");
    }
}

#[test]
fn whoever_takes_an_order_from_somebody_at_the_door_is_told_first() {
    let world = World::new();
    let order = world.register();
    world.accept_and_assign(order, "W101");
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let window = Window {
        start: Stamp::new(world.state().now_ms(), 480),
        end: Stamp::new(world.state().now_ms(), 480),
    };
    phone.record(order, vec![Fact::VisitBooked(window), Fact::SetOut, Fact::Arrived]);
    phone.sync();
    let mut browser = Browser::of(&world, "G002");
    let page = browser.get(&address(order));
    let void = format!("{}/void", address(order));
    let asked = browser.act(&page, &void, &[("reason", "重複登記")]);
    assert_eq!(asked.status, 409, "{}", asked.text());
    let text = asked.text();
    assert!(text.contains("陳志強的手機有一個進行中的上門") && text.contains("最後聯絡：今天"), "{text}");
    assert!(text.contains("value=\"重複登記\"") && hidden(&asked, "confirmed") == "yes");
    assert!(world.order(order).unwrap().order.void.is_none());
    // The same for a program, which also sees it in the order.
    let token = world.login("G002", PASSWORD);
    let mut client = world.client();
    let seen = client.json("GET", &format!("/v1/orders/{order}"), &token, "").value();
    assert_eq!(seen["at_work"][0]["device"], phone.id.to_string());
    let (commands, body) = (format!("/v1/orders/{order}/commands"), r#"{"void":{"reason":"x"}}"#);
    let answer = client.json("POST", &commands, &token, body);
    assert_eq!((answer.status, answer.error().as_str()), (409, "needs_confirm"));
    // Who knows it, does it.
    let done = browser.act(&asked, &void, &[("reason", "重複登記"), ("confirmed", "yes")]);
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(world.order(order).unwrap().order.void.is_some());
    // Nobody is at the door of a closed order.
    let seen = client.json("GET", &format!("/v1/orders/{order}"), &token, "").value();
    assert_eq!(seen["at_work"].as_array().unwrap().len(), 0);
}
