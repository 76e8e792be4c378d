//! Packs: what ships, what the procedures disagree about, and every mistake an office's own pack can hold.

use proptest::prelude::*;

use super::*;
use crate::domain::deadline::{DeadlineSpec, Unit};
use crate::domain::order::closing::PaymentMethod;
use crate::domain::order::visit::ItemValue;

#[test]
fn both_shipped_packs_are_read_and_survive_being_written() {
    for (id, pack) in
        [("property", Policy::builtin_property()), ("device-service", Policy::builtin_device_service())]
    {
        assert_eq!(pack.id, id);
        assert_eq!(Policy::parse(Policy::builtin_text(id).unwrap()).as_ref(), Ok(&pack));
        assert_eq!(Policy::parse(&toml::to_string(&pack).unwrap()).as_ref(), Ok(&pack), "{id} as TOML");
        assert_eq!(serde_json::from_slice::<Policy>(&serde_json::to_vec(&pack).unwrap()).unwrap(), pack);
        let bytes = cbor4ii::serde::to_vec(Vec::new(), &pack).unwrap();
        assert_eq!(cbor4ii::serde::from_slice::<Policy>(&bytes).unwrap(), pack, "{id} as CBOR");
    }
    assert_eq!(Policy::builtin_text("nobody's"), None);
}

#[test]
fn what_the_procedures_disagree_about_is_a_setting() {
    let (property, device) = (Policy::builtin_property(), Policy::builtin_device_service());
    // Follow-up due: three days (F0/1.12) or a week (F3 5), by call; after heavy rain, by visit (F1/2 C).
    let days = |amount| FollowUpWhen::Within(DeadlineSpec { amount, unit: Unit::NaturalDays });
    assert_eq!(
        property.follow_ups("plumbing").iter().map(|f| (&f.when, f.rule)).collect::<Vec<_>>(),
        [(&days(3), 106)]
    );
    assert_eq!(
        device.follow_ups("device").iter().map(|f| (&f.when, f.rule)).collect::<Vec<_>>(),
        [(&days(7), 107)]
    );
    let leak: Vec<_> = property.follow_ups("leak").iter().map(|f| (f.rule, f.channel)).collect();
    assert_eq!(leak, [(110, Channel::Visit), (111, Channel::Phone)]);
    // The supervisor in paid work (R66, R17), fee and signature (R86), the seal (R87), the rating (R88), copies (R9, R98).
    assert_eq!(property.quote.supervisor, SupervisorInPaidWork::Notify);
    assert_eq!(device.quote.supervisor, SupervisorInPaidWork::Approve);
    assert_eq!(property.payment.sequence, PaymentSequence::FeeThenSign);
    assert_eq!(device.payment.sequence, PaymentSequence::SignThenFee);
    assert_eq!((property.sign_off.seal, device.sign_off.seal), (Ask::Optional, Ask::Required));
    assert_eq!((property.sign_off.rating, device.sign_off.rating), (Ask::Required, Ask::Optional));
    assert_eq!((property.copies.set.len(), device.copies.set.len()), (3, 2));
    assert_eq!((property.intake.visit_approval, device.intake.visit_approval), (false, true));
    assert_eq!(device.payment.methods, [PaymentMethod::Cash, PaymentMethod::Cheque], "R96");
}

#[test]
fn r14_r35_r36_numbers_of_the_government_centre_s_rules() {
    let pack = Policy::builtin_property();
    assert_eq!(pack.intake.answer_within, DeadlineSpec { amount: 1, unit: Unit::WorkingDays });
    assert_eq!(pack.appointment.notice_hours, 8);
    assert_eq!((pack.appointment.no_show_minutes, pack.appointment.no_show_failed_attempts), (30, 1));
}

#[test]
fn r137_r138_r143_complaints_by_class() {
    let pack = Policy::builtin_property();
    let within =
        |class: &str| pack.complaint(class).map(|rule| (rule.rule, rule.within.unit, rule.within.amount));
    assert_eq!(within("ordinary"), Some((137, Unit::SameDay, 0)));
    assert_eq!(within("major"), Some((138, Unit::NaturalDays, 3)));
    assert_eq!(within("passed_on"), Some((143, Unit::SameDay, 0)));
    assert_eq!(within("unheard_of"), None);
}

#[test]
fn every_kind_of_work_has_its_own_lists_and_the_common_one() {
    let pack = Policy::builtin_property();
    let common = pack.items("other").count();
    for work_type in ["plumbing", "electrical", "appliance", "door_window", "device", "leak"] {
        assert!(pack.items(work_type).count() > common, "{work_type}");
        for (phase, rule) in [
            (Phase::Preparation, 39),
            (Phase::Before, 61),
            (Phase::After, 82),
            (Phase::After, 83),
            (Phase::After, 84),
        ] {
            let found = pack.items(work_type).any(|i| i.phase == phase && i.rule == rule && i.required);
            assert!(found, "R{rule} for {work_type}");
        }
    }
    let tidied = pack.items("other").find(|item| item.rule == 84).unwrap();
    assert_eq!(tidied.photo, PhotoNeed::Paired);
    assert!(
        pack.items("other").filter(|i| [41, 48, 85].contains(&i.rule)).all(|i| i.advisory && !i.required),
        "conduct"
    );
}

#[test]
fn r61_r64_r65_mismatch_order_and_consent_of_a_device() {
    let pack = Policy::builtin_device_service();
    let steps: Vec<_> =
        pack.items("device").filter_map(|i| Some((i.step?, i.id.as_str(), i.needs_consent))).collect();
    assert_eq!(steps, [(1, "connections", false), (2, "software", false), (3, "open_case", true)]);
    let parts = pack.items("device").find(|item| item.id.as_str() == "parts_complete").unwrap();
    assert!(parts.is_mismatch(&ItemValue::No) && !parts.is_mismatch(&ItemValue::Yes));
    assert!(parts.takes(&ItemValue::NotApplicable("無內部部件".into())) && !parts.takes(&ItemValue::Done));
}

#[test]
fn r155_numbers_have_a_prefix_and_a_width() {
    let numbering = Policy::builtin_property().numbering;
    assert_eq!(numbering.number(42), "WX000042");
    assert_eq!(numbering.number(12_345_678), "WX12345678");
}

/// The property pack with one piece of text replaced, and what reading it says.
fn said(from: &str, to: &str) -> String {
    assert!(PROPERTY_PACK.contains(from), "{from}");
    match Policy::parse(&PROPERTY_PACK.replacen(from, to, 1)) {
        Ok(_) => panic!("accepted: {to}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_mistake_in_a_pack_is_named_by_its_key() {
    for (from, to, key) in [
        ("notice_hours = 8", "notice_hour = 8", "notice_hour"),
        ("notice_hours = 8", "notice_hours = -8", "notice_hours"),
        ("notice_hours = 8", "", "notice_hours"),
        ("region = \"CN\"", "region = \"SG\"", "SG"),
        ("version = 1", "version = 0", "`version`"),
        ("offset_min = 480", "offset_min = 4800", "`offset_min`"),
        (
            "amount = 1, unit = \"working_days\" }              # R14",
            "amount = 0, unit = \"working_days\" } #",
            "`intake.answer_within.amount`",
        ),
        ("unit = \"working_days\"", "unit = \"fortnights\"", "fortnights"),
        ("from = \"08:30\"", "from = \"8.30\"", "not HH:MM: 8.30"),
        (
            "from = \"08:30\", to = \"18:00\"",
            "from = \"18:00\", to = \"08:30\"",
            "`appointment.working_hours`",
        ),
        (
            "working_hours = [{ from = \"08:30\", to = \"18:00\" }]",
            "working_hours = []",
            "`appointment.working_hours`",
        ),
        ("from = \"12:00\", to = \"14:00\"", "from = \"14:00\", to = \"14:00\"", "`appointment.quiet_hours`"),
        ("discount_limit_percent = 10", "discount_limit_percent = 101", "`quote.discount_limit_percent`"),
        ("valid_days = 7", "valid_days = 0", "`quote.valid_days`"),
        ("valid_days = 7", "valid_days = 7\napprove_above = 100", "`quote.approve_above`"),
        ("methods = [\"cash\", ", "methods = [\"barter\", ", "barter"),
        (
            "methods = [\"cash\", \"cheque\", \"transfer\", \"wechat\", \"alipay\"]",
            "methods = []",
            "`payment.methods`",
        ),
        ("width = 6", "width = 13", "`numbering.width`"),
        ("prefix = \"WX\"", "prefix = \"W/X\"", "`numbering.prefix`"),
        ("jpeg_quality = 80", "jpeg_quality = 0", "`photos.jpeg_quality`"),
        (
            "channel = \"visit\"\nrole = \"front_desk\"",
            "channel = \"visit\"\nrole = \"technician\"",
            "`follow_up[0].role`",
        ),
        ("rule = 110", "rule = 1100", "`follow_up[0].rule`"),
        ("target_percent = 80", "target_percent = 180", "`follow_up[2].target_percent`"),
        ("class = \"major\"", "class = \"ordinary\"", "`complaints.rules[1].class`"),
        ("rule = 27\n", "rule = 66\n", "R66 cannot be waived"),
        ("rule = 27\n", "rule = 71\n", "`waivers[0].rule`"),
        ("id = \"parts_ready\"", "id = \"tools\"", "`checklists[0].items[1].id`"),
        ("en = \"Papers complete\"", "en = \"\"", "`checklists[0].items[2] (papers).label`"),
        (
            "kind = \"tick\", required = true, rule = 40",
            "kind = \"tick\", mismatch_on = \"no\", rule = 40",
            "(papers).mismatch_on",
        ),
        (
            "kind = \"tick\", advisory = true, rule = 41",
            "kind = \"tick\", advisory = true, required = true, rule = 41",
            "(uniform).advisory",
        ),
        ("step = 1", "step = 2", "items.step"),
        ("[photos]", "[pictures]", "pictures"),
    ] {
        let said = said(from, to);
        assert!(said.contains(key), "{to}: {said}\n does not name {key}");
    }
}

const GUIDE: &str = include_str!("../../../../docs/policy.md");

/// Every key of a TOML table, however deep.
fn keys(value: &toml::Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            found.extend(table.keys().cloned());
            table.values().for_each(|inner| keys(inner, found));
        }
        toml::Value::Array(items) => items.iter().for_each(|inner| keys(inner, found)),
        _ => {}
    }
}

#[test]
fn the_guide_names_every_key_of_a_pack_and_its_calendar_is_one() {
    let mut found = std::collections::BTreeSet::new();
    for text in [PROPERTY_PACK, DEVICE_SERVICE_PACK] {
        keys(&text.parse::<toml::Table>().unwrap().into(), &mut found);
    }
    assert!(found.len() > 80, "{found:?}");
    // Parts of a time limit, a span and a text are explained by example.
    for key in found.iter().filter(|key| {
        !["zh_hant", "zh_hans", "en", "from", "to", "within", "amount", "unit"].contains(&key.as_str())
    }) {
        assert!(
            GUIDE.contains(&format!("`{key}`"))
                || GUIDE.contains(&format!("[{key}]`"))
                || GUIDE.contains(&format!(".{key}]]`"))
                || GUIDE.contains(&format!("[[{key}]]`")),
            "docs/policy.md says nothing of {key}"
        );
    }
    let (_, rest) = GUIDE.split_once("```toml").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    crate::domain::calendar::Calendar::parse(example).unwrap();
}

#[test]
fn a_stored_pack_with_a_section_that_is_gone_is_read_and_does_not_write_it_again() {
    let stored = format!("{PROPERTY_PACK}\n[retention]\nseal_after_leaving_months = 1\n");
    let policy = Policy::parse(&stored).unwrap();
    assert_eq!(policy, Policy::parse(PROPERTY_PACK).unwrap());
    assert!(!toml::to_string(&policy).unwrap().contains("retention"));
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC*") {
        prop_assert!(Policy::parse(&text).is_err());
    }
}
