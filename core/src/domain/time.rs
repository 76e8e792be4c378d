//! Points in time as they were recorded: UTC, with the offset of the place, so that a page can show the resident's hour.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A moment: UTC milliseconds and the zone offset, in minutes, where it was recorded.
///
/// Written as RFC 3339 text where a person reads it (JSON) and as two integers where it is stored (CBOR).
/// Moments compare by UTC; the offset only decides how they are shown.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub utc_ms: i64,
    /// Minutes east of UTC; China, Hong Kong, Macau and Taiwan are 480.
    pub offset_min: i16,
}

impl PartialEq for Stamp {
    fn eq(&self, other: &Self) -> bool {
        self.utc_ms == other.utc_ms
    }
}

impl Eq for Stamp {}

impl PartialOrd for Stamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Stamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.utc_ms.cmp(&other.utc_ms)
    }
}

impl Stamp {
    /// A moment from its parts.
    #[must_use]
    pub fn new(utc_ms: i64, offset_min: i16) -> Self {
        Self { utc_ms, offset_min }
    }

    /// Reads RFC 3339 text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(Self::from)
    }

    /// The wall clock where it was recorded. A value no calendar holds (a broken clock) shows as the nearest end.
    #[must_use]
    pub fn local(self) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(i32::from(self.offset_min) * 60)
            .unwrap_or_else(|| chrono::Offset::fix(&Utc));
        let utc = DateTime::<Utc>::from_timestamp_millis(self.utc_ms)
            // The margin keeps the local date representable at any offset.
            .filter(|t| t.timestamp().abs() < 8_000_000_000_000)
            .unwrap_or(if self.utc_ms < 0 { DateTime::<Utc>::UNIX_EPOCH } else { far_future() });
        utc.with_timezone(&offset)
    }

    /// The date on the wall where it was recorded.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.local().date_naive()
    }

    /// `2026-11-24 16:05`, as lists show it.
    #[must_use]
    pub fn minute_text(self) -> String {
        self.local().format("%Y-%m-%d %H:%M").to_string()
    }

    /// This moment moved by whole minutes; saturates at the ends of the range.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self { utc_ms: self.utc_ms.saturating_add(minutes.saturating_mul(60_000)), ..self }
    }

    /// Whole minutes from `earlier` to this moment, negative when this is before it.
    #[must_use]
    pub fn minutes_since(self, earlier: Self) -> i64 {
        self.utc_ms.saturating_sub(earlier.utc_ms).div_euclid(60_000)
    }
}

fn far_future() -> DateTime<Utc> {
    Utc.timestamp_opt(253_402_214_400, 0).single().unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl From<DateTime<FixedOffset>> for Stamp {
    fn from(time: DateTime<FixedOffset>) -> Self {
        let minutes = time.offset().local_minus_utc() / 60;
        Self { utc_ms: time.timestamp_millis(), offset_min: i16::try_from(minutes).unwrap_or(0) }
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.local().to_rfc3339_opts(SecondsFormat::Millis, false))
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            (self.utc_ms, self.offset_min).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text).ok_or_else(|| D::Error::custom(format!("not an RFC 3339 time: {text}")))
        } else {
            let (utc_ms, offset_min) = Deserialize::deserialize(deserializer)?;
            Ok(Self { utc_ms, offset_min })
        }
    }
}

/// The time window agreed with the resident (預約時段).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Window {
    /// The booked time: the technician is there before it (R33).
    pub start: Stamp,
    /// The end of the window.
    pub end: Stamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_both_encodings() {
        let stamp = Stamp::parse("2026-11-24T16:05:09.120+08:00").unwrap();
        assert_eq!(stamp.minute_text(), "2026-11-24 16:05");
        let json = serde_json::to_string(&stamp).unwrap();
        assert_eq!(json, "\"2026-11-24T16:05:09.120+08:00\"");
        assert_eq!(serde_json::from_str::<Stamp>(&json).unwrap(), stamp);
        let bytes = cbor4ii::serde::to_vec(Vec::new(), &stamp).unwrap();
        assert!(bytes.len() < 16, "{}", bytes.len());
        let back: Stamp = cbor4ii::serde::from_slice(&bytes).unwrap();
        assert_eq!((back.utc_ms, back.offset_min), (stamp.utc_ms, 480));
    }

    #[test]
    fn a_broken_clock_still_shows_something() {
        for utc_ms in [i64::MIN, -1, 0, i64::MAX] {
            for offset in [i16::MIN, -720, 840, i16::MAX] {
                assert!(!Stamp::new(utc_ms, offset).to_string().is_empty());
            }
        }
        assert_eq!(Stamp::new(i64::MAX, 0).plus_minutes(5).utc_ms, i64::MAX);
    }
}
