//! `org.toml`: who the firm is, how a resident reaches it, and which rules it works by.

use doorstep_core::domain::ids::OrgId;
use doorstep_core::domain::lang::Text;
use doorstep_core::domain::money::Currency;
use serde::Deserialize;
use toml::Spanned;

use super::MAX_FILE_BYTES;
use super::fault::{Fault, Parsed, Problem};
use super::text::line_breaks;
use super::values::{code, phone};

/// The regions whose working days Doorstep knows.
pub const REGIONS: [&str; 4] = ["CN", "HK", "MO", "TW"];

/// The firm, as its file describes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrgFile {
    /// The short code.
    pub id: OrgId,
    /// The name residents know.
    pub name: Text,
    /// The service phone (R23).
    pub service_phone: String,
    /// The complaint line (R23, R150).
    pub complaint_line: String,
    /// One of [`REGIONS`].
    pub region: String,
    /// The currency of the price list.
    pub currency: Currency,
    /// The policy pack's name. Whether there is such a pack is for the server to say.
    pub policy: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Option<Spanned<String>>,
    service_phone: Option<Spanned<String>>,
    complaint_line: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    currency: Option<Spanned<String>>,
    policy: Option<Spanned<String>>,
    #[serde(default)]
    name: RawName,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawName {
    zh_hant: Option<Spanned<String>>,
    zh_hans: Option<Spanned<String>>,
    en: Option<Spanned<String>>,
}

struct Reading<'a> {
    file: &'a str,
    source: &'a str,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> u64 {
        1 + line_breaks(self.source.as_bytes().get(..at).unwrap_or_default())
    }

    /// A key that must be there and that `read` must understand.
    fn key<T>(
        &mut self,
        key: &'static str,
        value: Option<Spanned<String>>,
        read: impl FnOnce(&str) -> Option<T>,
        problem: impl FnOnce(String) -> Problem,
    ) -> Option<T> {
        let Some(value) = value.filter(|value| !value.get_ref().trim().is_empty()) else {
            self.faults.push(Fault::of_file(self.file, Problem::MissingKey { key }));
            return None;
        };
        let found = read(value.get_ref().trim());
        if found.is_none() {
            let line = self.line(value.span().start);
            let problem = problem(value.get_ref().clone());
            self.faults.push(Fault::of_line(self.file, line, line, problem));
        }
        found
    }

    fn text(&mut self, key: &'static str, value: Option<Spanned<String>>) -> Option<String> {
        self.key(key, value, |text| Some(text.to_owned()), |found| Problem::BadCode { found })
    }
}

/// Reads `org.toml`. `rows` is the firm when there was no fault.
#[must_use]
pub fn parse_org(file: &str, bytes: &[u8]) -> Parsed<Option<OrgFile>> {
    let refuse = |line, problem| Parsed {
        rows: None,
        faults: vec![Fault::of_line(file, line, line, problem)],
        notes: Vec::new(),
    };
    if bytes.len() > MAX_FILE_BYTES {
        return refuse(0, Problem::TooLarge { limit: MAX_FILE_BYTES });
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return refuse(0, Problem::Utf16);
    }
    let data = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let source = match std::str::from_utf8(data) {
        Ok(source) => source,
        Err(error) => {
            let before = data.get(..error.valid_up_to()).unwrap_or_default();
            return refuse(1 + line_breaks(before), Problem::NotUtf8);
        }
    };
    let mut reading = Reading { file, source, faults: Vec::new() };
    let raw: Raw = match toml::from_str(source) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(0, |span| reading.line(span.start));
            return refuse(line, Problem::BadToml { detail: error.message().to_owned() });
        }
    };
    let rows = read_org(&mut reading, raw);
    let clean = reading.faults.is_empty();
    Parsed { rows: rows.filter(|_| clean), faults: reading.faults, notes: Vec::new() }
}

fn read_org(reading: &mut Reading<'_>, raw: Raw) -> Option<OrgFile> {
    let bad_phone = |found| Problem::BadPhone { found };
    let bad_code = |found| Problem::BadCode { found };
    let listed = |allowed: String| {
        move |found| Problem::UnknownWord { found, allowed: Text::new(&allowed, &allowed, &allowed) }
    };
    let id = reading.key("id", raw.id, code, bad_code);
    let service_phone = reading.key("service_phone", raw.service_phone, |text| phone(text, 5), bad_phone);
    let complaint_line = reading.key("complaint_line", raw.complaint_line, |text| phone(text, 5), bad_phone);
    let region = reading.key(
        "region",
        raw.region,
        |text| REGIONS.contains(&text).then(|| text.to_owned()),
        listed(REGIONS.join(", ")),
    );
    let currency =
        reading.key("currency", raw.currency, Currency::from_code, listed("CNY, HKD, TWD, MOP".to_owned()));
    let policy = reading.key("policy", raw.policy, code, bad_code);
    let zh_hant = reading.text("name.zh_hant", raw.name.zh_hant);
    let zh_hans = reading.text("name.zh_hans", raw.name.zh_hans);
    let en = reading.text("name.en", raw.name.en);
    Some(OrgFile {
        id: OrgId(id?),
        name: Text { zh_hant: zh_hant?, zh_hans: zh_hans?, en: en? },
        service_phone: service_phone?,
        complaint_line: complaint_line?,
        region: region?,
        currency: currency?,
        policy: policy?,
    })
}
