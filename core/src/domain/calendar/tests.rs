use proptest::prelude::*;

use super::*;

fn builtin(region: Region) -> Calendar {
    Calendar::parse(Calendar::builtin_text(region)).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_mainland_works_on_its_six_make_up_days_of_2026() {
    let calendar = builtin(Region::Mainland);
    let days: Vec<String> = calendar.makeup.iter().map(ToString::to_string).collect();
    assert_eq!(
        days,
        ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    );
    assert!(calendar.makeup.iter().all(|day| calendar.is_workday(*day)));
    assert_eq!(calendar.certainty(2026), Certainty::Official);
    assert_eq!(calendar.certainty(2027), Certainty::Provisional);
    assert_eq!(calendar.certainty(2031), Certainty::Unknown);
}

#[test]
fn regions_keep_their_own_days() {
    let good_friday = date("2026-04-03");
    assert!(!builtin(Region::HongKong).is_workday(good_friday));
    assert!(builtin(Region::Mainland).is_workday(good_friday));
    let peace_memorial = date("2026-02-27");
    assert!(!builtin(Region::Taiwan).is_workday(peace_memorial));
    assert!(builtin(Region::HongKong).is_workday(peace_memorial));
    for region in Region::ALL {
        let calendar = builtin(region);
        assert_eq!(calendar.region(), region);
        assert!(calendar.source(2026).unwrap().contains("holidays"), "{region:?} names its source");
        assert!(!calendar.is_workday(date("2026-10-01")) || region == Region::Taiwan);
    }
}

#[test]
fn a_wrong_file_says_what_is_wrong() {
    let year = |body: &str| format!("region = \"CN\"\n[[years]]\nyear = 2026\nstatus = \"official\"\nsource = \"x\"\n{body}");
    let parse = |text: &str| Calendar::parse(text).unwrap_err().to_string();
    assert!(parse("region = \"XX\"\nyears = []").contains("XX"));
    assert!(parse(&year("makeup = [\"2027-01-02\"]")).contains("another year"));
    let both = "makeup = [\"2026-01-04\"]\noff = [{ date = \"2026-01-04\", name = { zh_hant = \"a\", zh_hans = \"a\", en = \"a\" } }]";
    assert!(parse(&year(both)).contains("both off and worked"));
    assert!(parse(&year("holidays = []")).contains("holidays"));
    let twice = format!("{}\n[[years]]\nyear = 2026\nstatus = \"official\"\nsource = \"y\"", year(""));
    assert_eq!(parse(&twice), "the calendar gives 2026 twice");
}

proptest! {
    #[test]
    fn a_working_day_added_lands_on_a_working_day(offset in 0_u64..1_000, days in 1_u16..60) {
        let calendar = builtin(Region::Mainland);
        let start = date("2025-12-01").checked_add_days(Days::new(offset)).unwrap();
        let end = calendar.add_working_days(start, days);
        prop_assert!(calendar.is_workday(end));
        prop_assert!(end > start);
        prop_assert!(calendar.add_working_days(start, days + 1) > end);
        prop_assert_eq!(calendar.add_working_days(calendar.add_working_days(start, days), 1), calendar.add_working_days(start, days + 1));
    }
}
