//! The values people type into cells: codes, phones, amounts, dates, times and windows.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use doorstep_core::domain::money::{Currency, Money};
use doorstep_core::domain::time::{Stamp, Window};

use super::OFFICE_OFFSET_MIN;
use super::text::narrow;

/// The dearest unit price read: ten million, in minor units. More is a slip of the keyboard.
const MAX_PRICE_MINOR: i64 = 1_000_000_000;

/// Reads a code: letters, digits and `-_.`, at most forty.
pub(super) fn code(text: &str) -> Option<String> {
    let text = narrow(text);
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!text.is_empty() && text.len() <= 40 && text.chars().all(good)).then_some(text)
}

/// Reads one phone number of `min` to 15 digits, with an extension if it has one; keeps it as typed.
pub(super) fn phone(text: &str, min: usize) -> Option<String> {
    let text = narrow(text);
    let lower = text.to_lowercase();
    let (main, extension) = ["轉", "转", "ext.", "ext", "#"]
        .into_iter()
        .find_map(|mark| lower.split_once(mark))
        .map_or((lower.as_str(), None), |(main, extension)| (main, Some(extension.trim())));
    let main = main.trim();
    let digits = main.chars().filter(char::is_ascii_digit).count();
    let body = main.strip_prefix('+').unwrap_or(main);
    let good = body.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')'));
    let extension_good =
        extension.is_none_or(|e| (1..=6).contains(&e.len()) && e.chars().all(|c| c.is_ascii_digit()));
    (good && extension_good && (min..=15).contains(&digits)).then_some(text)
}

/// Reads an amount: not negative, at most two decimals, commas only between thousands, the currency's sign allowed.
pub(super) fn money(text: &str, currency: Currency) -> Option<Money> {
    let text = narrow(text).to_uppercase();
    let mut text = text.trim().trim_end_matches('元').trim();
    for sign in [currency.code(), currency.sign(), "¥", "$"] {
        // "¥" is renminbi only, and "$" never.
        let fits = match sign {
            "¥" => currency == Currency::Cny,
            "$" => currency != Currency::Cny,
            _ => true,
        };
        if let (true, Some(rest)) = (fits, text.strip_prefix(sign)) {
            text = rest.trim();
            break;
        }
    }
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = whole.contains(',');
    if text.get(whole.len()..).unwrap_or_default().contains(',')
        || (grouped && !(1..=3).contains(&first.len()))
        || groups.any(|group| group.len() != 3)
    {
        return None;
    }
    Money::parse(text, currency).filter(|money| (0..=MAX_PRICE_MINOR).contains(&money.minor))
}

/// Reads a date at the beginning of a text; gives the rest, trimmed.
pub(super) fn date(text: &str) -> Option<(NaiveDate, String)> {
    let text = narrow(text);
    let text = text.trim();
    let mut numbers = Vec::new();
    let mut rest = text;
    for (place, separators) in
        [['年', '-', '/', '.'], ['月', '-', '/', '.'], ['日', ' ', 'T', '號']].into_iter().enumerate()
    {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, tail) = rest.split_at_checked(end)?;
        let lengths = if place == 0 { 4..=4 } else { 1..=2 };
        if !lengths.contains(&digits.len()) {
            return None;
        }
        numbers.push(digits.parse::<u32>().ok()?);
        rest = match tail.chars().next() {
            Some(c) if separators.contains(&c) => tail.get(c.len_utf8()..)?.trim_start(),
            None if place == 2 => "",
            _ => return None,
        };
    }
    let [year, month, day] = numbers.try_into().ok()?;
    if !(2000..2100).contains(&year) {
        return None;
    }
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest.trim().to_owned()))
}

/// Reads `9:00`, `09:00:00`, `9時30分`, `下午 2:00` or `2:00 PM`.
fn clock(text: &str) -> Option<NaiveTime> {
    let upper = text.trim().to_uppercase();
    let mut half = None;
    let mut body = upper.as_str();
    for (mark, afternoon) in [("上午", false), ("下午", true), ("AM", false), ("PM", true)] {
        if let Some(rest) = body.strip_prefix(mark).or_else(|| body.strip_suffix(mark)) {
            (half, body) = (Some(afternoon), rest);
            break;
        }
    }
    let body = body.trim().replace(['時', '时', '點', '点'], ":").replace('分', "");
    let body = body.strip_suffix(':').map_or_else(|| body.clone(), |hours| format!("{hours}:00"));
    let mut numbers = Vec::new();
    for part in body.split(':') {
        if !(1..=2).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        numbers.push(part.parse::<u32>().ok()?);
    }
    let (hour, minute, second) = match numbers.as_slice() {
        [hour, minute] => (*hour, *minute, 0),
        [hour, minute, second] => (*hour, *minute, *second),
        _ => return None,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// Reads a time, or a window on one day.
pub(super) fn window(text: &str, lone_minutes: i64) -> Option<Window> {
    let (date, rest) = date(text)?;
    let rest = rest.replace(['–', '—', '~', '～', '至', '到'], "-");
    let zone = FixedOffset::east_opt(i32::from(OFFICE_OFFSET_MIN) * 60)?;
    let stamp = |time: NaiveTime| {
        let local = zone.from_local_datetime(&NaiveDateTime::new(date, time)).single()?;
        Some(Stamp::from(local))
    };
    let Some((from, to)) = rest.split_once('-') else {
        let start = stamp(clock(&rest)?)?;
        return Some(Window { start, end: start.plus_minutes(lone_minutes) });
    };
    let window = Window { start: stamp(clock(from)?)?, end: stamp(clock(to)?)? };
    (window.start < window.end).then_some(window)
}
