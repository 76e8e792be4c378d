//! What the server says while nobody asks: that something changed. A hint carries no data; the phone syncs to learn what.

use serde::{Deserialize, Serialize};

/// `GET /v1/live`: one event's data, as JSON. A phone that has everything up to `seq` of this epoch has nothing to fetch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hint {
    /// The server's epoch.
    #[serde(rename = "e")]
    pub epoch: u64,
    /// The org's seq.
    #[serde(rename = "s")]
    pub seq: u64,
}

impl Hint {
    /// The data of the event.
    #[must_use]
    pub fn data(self) -> String {
        format!("{{\"e\":{},\"s\":{}}}", self.epoch, self.seq)
    }

    /// The event as it is sent.
    #[must_use]
    pub fn event(self) -> String {
        format!("data: {}\n\n", self.data())
    }

    /// Reads one line of the stream. `None` for every line that is no hint: comments, blank lines, fields of a newer server.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line.trim_end().strip_prefix("data:")?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_is_read() {
        let hint = Hint { epoch: u64::MAX, seq: 12 };
        let event = hint.event();
        assert!(event.ends_with("\n\n"));
        assert_eq!(Hint::read(&event), Some(hint));
        assert_eq!(event.trim_end(), format!("data: {}", serde_json::to_string(&hint).unwrap()));
        for other in ["", ":", "retry: 3000", "data: x", "data: {\"e\":1}", "event: hint"] {
            assert_eq!(Hint::read(other), None, "{other}");
        }
    }
}
