//! The scenario of every language, through the binding's own Rust: what it ends in is what all the packages end in.
//!
//! `DOORSTEP_BLESS=1` writes the expected state anew.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use chrono::{Days, FixedOffset, NaiveTime, TimeZone as _, Utc};
use doorstep_ffi::*;
use serde_json::Value;

struct Stage {
    child: Child,
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Stage {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stage"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a stage");
        let ask = child.stdin.take();
        let mut stage = Self { answers: BufReader::new(child.stdout.take().unwrap()), child, ask };
        assert_eq!(stage.line(), "ready");
        stage
    }

    fn ask(&mut self, request: &str) -> String {
        writeln!(self.ask.as_mut().unwrap(), "{request}").unwrap();
        let answer = self.line();
        assert!(!answer.starts_with("failed"), "{request}: {answer}");
        answer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}

struct Player {
    phone: Arc<DoorstepPhone>,
    stage: Stage,
    orders: HashMap<String, String>,
    seals: HashMap<String, Arc<Sealed>>,
}

#[test]
fn the_day_ends_in_the_state_every_language_ends_in() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let day: Value = serde_json::from_slice(&std::fs::read(here.join("day.json")).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let settings = PhoneSettings {
        path: file("visits.db"),
        app_version: "scenario".to_owned(),
        roots_pem: None,
        device_seed: None,
        storage_key: None,
        watermark_font: None,
    };
    let phone = DoorstepPhone::open(settings).unwrap();
    let mut player = Player { phone, stage: Stage::start(), orders: HashMap::new(), seals: HashMap::new() };
    for step in day["steps"].as_array().unwrap() {
        player.play(step);
    }
    std::fs::write(file("state"), player.phone.exported_state().unwrap()).unwrap();
    player.stage.ask(&format!("normal {} {}", file("state"), file("normal")));
    let found = std::fs::read_to_string(file("normal")).unwrap();
    let expected = here.join("day.expected.jsonl");
    if std::env::var_os("DOORSTEP_BLESS").is_some() {
        std::fs::write(&expected, &found).unwrap();
    }
    assert!(found == std::fs::read_to_string(expected).unwrap(), "another state: {found}");
}

impl Player {
    fn play(&mut self, step: &Value) {
        let order = step["order"].as_str().map(|name| self.orders.get(name).cloned().unwrap_or_default());
        let order = order.unwrap_or_default();
        match text(&step["do"]).as_str() {
            "enrol" => {
                let code = self.stage.ask(&format!("code {}", text(&step["person"])));
                self.phone.enrol(code).unwrap();
            }
            "sync" => match (self.phone.sync(None), step["fails"].as_str()) {
                (Ok(_), None) | (Err(DoorstepException::Offline { .. }), Some("offline")) => {}
                (other, _) => panic!("{step}: {other:?}"),
            },
            "send_photos" => {
                let sent = self.phone.send_photos(true, false, None).unwrap();
                assert_eq!(sent.left, 0, "{sent:?}");
            }
            "new_order" => {
                self.orders.insert(text(&step["order"]), self.phone.new_order_id().unwrap());
            }
            "record" => {
                let command = self.command(&step["command"]);
                match (self.phone.record(order, command), &step["refused"]) {
                    (Ok(_), Value::Null) => {}
                    (Err(DoorstepException::Refused { reason, rule, needs, .. }), refused) => {
                        let found = (snake(reason), u64::from(rule), needs.map(snake));
                        let expected = (
                            text(&refused["reason"]),
                            refused["rule"].as_u64().unwrap(),
                            refused["needs"].as_str(),
                        );
                        assert_eq!(found, (expected.0, expected.1, expected.2.map(str::to_owned)), "{step}");
                    }
                    (other, _) => panic!("{step}: {other:?}"),
                }
            }
            "book" => self.book(&order),
            "answer" => self.answer(&order, &text(&step["phase"])),
            "sign" => {
                let seal = self.sign(&order, &step["paper"], step["by"] == "technician");
                self.seals.insert(text(&step["seal"]), seal);
            }
            "line" => drop(self.stage.ask(&format!("line {}", text(&step["state"])))),
            "office" => {
                let request = format!("office {} {order} {}", text(&step["person"]), step["command"]);
                self.stage.ask(&request);
            }
            "expect" => {
                let page = self.phone.order(order.clone(), Language::En).unwrap();
                assert_eq!(snake(page.status), text(&step["status"]), "{step}");
                assert_eq!(Some(u64::from(page.waiting)), step["waiting"].as_u64(), "{step}");
                if let Some(expected) = step["has_conflict"].as_bool() {
                    let all = self.phone.orders(no_filter(), ListPage { after: None, limit: None }).unwrap();
                    let card = all.orders.iter().find(|card| card.order == order).unwrap();
                    assert_eq!(card.has_conflict, expected, "{step}");
                }
            }
            "sleep_and_wake" => {
                self.phone.shutdown().unwrap();
                self.phone.reopen().unwrap();
            }
            other => panic!("no step is called {other}"),
        }
    }

    fn book(&self, order: &str) {
        let zone = FixedOffset::east_opt(8 * 3600).unwrap();
        let today = Utc::now().with_timezone(&zone).date_naive();
        for days in 1..=14 {
            let day = today + Days::new(days);
            let at = |hour| {
                let time = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
                Moment {
                    utc_ms: zone.from_local_datetime(&time).unwrap().timestamp_millis(),
                    offset_min: 480,
                }
            };
            let window = TimeWindow { start: at(10), end: at(11) };
            match self.phone.record(order.to_owned(), VisitCommand::Book { window }) {
                Ok(_) => return,
                Err(DoorstepException::Refused { rule: 31, .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        panic!("no working day within two weeks");
    }

    fn answer(&self, order: &str, phase: &str) {
        let page = self.phone.order(order.to_owned(), Language::ZhHant).unwrap();
        let record = |command| self.phone.record(order.to_owned(), command).unwrap();
        for item in page.checklist.iter().filter(|item| snake(item.phase) == phase) {
            if item.needs_consent {
                record(VisitCommand::AnswerStep {
                    item: item.item.clone(),
                    agreed: true,
                    by: "陳美玲".to_owned(),
                });
            }
            let answer = match item.kind {
                ItemKind::Tick => ItemAnswer::Done,
                ItemKind::YesNo if item.mismatch_on == Some(ItemAnswer::Yes) => ItemAnswer::No,
                ItemKind::YesNo => ItemAnswer::Yes,
                ItemKind::Reading | ItemKind::Text => ItemAnswer::Words { text: "正常".to_owned() },
            };
            record(VisitCommand::AnswerItem { item: item.item.clone(), answer, remark: String::new() });
            if item.photo == PhotoNeed::None {
                continue;
            }
            for (moment, name) in [(PhotoMoment::Before, "before.jpg"), (PhotoMoment::After, "after.jpg")] {
                let file = photos().join(name).display().to_string();
                let taken = self.phone.take_photo(
                    order.to_owned(),
                    item.item.clone(),
                    moment,
                    file,
                    Language::ZhHant,
                );
                taken.unwrap();
            }
        }
    }

    fn sign(&self, order: &str, paper: &Value, technician: bool) -> Arc<Sealed> {
        let paper = match text(&paper["is"]).as_str() {
            "liability" => SignedPaper::Liability,
            "quote" => SignedPaper::Quote { agreed: paper["agreed"] == true },
            "sheet" => {
                SignedPaper::Sheet { rating: rating(&paper["rating"]), opinion: text(&paper["opinion"]) }
            }
            other => panic!("no paper is called {other}"),
        };
        let point = |i: i32| PenPoint {
            x: i * 60,
            y: i % 7 * 90,
            t_ms: u32::try_from(i).unwrap() * 11,
            pressure: 130,
        };
        let (name, signing_as) = if technician {
            ("陳志強", SigningAs::Technician)
        } else {
            ("陳美玲", SigningAs::Resident)
        };
        let lines = vec![(0..=40).map(point).collect()];
        self.phone
            .sign(order.to_owned(), paper, Language::ZhHant, name.to_owned(), signing_as, lines)
            .unwrap()
    }

    fn command(&self, given: &Value) -> VisitCommand {
        let get = |name: &str| text(&given[name]);
        let seal = |name: &str| self.seals[given[name].as_str().unwrap()].clone();
        let signed = || SigningOutcome::Signed { seal: seal("seal") };
        let money =
            |minor: &Value| MoneyAmount { minor: minor.as_i64().unwrap(), currency: "CNY".to_owned() };
        match get("is").as_str() {
            "register" => VisitCommand::Register {
                intake: IntakeForm {
                    unit: get("unit"),
                    resident: get("resident"),
                    phone: get("phone"),
                    company: String::new(),
                    reporter: get("resident"),
                    fault: get("fault"),
                    symptom: get("symptom"),
                    work_type: get("work_type"),
                    wished: None,
                    channel: Channel::Visit,
                    triage: Triage::NeedsVisit,
                    tags: Vec::new(),
                    access: String::new(),
                    remark: String::new(),
                },
            },
            "record_contact" => VisitCommand::RecordContact {
                by: ContactBy::Call,
                reached: given["reached"] == true,
                note: get("note"),
            },
            "set_out" => VisitCommand::SetOut,
            "arrive" => VisitCommand::Arrive,
            "check_entitlement" => {
                VisitCommand::CheckEntitlement { coverage: Coverage::Expired, evidence: get("evidence") }
            }
            "answer_start" => VisitCommand::AnswerStart { agreed: given["agreed"] == true, by: get("by") },
            "diagnose" => VisitCommand::Diagnose {
                cause: get("cause"),
                liability: Liability::Resident,
                note: get("note"),
            },
            "acknowledge_liability" => VisitCommand::AcknowledgeLiability { outcome: signed() },
            "present_quote" => {
                let line = |line: &Value| PriceLine {
                    code: String::new(),
                    name: text(&line[0]),
                    quantity_thousandths: 1000,
                    unit_price: money(&line[1]),
                };
                let lines = given["lines"].as_array().unwrap().iter().map(line).collect();
                let discount = money(&Value::from(0));
                VisitCommand::PresentQuote { offer: QuoteOffer { lines, discount, reason: get("reason") } }
            }
            "start_work" => VisitCommand::StartWork,
            "report_quote" => VisitCommand::ReportQuote,
            "answer_quote" => {
                VisitCommand::AnswerQuote { agreed: given["agreed"] == true, outcome: signed() }
            }
            "use_part" => VisitCommand::UsePart {
                code: get("code"),
                name: get("name"),
                quantity_thousandths: given["thousandths"].as_i64().unwrap(),
                drawn_with: String::new(),
                replaced_serial: String::new(),
            },
            "finish_work" => VisitCommand::FinishWork {
                solved: given["solved"] == true,
                cause: get("cause"),
                method: get("method"),
                advice: get("advice"),
            },
            "take_payment" => VisitCommand::TakePayment {
                amount: money(&given["minor"]),
                method: PaymentMethod::Wechat,
                receipt_no: get("receipt_no"),
            },
            "sign_off" => VisitCommand::SignOff {
                technician: seal("technician"),
                resident: signed(),
                rating: rating(&given["rating"]),
                opinion: get("opinion"),
            },
            "deliver_copy" => VisitCommand::DeliverCopy { by: CopyBy::Qr },
            "edit_field" => VisitCommand::EditField { field: SharedField::Phone, to: get("to") },
            "add_note" => VisitCommand::AddNote { text: get("text") },
            other => panic!("no command is called {other}"),
        }
    }
}

fn photos() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/photos")
}

fn no_filter() -> OrderFilter {
    OrderFilter {
        status: Vec::new(),
        day: None,
        technician: None,
        waiting_only: false,
        conflicts_only: false,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn rating(value: &Value) -> Option<u8> {
    value.as_u64().map(|rating| u8::try_from(rating).unwrap())
}

/// `ConsentMissing` as `consent_missing`.
fn snake(word: impl std::fmt::Debug) -> String {
    let mut name = String::new();
    for letter in format!("{word:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
