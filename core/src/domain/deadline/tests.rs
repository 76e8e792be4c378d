//! Deadlines over real calendars: make-up days, National Day, years nobody announced, regions, and broken clocks.

use proptest::prelude::*;

use super::*;
use crate::domain::lang::Lang;

fn property() -> Policy {
    Policy::builtin_property()
}

fn at(text: &str) -> Stamp {
    Stamp::parse(text).unwrap()
}

fn count_in(region: Region, spec: DeadlineSpec, rule: u16, start: &str) -> Deadline {
    deadline(spec, rule, at(start), &property(), &Calendar::builtin(region))
}

fn count(spec: DeadlineSpec, rule: u16, start: &str) -> Deadline {
    count_in(Region::Mainland, spec, rule, start)
}

const fn spec(amount: u16, unit: Unit) -> DeadlineSpec {
    DeadlineSpec { amount, unit }
}

const ONE_WORKING_DAY: DeadlineSpec = spec(1, Unit::WorkingDays);

#[test]
fn r14_over_national_day_ends_on_the_first_day_back_and_names_every_day() {
    let made = count(ONE_WORKING_DAY, 14, "2026-09-30T16:00:00+08:00");
    assert_eq!(
        made.explain(Lang::ZhHant),
        "R14 F0/2 §8：1 個工作日，始於 2026-09-30 16:00；日曆：中國內地；不計 2026-10-01 國慶節、2026-10-02 國慶節、\
         2026-10-03 國慶節、2026-10-04 週末、2026-10-05 國慶節（補假）、2026-10-06 放假日（2026-09-20 補班）、\
         2026-10-07 放假日（2026-10-10 補班）；截止 2026-10-08 18:00"
    );
    assert_eq!(made.certainty, Certainty::Official);
    assert!(!made.is_past(at("2026-10-08T18:00:00+08:00")) && made.is_past(at("2026-10-08T18:00:01+08:00")));
}

#[test]
fn r14_a_make_up_saturday_counts_and_is_named() {
    let made = count(ONE_WORKING_DAY, 14, "2026-10-09T10:00:00+08:00");
    assert_eq!(
        made.explain(Lang::ZhHans),
        "R14 F0/2 §8：1 个工作日，始于 2026-10-09 10:00；日历：中国内地；计入补班日 2026-10-10；截止 2026-10-10 18:00"
    );
    // Elsewhere that Saturday is a Saturday.
    let elsewhere = count_in(Region::HongKong, ONE_WORKING_DAY, 14, "2026-10-09T10:00:00+08:00");
    assert_eq!(
        elsewhere.explain(Lang::En),
        "R14 F0/2 §8: 1 working day from 2026-10-09 10:00; calendar of Hong Kong; not counted: 2026-10-10 weekend, \
         2026-10-11 weekend; due 2026-10-12 18:00"
    );
}

#[test]
fn r14_regions_answer_on_different_days() {
    let due = |region, start| count_in(region, ONE_WORKING_DAY, 14, start).due.minute_text();
    let before_good_friday = "2026-04-02T09:00:00+08:00";
    assert_eq!(due(Region::Mainland, before_good_friday), "2026-04-03 18:00");
    assert_eq!(due(Region::HongKong, before_good_friday), "2026-04-08 18:00");
    assert_eq!(due(Region::Taiwan, before_good_friday), "2026-04-07 18:00");
    assert_eq!(due(Region::Macau, before_good_friday), "2026-04-03 18:00");
}

#[test]
fn a_year_that_is_only_computed_says_provisional_and_which() {
    let made = count(ONE_WORKING_DAY, 14, "2026-12-31T10:00:00+08:00");
    assert_eq!(
        (made.certainty, made.due.minute_text().as_str()),
        (Certainty::Provisional, "2027-01-04 18:00")
    );
    assert!(made.explain(Lang::ZhHant).ends_with("（暫定：2027 年假期尚未正式公佈）"));
    // The guide shows this one.
    assert!(include_str!("../../../../docs/policy.md").contains(&made.explain(Lang::ZhHant)));
    assert!(made.explain(Lang::ZhHans).ends_with("（暂定：2027 年假期尚未正式公布）"));
    assert!(made.explain(Lang::En).ends_with("(provisional: the holidays of 2027 are not official yet)"));
    // The day it starts on is not counted, so its year casts no doubt.
    let from_old_year = count(ONE_WORKING_DAY, 14, "2025-12-31T10:00:00+08:00");
    assert_eq!(from_old_year.certainty, Certainty::Official);
    assert!(!from_old_year.explain(Lang::ZhHant).contains("暫定"));
}

#[test]
fn a_year_without_data_counts_weekends_and_says_so() {
    let made = count(ONE_WORKING_DAY, 14, "2031-05-02T10:00:00+08:00");
    assert_eq!((made.certainty, made.due.minute_text().as_str()), (Certainty::Unknown, "2031-05-05 18:00"));
    assert!(made.explain(Lang::ZhHant).ends_with("（暫定：2031 年無假期資料，只計週末）"));
    assert!(made.explain(Lang::En).ends_with("(provisional: no holiday data for 2031, weekends only)"));
    let over_two = count(spec(3, Unit::WorkingDays), 14, "2027-12-30T10:00:00+08:00");
    assert!(over_two.explain(Lang::En).contains("no holiday data for 2027, 2028"));
}

#[test]
fn r106_r107_r108_r137_days_that_are_no_working_days_lean_on_no_calendar() {
    for (limit, rule, due) in [
        (spec(3, Unit::NaturalDays), 106, "2026-10-03 23:59"),
        (spec(7, Unit::NaturalDays), 107, "2026-10-07 23:59"),
        (spec(0, Unit::NextDay), 108, "2026-10-01 23:59"),
        (spec(0, Unit::SameDay), 137, "2026-09-30 23:59"),
        (spec(30, Unit::Minutes), 153, "2026-09-30 16:30"),
        (spec(8, Unit::Hours), 35, "2026-10-01 00:00"),
    ] {
        let made = count(limit, rule, "2026-09-30T16:00:00+08:00");
        assert_eq!(made.due.minute_text(), due, "R{rule}");
        let text = made.explain(Lang::En);
        assert!(text.starts_with(&format!("R{rule} F")) && !text.contains("calendar"), "{text}");
        // Even in a year nobody announced.
        assert_eq!(count(limit, rule, "2031-09-30T16:00:00+08:00").certainty, Certainty::Official);
    }
}

#[test]
fn a_long_list_of_days_is_cut_and_counted() {
    let made = count(spec(20, Unit::WorkingDays), 14, "2026-09-18T10:00:00+08:00");
    assert!(made.skipped.len() > 12);
    let text = made.explain(Lang::ZhHant);
    assert!(
        text.contains(&format!(" 等 {} 天；計入補班日 2026-09-20、2026-10-10", made.skipped.len())),
        "{text}"
    );
}

#[test]
fn the_firm_s_clock_counts_not_the_recorder_s() {
    // Half past seven in the morning of the 10th, stamped by a server that keeps UTC.
    let utc = count(ONE_WORKING_DAY, 14, "2026-10-09T23:30:00Z");
    let local = count(ONE_WORKING_DAY, 14, "2026-10-10T07:30:00+08:00");
    assert_eq!(utc.due.minute_text(), "2026-10-12 18:00");
    assert_eq!(utc.explain(Lang::ZhHant), local.explain(Lang::ZhHant));
    let calendar = Calendar::builtin(Region::Mainland);
    assert!(in_working_hours(&property(), &calendar, at("2026-10-10T02:00:00Z")));
    assert!(in_quiet_hours(&property(), at("2026-10-10T04:30:00Z")).is_some());
}

#[test]
fn r31_r32_working_time_and_meal_hours() {
    let calendar = Calendar::builtin(Region::Mainland);
    let works = |time: &str| in_working_hours(&property(), &calendar, at(time));
    assert!(works("2026-10-10T09:00:00+08:00"), "a make-up Saturday");
    assert!(!works("2026-10-11T09:00:00+08:00"), "a Sunday");
    assert!(!works("2026-10-06T09:00:00+08:00"), "a holiday");
    assert!(works("2026-11-25T08:30:00+08:00") && !works("2026-11-25T08:29:00+08:00"));
    assert!(works("2026-11-25T17:59:00+08:00") && !works("2026-11-25T18:00:00+08:00"));
    let quiet = |time: &str| in_quiet_hours(&property(), at(time)).map(|hours| hours.to.to_string());
    assert_eq!(quiet("2026-11-25T12:00:00+08:00").as_deref(), Some("14:00:00"));
    assert_eq!(quiet("2026-11-25T14:00:00+08:00"), None);
}

#[test]
fn r35_notice_is_due_eight_hours_before_the_window() {
    let window = at("2026-11-25T16:00:00+08:00");
    assert_eq!(notice_deadline(window, &property()).minute_text(), "2026-11-25 08:00");
}

proptest! {
    #[test]
    fn no_clock_however_wrong_breaks_a_deadline(utc_ms in any::<i64>(), offset in any::<i16>(), amount in 0_u16..400) {
        let (policy, calendar) = (property(), Calendar::builtin(Region::Mainland));
        let start = Stamp::new(utc_ms, offset);
        for unit in [Unit::Minutes, Unit::Hours, Unit::NaturalDays, Unit::WorkingDays, Unit::SameDay, Unit::NextDay] {
            let made = deadline(spec(amount, unit), 14, start, &policy, &calendar);
            prop_assert!(Lang::ALL.iter().all(|lang| !made.explain(*lang).is_empty()));
        }
        let _ = (notice_deadline(start, &policy), in_quiet_hours(&policy, start), in_working_hours(&policy, &calendar, start));
    }

    #[test]
    fn a_deadline_is_never_before_its_start(minute in 0_i64..2_000_000, amount in 1_u16..60) {
        let (policy, calendar) = (property(), Calendar::builtin(Region::Mainland));
        let start = at("2025-06-01T00:00:00+08:00").plus_minutes(minute);
        for unit in [Unit::Minutes, Unit::Hours, Unit::NaturalDays, Unit::WorkingDays, Unit::SameDay, Unit::NextDay] {
            let made = deadline(spec(amount, unit), 14, start, &policy, &calendar);
            prop_assert!(made.due >= start, "{unit:?}");
            let later = deadline(spec(amount, unit), 14, start.plus_minutes(1), &policy, &calendar);
            prop_assert!(later.due >= made.due, "{unit:?}");
        }
    }
}
