//! An exported state without what no two runs have in common: ids, moments, and the digests and seals made of them.
//!
//! Each id, digest and seq becomes the number of its first appearance, so that what belonged together still does; a moment
//! becomes the fact that there is one. Everything else stays, byte for byte.

use std::collections::HashMap;

use chrono::DateTime;
use serde_json::{Map, Value};

const UUID: usize = 36;
const DIGEST: usize = 64;
const SEAL: usize = 64;

/// The state, a line for each order, with ids and digests numbered and moments left out.
///
/// # Panics
/// When a line is no JSON.
pub fn normal(state: &[u8]) -> Vec<u8> {
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(state.len());
    for line in state.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let value: Value = serde_json::from_slice(line).expect("a line of JSON");
        lines.extend(serde_json::to_vec(&names.value(value)).expect("JSON"));
        lines.push(b'\n');
    }
    lines
}

#[derive(Default)]
struct Names {
    ids: HashMap<String, usize>,
    digests: HashMap<String, usize>,
    seqs: HashMap<String, usize>,
}

impl Names {
    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(bytes) if bytes.len() == SEAL && bytes.iter().all(Value::is_u64) => {
                Value::String("seal".to_owned())
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                let mut all = Map::new();
                for (key, value) in fields {
                    let value = match (key.as_str(), value) {
                        // The number tells the year, the seq how much the firm's import wrote.
                        ("number", Value::String(_)) => Value::String("number".to_owned()),
                        ("seq", Value::Number(seq)) => number(&mut self.seqs, &seq.to_string(), "seq").into(),
                        (_, value) => self.value(value),
                    };
                    all.insert(self.text(&key), value);
                }
                Value::Object(all)
            }
            other => other,
        }
    }

    fn text(&mut self, text: &str) -> String {
        if let Some((id, rest)) = text.split_at_checked(UUID)
            && id.parse::<uuid::Uuid>().is_ok()
            && (rest.is_empty() || rest.starts_with('.'))
        {
            return format!("{}{rest}", number(&mut self.ids, id, "id"));
        }
        if text.len() == DIGEST && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return number(&mut self.digests, text, "digest");
        }
        if DateTime::parse_from_rfc3339(text).is_ok() { "moment".to_owned() } else { text.to_owned() }
    }
}

fn number(known: &mut HashMap<String, usize>, text: &str, what: &str) -> String {
    let next = known.len() + 1;
    // Of one width, so that keys keep the order they were made in.
    format!("{what}-{:03}", known.entry(text.to_owned()).or_insert(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_runs_is_numbered_and_the_rest_stays() {
        let run = |a: &str, b: &str, at: &str, digest: &str, seq: u64| {
            let state = format!(
                r#"{{"order":"{a}","seq":{seq},"state":{{"notes":{{"{b}.0":{{"at":"{at}","text":"水"}}}},"seen":"{b}","ink":"{digest}","number":"WX-2026-7"}}}}"#
            );
            String::from_utf8(normal(state.as_bytes())).unwrap()
        };
        let first = run(
            "01990000-0000-7000-8000-000000000001",
            "01990000-0000-7000-8000-000000000002",
            "2026-11-25T10:00:00+08:00",
            &"ab".repeat(32),
            91,
        );
        let second = run(
            "01a90000-0000-7000-8000-00000000000f",
            "01a90000-0000-7000-8000-0000000000ff",
            "2027-01-01T00:00:00.123+00:00",
            &"cd".repeat(32),
            7,
        );
        assert_eq!(first, second);
        assert_eq!(
            first,
            concat!(
                r#"{"order":"id-001","seq":"seq-001","state":{"ink":"digest-001","notes":{"id-002.0":{"at":"moment","text":"水"}},"#,
                r#""number":"number","seen":"id-002"}}"#,
                "\n"
            )
        );
    }
}
