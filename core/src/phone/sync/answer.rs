//! Reading an answer: is it the server's word at all, and which. Whatever else answers changes nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::transport::{HttpRequest, HttpResponse};
use crate::journal::packing;
use crate::journal::wire::{ApiError, SyncResponse};
use crate::phone::error::{PhoneError, Result};

/// The header on every answer of the server's `/v1`: the version, and the name its question had, so that a cache on the way
/// cannot answer with what was true another time.
const MARK: &str = "doorstep";
/// The header that names a question.
const QUESTION: &str = "ask";
const VERSION: &str = "1";

/// A question that was asked, as its answer must name it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Question(String);

impl Question {
    /// Marks a request that is about to be made.
    pub(crate) fn mark(request: &mut HttpRequest) -> Self {
        // The last bytes of a fresh id are random ones. Four letters of sixty-four: an idle phone pays for each of them twice.
        let [.., a, b, c] = *Uuid::now_v7().as_bytes();
        let name = URL_SAFE_NO_PAD.encode([a, b, c]);
        request.headers.push((QUESTION.to_owned(), name.clone()));
        Self(name)
    }
}
/// The most an answer may grow to: no page the server makes comes near.
const MOST: usize = 512 * 1024 * 1024;

/// A sync answer.
pub(crate) enum Answer {
    /// A snapshot.
    Snapshot(Box<SyncResponse>),
    /// The request was too large for the server or something before it.
    TooLarge,
}

/// Reads the answer to a sync request.
pub(crate) fn sync(question: &Question, response: &HttpResponse) -> Result<Answer> {
    if response.status == 413 {
        return Ok(Answer::TooLarge);
    }
    check(question, response)?;
    let unreadable = |why: String| PhoneError::NotOurServer(format!("the answer cannot be read: {why}"));
    let plain;
    let body = match response.header("content-encoding") {
        None | Some("identity") => response.body.as_slice(),
        Some(encoding) => {
            plain = packing::unpack(encoding, &response.body, MOST).map_err(|e| unreadable(e.to_string()))?;
            plain.as_slice()
        }
    };
    let snapshot = cbor4ii::serde::from_slice(body).map_err(|e| unreadable(e.to_string()))?;
    Ok(Answer::Snapshot(Box::new(snapshot)))
}

/// Reads a JSON answer.
pub(crate) fn json<T: DeserializeOwned>(question: &Question, response: &HttpResponse) -> Result<T> {
    check(question, response)?;
    serde_json::from_slice(&response.body).map_err(|e| PhoneError::NotOurServer(e.to_string()))
}

/// Whether the server itself answered, and to this question, and not something on the way. A server of before questions
/// had names says none.
pub(crate) fn is_ours(question: &Question, response: &HttpResponse) -> bool {
    let mut words = response.header(MARK).unwrap_or_default().split(' ');
    let (version, name, more) = (words.next(), words.next(), words.next());
    version == Some(VERSION) && name.is_none_or(|name| name == question.0) && more.is_none()
}

/// Passes an answer of the server's that says yes.
fn check(question: &Question, response: &HttpResponse) -> Result<()> {
    let is_ours = is_ours(question, response);
    let status = response.status;
    // A gateway in between may say these in its own words.
    if status == 408 || status == 429 || status >= 500 {
        return Err(PhoneError::Offline(format!("it answered {status}")));
    }
    if !is_ours {
        return Err(PhoneError::NotOurServer(format!(
            "status {status} without its mark, or to another question"
        )));
    }
    if status == 200 {
        return Ok(());
    }
    let said: Option<ApiError> = serde_json::from_slice(&response.body).ok();
    let (word, message) =
        said.map_or_else(|| (String::new(), format!("status {status}")), |said| (said.error, said.message));
    Err(match (status, word.as_str()) {
        (401 | 403, _) => PhoneError::SignInAgain,
        (_, "protocol") => PhoneError::TooOld(message),
        (404, _) => PhoneError::NotFound(message),
        (409, _) => PhoneError::BadInput(message),
        _ => PhoneError::Bug(format!("the server did not understand: {message}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, marked: bool, body: &[u8]) -> HttpResponse {
        let headers = if marked { vec![("Doorstep".to_owned(), "1".to_owned())] } else { vec![] };
        HttpResponse { status, headers, body: body.to_vec(), ..HttpResponse::default() }
    }

    #[test]
    fn only_the_servers_word_is_taken() {
        let good =
            cbor4ii::serde::to_vec(Vec::new(), &SyncResponse { seq: 7, ..Default::default() }).unwrap();
        assert!(
            matches!(sync(&Question::default(), &response(200, true, &good)), Ok(Answer::Snapshot(s)) if s.seq == 7)
        );
        let refused =
            |status, marked, body: &[u8]| match sync(&Question::default(), &response(status, marked, body)) {
                Ok(_) => panic!("taken"),
                Err(why) => why,
            };
        let portal = b"<html>Welcome to Hotel Wifi</html>";
        assert!(matches!(refused(200, false, portal), PhoneError::NotOurServer(_)));
        assert!(matches!(refused(200, false, &good), PhoneError::NotOurServer(_)));
        assert!(matches!(refused(200, true, portal), PhoneError::NotOurServer(_)));
        assert!(matches!(refused(302, false, b""), PhoneError::NotOurServer(_)));
        assert!(matches!(refused(401, false, portal), PhoneError::NotOurServer(_)));
        assert!(matches!(refused(204, true, b""), PhoneError::Bug(_)));
        assert_eq!(refused(401, true, b"{}"), PhoneError::SignInAgain);
        for status in [408, 429, 500, 502, 503] {
            assert!(matches!(refused(status, false, portal), PhoneError::Offline(_)));
        }
        let old = br#"{"error":"protocol","message":"2 to 3 are spoken"}"#;
        assert_eq!(refused(400, true, old), PhoneError::TooOld("2 to 3 are spoken".to_owned()));
        assert!(matches!(sync(&Question::default(), &response(413, false, portal)), Ok(Answer::TooLarge)));
    }

    #[test]
    fn an_answer_to_another_question_is_not_taken() {
        let body =
            cbor4ii::serde::to_vec(Vec::new(), &SyncResponse { seq: 7, ..Default::default() }).unwrap();
        let mut request = HttpRequest::default();
        let question = Question::mark(&mut request);
        let name = request.headers[0].1.clone();
        assert_ne!(Question::mark(&mut request), question, "no two have one name");
        let answer = |mark: String| HttpResponse {
            status: 200,
            headers: vec![("doorstep".to_owned(), mark)],
            body: body.clone(),
            ..HttpResponse::default()
        };
        for (mark, is_taken) in [
            (format!("1 {name}"), true),
            ("1".to_owned(), true),
            ("1 00000000".to_owned(), false),
            (format!("2 {name}"), false),
            (format!("1 {name} 1"), false),
            (name, false),
        ] {
            let taken = sync(&question, &answer(mark.clone()));
            assert_eq!(taken.is_ok(), is_taken, "{mark}");
            assert!(is_taken || matches!(taken, Err(PhoneError::NotOurServer(_))));
        }
    }

    #[test]
    fn compressed_answers_are_read_and_broken_ones_refused() {
        let plain =
            cbor4ii::serde::to_vec(Vec::new(), &SyncResponse { seq: 9, ..Default::default() }).unwrap();
        let mut response = response(200, true, &zstd::bulk::compress(&plain, 3).unwrap());
        response.headers.push(("content-encoding".to_owned(), "zstd".to_owned()));
        assert!(matches!(sync(&Question::default(), &response), Ok(Answer::Snapshot(s)) if s.seq == 9));
        response.body.truncate(5);
        assert!(matches!(sync(&Question::default(), &response), Err(PhoneError::NotOurServer(_))));
        response.headers.pop();
        response.headers.push(("content-encoding".to_owned(), "br".to_owned()));
        assert!(matches!(sync(&Question::default(), &response), Err(PhoneError::NotOurServer(_))));
    }
}
