//! Working-day calendars: weekends, holidays, and the workdays that make up for them (調休), with how sure each year is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::lang::{Lang, Text};

/// A region with its own holidays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Region {
    /// Mainland China 中國內地.
    #[serde(rename = "CN")]
    Mainland,
    /// Hong Kong 香港.
    #[serde(rename = "HK")]
    HongKong,
    /// Macau 澳門.
    #[serde(rename = "MO")]
    Macau,
    /// Taiwan 臺灣.
    #[serde(rename = "TW")]
    Taiwan,
}

impl Region {
    /// All regions.
    pub const ALL: [Self; 4] = [Self::Mainland, Self::HongKong, Self::Macau, Self::Taiwan];

    /// The region's code in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mainland => "CN",
            Self::HongKong => "HK",
            Self::Macau => "MO",
            Self::Taiwan => "TW",
        }
    }

    /// Reads a region's code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.code() == code)
    }

    /// The region's name as people read it.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        lang.pick(match self {
            Self::Mainland => ["中國內地", "中国内地", "mainland China"],
            Self::HongKong => ["香港", "香港", "Hong Kong"],
            Self::Macau => ["澳門", "澳门", "Macau"],
            Self::Taiwan => ["臺灣", "台湾", "Taiwan"],
        })
    }
}

/// What a day is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// An ordinary workday.
    Workday,
    /// A weekend day that is worked to make up for a holiday.
    MakeUpWorkday,
    /// Saturday or Sunday.
    Weekend,
    /// A day off, with its name.
    Holiday(Text),
}

/// How sure a year's days are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Announced by the government.
    Official,
    /// Only computed: days may move, and make-up workdays are missing.
    Provisional,
    /// No data: only weekends are known.
    #[serde(skip)]
    Unknown,
}

/// A calendar file.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    region: Region,
    years: Vec<YearFile>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    status: Certainty,
    source: String,
    #[serde(default)]
    off: Vec<OffFile>,
    #[serde(default)]
    makeup: Vec<NaiveDate>,
}

#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OffFile {
    date: NaiveDate,
    name: Text,
}

/// What is wrong with a calendar file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CalendarError {
    /// Not TOML of this shape; the text names the key and line.
    #[error("the calendar cannot be read: {0}")]
    Unreadable(String),
    /// A date that stands in the wrong year, or is both off and worked.
    #[error("the calendar for {year} has a wrong date {date}: {why}")]
    WrongDate {
        /// The year's section.
        year: i32,
        /// The date.
        date: NaiveDate,
        /// What is wrong.
        why: &'static str,
    },
    /// A day off without a name in one of the languages: an explanation could not say why it was passed over.
    #[error("the calendar for {year} has no name in three languages for {date}: fill in off.name")]
    Unnamed {
        /// The year's section.
        year: i32,
        /// The date.
        date: NaiveDate,
    },
    /// A year that does not say where its days come from.
    #[error("the calendar for {0} names no source: fill in `source`")]
    NoSource(i32),
    /// A year given twice.
    #[error("the calendar gives {0} twice")]
    RepeatedYear(i32),
}

/// A region's calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    region: Region,
    years: BTreeMap<i32, (Certainty, String)>,
    off: BTreeMap<NaiveDate, Text>,
    makeup: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Reads a calendar file (TOML).
    ///
    /// # Errors
    /// [`CalendarError`] names what is wrong.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text).map_err(|e| CalendarError::Unreadable(e.to_string()))?;
        let mut calendar = Self {
            region: file.region,
            years: BTreeMap::new(),
            off: BTreeMap::new(),
            makeup: BTreeSet::new(),
        };
        for section in file.years {
            calendar.add_year(section)?;
        }
        Ok(calendar)
    }

    fn add_year(&mut self, section: YearFile) -> Result<(), CalendarError> {
        let year = section.year;
        if section.source.trim().is_empty() {
            return Err(CalendarError::NoSource(year));
        }
        if self.years.insert(year, (section.status, section.source)).is_some() {
            return Err(CalendarError::RepeatedYear(year));
        }
        let wrong = |date, why| Err(CalendarError::WrongDate { year, date, why });
        for date in section.makeup {
            if date.year() != year {
                return wrong(date, "it is in another year");
            }
            if !is_weekend(date) {
                return wrong(date, "a make-up workday falls on a weekend");
            }
            if !self.makeup.insert(date) {
                return wrong(date, "it is given twice");
            }
        }
        for OffFile { date, name } in section.off {
            if date.year() != year {
                return wrong(date, "it is in another year");
            }
            if self.makeup.contains(&date) {
                return wrong(date, "it is both off and worked");
            }
            if Lang::ALL.iter().any(|lang| name.get(*lang).trim().is_empty()) {
                return Err(CalendarError::Unnamed { year, date });
            }
            if self.off.insert(date, name).is_some() {
                return wrong(date, "it is given twice");
            }
        }
        Ok(())
    }

    /// The calendar that ships for a region.
    #[must_use]
    pub fn builtin(region: Region) -> Self {
        // A test reads all four; a text that could not be read would count weekends only, and every explanation would say so.
        Self::parse(Self::builtin_text(region)).unwrap_or_else(|_| Self::weekends_only(region))
    }

    /// The text of the calendar that ships for a region.
    #[must_use]
    pub fn builtin_text(region: Region) -> &'static str {
        match region {
            Region::Mainland => include_str!("../../../calendars/cn.toml"),
            Region::HongKong => include_str!("../../../calendars/hk.toml"),
            Region::Macau => include_str!("../../../calendars/mo.toml"),
            Region::Taiwan => include_str!("../../../calendars/tw.toml"),
        }
    }

    /// A calendar that knows weekends only: every explanation that leans on it says so.
    #[must_use]
    pub fn weekends_only(region: Region) -> Self {
        Self { region, years: BTreeMap::new(), off: BTreeMap::new(), makeup: BTreeSet::new() }
    }

    /// Whose calendar this is.
    #[must_use]
    pub fn region(&self) -> Region {
        self.region
    }

    /// How sure a year is.
    #[must_use]
    pub fn certainty(&self, year: i32) -> Certainty {
        self.years.get(&year).map_or(Certainty::Unknown, |(certainty, _)| *certainty)
    }

    /// Where a year's days come from.
    #[must_use]
    pub fn source(&self, year: i32) -> Option<&str> {
        self.years.get(&year).map(|(_, source)| source.as_str())
    }

    /// What a day is.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> DayKind {
        if self.makeup.contains(&date) {
            DayKind::MakeUpWorkday
        } else if let Some(name) = self.off.get(&date) {
            DayKind::Holiday(name.clone())
        } else if is_weekend(date) {
            DayKind::Weekend
        } else {
            DayKind::Workday
        }
    }

    /// Whether people work on a day.
    #[must_use]
    pub fn is_workday(&self, date: NaiveDate) -> bool {
        self.makeup.contains(&date) || (!is_weekend(date) && !self.off.contains_key(&date))
    }

    /// The date `days` working days after `start`, which itself is not counted. The end of the calendar ends the search.
    #[must_use]
    pub fn add_working_days(&self, start: NaiveDate, days: u16) -> NaiveDate {
        let mut date = start;
        let mut left = days;
        while left > 0 {
            let Some(next) = date.checked_add_days(Days::new(1)) else { return date };
            date = next;
            if self.is_workday(date) {
                left -= 1;
            }
        }
        date
    }
}

/// Saturday and Sunday, in all four regions. Whether a firm works on Saturdays is a matter of shifts, not of deadlines.
fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests;
