//! Calendars against what the governments announced, and against every mistake an office's own file can hold.

use proptest::prelude::*;

use super::*;

/// The shipped file itself, so that a file that cannot be read fails here and is not replaced by weekends.
fn shipped(region: Region) -> Calendar {
    Calendar::parse(Calendar::builtin_text(region)).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn dates<'a>(days: impl IntoIterator<Item = &'a NaiveDate>) -> Vec<String> {
    days.into_iter().map(ToString::to_string).collect()
}

#[test]
fn the_mainland_works_on_its_six_make_up_days_of_2026() {
    let calendar = shipped(Region::Mainland);
    assert_eq!(
        dates(&calendar.makeup),
        ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    );
    for day in &calendar.makeup {
        assert_eq!(calendar.day(*day), DayKind::MakeUpWorkday);
        assert!(calendar.is_workday(*day));
    }
    // Mid-autumn and National Day: the Sunday between is worked, Thursday to Wednesday is off.
    let off = |day: &str| !calendar.is_workday(date(day));
    assert!((1..=7).all(|day| off(&format!("2026-10-0{day}"))) && !off("2026-10-08"));
}

#[test]
fn a_year_is_official_provisional_or_unknown() {
    for region in Region::ALL {
        let calendar = shipped(region);
        assert_eq!(calendar.region(), region);
        assert_eq!(calendar.certainty(2026), Certainty::Official, "{region:?}");
        assert_eq!(calendar.certainty(2027), Certainty::Provisional, "{region:?}");
        assert_eq!(calendar.certainty(2031), Certainty::Unknown);
        assert!(calendar.source(2026).unwrap().contains("holidays 0.109"), "{region:?} names its source");
        assert_eq!(Calendar::builtin(region), calendar);
        assert_eq!(Region::from_code(region.code()), Some(region));
    }
}

#[test]
fn hong_kong_is_off_on_the_seventeen_announced_days_of_2026_and_on_sundays() {
    let calendar = shipped(Region::HongKong);
    let off = calendar.off.keys().filter(|day| day.year() == 2026 && day.weekday() != Weekday::Sun);
    assert_eq!(
        dates(off),
        [
            "2026-01-01",
            "2026-02-17",
            "2026-02-18",
            "2026-02-19",
            "2026-04-03",
            "2026-04-04",
            "2026-04-06",
            "2026-04-07",
            "2026-05-01",
            "2026-05-25",
            "2026-06-19",
            "2026-07-01",
            "2026-09-26",
            "2026-10-01",
            "2026-10-19",
            "2026-12-25",
            "2026-12-26",
        ]
    );
}

#[test]
fn regions_keep_their_own_days() {
    let works = |region, day| shipped(region).is_workday(date(day));
    let good_friday = "2026-04-03";
    assert!(!works(Region::HongKong, good_friday) && works(Region::Mainland, good_friday));
    let peace_memorial = "2026-02-27";
    assert!(!works(Region::Taiwan, peace_memorial) && works(Region::HongKong, peace_memorial));
    let national_day = "2026-10-01";
    assert!(works(Region::Taiwan, national_day));
    assert!([Region::Mainland, Region::HongKong, Region::Macau].iter().all(|r| !works(*r, national_day)));
    let make_up_saturday = "2026-10-10";
    assert!(Region::ALL.iter().all(|r| works(*r, make_up_saturday) == (*r == Region::Mainland)));
}

#[test]
fn an_office_s_wrong_file_says_what_is_wrong() {
    let year = |body: &str| {
        format!("region = \"CN\"\n[[years]]\nyear = 2026\nstatus = \"official\"\nsource = \"x\"\n{body}")
    };
    let parse = |text: &str| Calendar::parse(text).unwrap_err().to_string();
    let off = |day: &str, en: &str| {
        format!(
            "off = [{{ date = \"{day}\", name = {{ zh_hant = \"甲\", zh_hans = \"甲\", en = \"{en}\" }} }}]\n"
        )
    };
    for (text, names) in [
        ("region = \"XX\"\nyears = []".to_owned(), "XX"),
        ("years = []".to_owned(), "region"),
        (String::new(), "region"),
        (year("holidays = []"), "holidays"),
        (year("").replace("official", "certain"), "certain"),
        (year("").replace("official", "unknown"), "unknown"),
        (year("").replace("\"x\"", "\" \""), "`source`"),
        (year("makeup = [\"2026-02-30\"]"), "makeup"),
        (year("makeup = [\"2027-01-02\"]"), "2027-01-02: it is in another year"),
        (year("makeup = [\"2026-01-05\"]"), "2026-01-05: a make-up workday falls on a weekend"),
        (year("makeup = [\"2026-01-04\", \"2026-01-04\"]"), "2026-01-04: it is given twice"),
        (
            year(&(off("2026-01-04", "a") + "makeup = [\"2026-01-04\"]")),
            "2026-01-04: it is both off and worked",
        ),
        (year(&off("2025-01-04", "a")), "2025-01-04: it is in another year"),
        (year(&off("2026-01-04", "")), "2026-01-04: fill in off.name"),
        (
            year("") + "\n[[years]]\nyear = 2026\nstatus = \"official\"\nsource = \"y\"",
            "the calendar gives 2026 twice",
        ),
    ] {
        let said = parse(&text);
        assert!(said.contains(names), "{said}\n does not name {names}");
    }
}

#[test]
fn the_search_ends_where_the_calendar_does() {
    let calendar = shipped(Region::Mainland);
    assert_eq!(calendar.add_working_days(NaiveDate::MAX, u16::MAX), NaiveDate::MAX);
    assert_eq!(calendar.add_working_days(date("2026-10-03"), 0), date("2026-10-03"));
}

proptest! {
    #[test]
    fn a_working_day_added_lands_on_a_working_day(region in 0_usize..4, offset in 0_u64..1_500, days in 1_u16..60) {
        let calendar = shipped(Region::ALL[region]);
        let start = date("2025-06-01").checked_add_days(Days::new(offset)).unwrap();
        let end = calendar.add_working_days(start, days);
        prop_assert!(calendar.is_workday(end));
        // The count is the number of working days passed, the first not counted.
        let passed = start.iter_days().skip(1).take_while(|day| *day <= end).filter(|day| calendar.is_workday(*day));
        prop_assert_eq!(passed.count(), usize::from(days));
        // Later starts and longer limits never end earlier.
        prop_assert!(calendar.add_working_days(start, days + 1) > end);
        let next = start.checked_add_days(Days::new(1)).unwrap();
        prop_assert!(calendar.add_working_days(next, days) >= end);
        prop_assert_eq!(calendar.is_workday(start), matches!(calendar.day(start), DayKind::Workday | DayKind::MakeUpWorkday));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC*") {
        let _ = Calendar::parse(&text);
    }
}
