//! The code on the office's screen that a phone scans to enrol: where the server is, and the one-time code.
//!
//! `doorstep:https://office.example:8443#harbour.7K2M9QXA`

use std::fmt;
use std::str::FromStr;

/// What the scanned text says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnrolCode {
    /// The server's address: scheme, host and port, no slash at the end.
    pub server: String,
    /// The one-time code.
    pub code: String,
}

/// Why a text is no enrolment code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadEnrolCode {
    /// It does not begin with `doorstep:`.
    #[error("this is not a Doorstep code")]
    NotDoorstep,
    /// The server's address is missing or is not `https://host` or `http://host`.
    #[error("the code names no server")]
    NoServer,
    /// The part after `#` is missing or holds spaces or signs that cannot be shown.
    #[error("the code is incomplete")]
    NoCode,
}

const PREFIX: &str = "doorstep:";

impl fmt::Display for EnrolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}#{}", self.server, self.code)
    }
}

impl FromStr for EnrolCode {
    type Err = BadEnrolCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let rest = match text.split_at_checked(PREFIX.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(PREFIX) => rest,
            _ => return Err(BadEnrolCode::NotDoorstep),
        };
        let (server, code) = rest.split_once('#').ok_or(BadEnrolCode::NoCode)?;
        let server = server.trim_end_matches('/');
        let (scheme, host) = server.split_once("://").ok_or(BadEnrolCode::NoServer)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if !known || host.is_empty() || !host.chars().all(is_host) {
            return Err(BadEnrolCode::NoServer);
        }
        if code.is_empty() || code.chars().any(|c| c.is_whitespace() || c.is_control() || c == '#') {
            return Err(BadEnrolCode::NoCode);
        }
        let server = format!("{}://{}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        Ok(Self { server, code: code.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let code = EnrolCode {
            server: "https://office.example:8443".to_owned(),
            code: "harbour.7K2M9QXA".to_owned(),
        };
        assert_eq!(code.to_string(), "doorstep:https://office.example:8443#harbour.7K2M9QXA");
        assert_eq!(code.to_string().parse(), Ok(code.clone()));
        assert_eq!(" DOORSTEP:HTTPS://Office.Example:8443/#harbour.7K2M9QXA\n".parse(), Ok(code));
        assert!("doorstep:http://[::1]:9000#A".parse::<EnrolCode>().is_ok());
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        for (text, why) in [
            ("", BadEnrolCode::NotDoorstep),
            ("https://office.example#A", BadEnrolCode::NotDoorstep),
            ("上門上門上門", BadEnrolCode::NotDoorstep),
            ("doorstep:https://office.example", BadEnrolCode::NoCode),
            ("doorstep:https://office.example#", BadEnrolCode::NoCode),
            ("doorstep:https://office.example#a b", BadEnrolCode::NoCode),
            ("doorstep:ftp://office.example#A", BadEnrolCode::NoServer),
            ("doorstep:https://#A", BadEnrolCode::NoServer),
            ("doorstep:https://user@office.example#A", BadEnrolCode::NoServer),
            ("doorstep:office.example#A", BadEnrolCode::NoServer),
        ] {
            assert_eq!(text.parse::<EnrolCode>(), Err(why), "{text}");
        }
    }
}
