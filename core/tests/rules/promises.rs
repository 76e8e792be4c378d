//! What the domain owes everybody, tried on random lives of an order.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::quote::QuoteStanding;
use doorstep_core::domain::order::visit::Contact;
use doorstep_core::domain::order::visit::ContactBy;
use doorstep_core::domain::person::Role;
use doorstep_core::domain::refusal::Refusal;
use doorstep_core::journal::Entry;
use proptest::prelude::*;

use super::world::{World, actor};

/// The stations of a life, so that random steps start from everywhere.
fn station(n: usize) -> World {
    let stations: [fn() -> World; 9] = [
        World::registered,
        World::assigned,
        World::booked,
        World::on_site,
        World::quoted,
        World::working,
        World::finished,
        World::paid,
        World::signed_off,
    ];
    stations[n % stations.len()]()
}

#[test]
fn a_button_and_the_command_behind_it_never_disagree_about_the_gate() {
    for n in 0..9 {
        let world = station(n);
        for role in Role::ALL {
            if let Some(reason) = world.button(role, CommandKind::StartWork) {
                assert_eq!(world.refusal(role, Command::StartWork), reason);
            } else {
                assert!(world.decide(role, &Command::StartWork).is_ok());
            }
        }
    }
}

#[test]
fn every_refusal_names_its_rule_and_clause_in_three_languages() {
    for n in 0..9 {
        let world = station(n);
        for role in Role::ALL {
            let who = actor(role);
            let case = world.case(&who);
            let actions = doorstep_core::domain::decide::available_actions(&case);
            assert_eq!(actions.len(), CommandKind::ALL.len());
            for refusal in actions.into_iter().filter_map(|action| action.refusal) {
                for lang in Lang::ALL {
                    let text = refusal.text(lang);
                    assert!(text.contains(&format!("R{}", refusal.rule)) && text.contains('F'), "{text}");
                }
                let json = serde_json::to_string(&refusal).unwrap();
                assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
            }
        }
    }
}

#[test]
fn the_whole_paid_repair_leaves_no_concern_and_reads_back() {
    let world = World::signed_off();
    assert!(world.order.concerns.is_empty(), "{:?}", world.order.concerns);
    let bytes = world.order.to_bytes();
    assert_eq!(Order::from_bytes(&bytes).unwrap(), world.order);
    let json = serde_json::to_string(&world.order).unwrap();
    let back: Order = serde_json::from_str(&json).unwrap();
    assert_eq!(back.to_bytes(), bytes, "JSON and CBOR hold the same");
}

#[test]
fn a_state_of_a_newer_version_reads_without_its_unknown_fields() {
    let world = World::booked();
    let mut value = serde_json::to_value(&world.order).unwrap();
    value["warranty_of_the_future"] = serde_json::json!({"years": 5});
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), world.order);
}

fn walk(world: &mut World, steps: &[(u8, u8)]) {
    for (who, what) in steps {
        let role = Role::ALL[usize::from(*who) % 4];
        let command = match what % 14 {
            0 => Command::SetOut,
            1 => Command::Arrive,
            2 => Command::StartWork,
            3 => Command::ReportQuote,
            4 => Command::Resume,
            5 => super::world::finish(true),
            6 => Command::PresentQuote(super::world::terms(&[("加做", i64::from(*who) * 100 + 100)])),
            7 => Command::AddNote { text: "記事".into() },
            8 => Command::AnswerStart { agreed: who % 2 == 0, by: "陳美玲".into() },
            9 => Command::Pause { reason: "午休".into(), resume_at: world.now.plus_minutes(60) },
            10 => Command::Book { window: super::world::window() },
            11 => super::world::pay(i64::from(*who) * 1_000),
            12 => Command::CloseUnsolved { reason: "缺料".into(), next: None, signed: None },
            _ => {
                let contact = Contact { by: ContactBy::Call, reached: who % 2 == 0, note: String::new() };
                Command::RecordContact(contact)
            }
        };
        world.now = world.now.plus_minutes(i64::from(*who));
        let _ = world.try_do(role, command);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn decide_never_yields_a_fact_that_apply_flags(n in 0_usize..9, steps in prop::collection::vec((any::<u8>(), any::<u8>()), 0..40)) {
        let mut world = station(n);
        walk(&mut world, &steps);
        prop_assert!(world.order.concerns.is_empty(), "{:?}", world.order.concerns);
    }

    #[test]
    fn no_path_leads_from_a_priced_unconsented_quote_to_work(n in 0_usize..9, steps in prop::collection::vec((any::<u8>(), any::<u8>()), 0..40)) {
        let mut world = station(n);
        walk(&mut world, &steps);
        if !matches!(world.order.quote_standing(), QuoteStanding::Agreed(_) | QuoteStanding::None) {
            prop_assert!(world.try_do(Role::Technician, Command::StartWork).is_err());
            prop_assert!(world.try_do(Role::Technician, super::world::finish(true)).is_err());
        }
    }

    #[test]
    fn facts_fold_to_the_same_bytes_wherever_they_are_folded(n in 0_usize..9, steps in prop::collection::vec((any::<u8>(), any::<u8>()), 0..30)) {
        let mut world = station(n);
        walk(&mut world, &steps);
        let mut again = Order::default();
        for entry in &world.entries {
            let carried = Entry::decode(&entry.encode().unwrap()).unwrap();
            carried.fold_into(&mut again, &world.org, None);
            again = Order::from_bytes(&again.to_bytes()).unwrap();
        }
        prop_assert_eq!(again.to_bytes(), world.order.to_bytes());
    }

    #[test]
    fn entries_that_touch_different_things_fold_to_the_same_in_any_order(seed in any::<u64>()) {
        use doorstep_core::domain::fact::Fact;
        use doorstep_core::domain::order::NoteKind;
        use doorstep_core::domain::order::intake::SharedField;
        let mut world = World::on_site();
        let base = world.order.clone();
        let from = world.entries.len();
        let contact = Contact { by: ContactBy::Call, reached: true, note: "樓下管理處".into() };
        world.record(Role::FrontDesk, vec![Fact::Contacted(contact)]);
        world.record(Role::Technician, vec![Fact::NoteAdded { kind: NoteKind::Note, text: "門鈴壞".into() }]);
        world.record(Role::FrontDesk, vec![Fact::FieldEdited { field: SharedField::Access, from: String::new(), to: "按 1502".into() }]);
        world.record(Role::Technician, vec![Fact::WorkStarted]);
        world.record(Role::Supervisor, vec![Fact::RuleWaived { rule: 84, reason: "可".into() }]);
        let mut entries = world.entries.split_off(from);
        let mut state = seed;
        for i in (1..entries.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            entries.swap(i, (state >> 33) as usize % (i + 1));
        }
        let mut other = base;
        for entry in &entries {
            entry.fold_into(&mut other, &world.org, None);
        }
        prop_assert_eq!(other.to_bytes(), world.order.to_bytes());
    }

    #[test]
    fn any_fact_folds_into_any_order_without_a_panic(from in 0_usize..9, to in 0_usize..9) {
        // Facts of one order's life, out of place in another: all kept, the misplaced ones flagged.
        let donor = station(from);
        let mut order = station(to).order;
        for entry in &donor.entries {
            entry.fold_into(&mut order, &donor.org, None);
        }
        prop_assert!(order.concerns.iter().any(|c| c.kind == ConcernKind::Repeated));
    }
}
