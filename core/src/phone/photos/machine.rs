//! The machine that sends photos: says which request to make and takes the answer, as the sync machine does.

use std::collections::VecDeque;
use std::sync::Arc;

use super::folder::PhotoSize;
use super::plan::SendPlan;
use super::table::{self, PhotoState};
use crate::domain::decide::Rulebook;
use crate::domain::ids::Digest;
use crate::journal::blobs::{BLOB_CHUNK_BYTES, BlobState, MAX_BLOBS_ASKED, MissingRequest, MissingResponse};
use crate::phone::error::{PhoneError, Result};
use crate::phone::front::Phone;
use crate::phone::store::identity::Enrolled;
use crate::phone::sync::answer::{self, Question};
use crate::phone::sync::pace::{self, Lane};
use crate::phone::{HttpRequest, HttpResponse, TransportError};

/// Times the server may find a photo's bytes wrong although they are right here.
const MOST_WRONG: u32 = 3;

/// What to do next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PhotoStep {
    /// Make this request and give what came of it to [`PhotoMachine::answer`].
    Request(HttpRequest),
    /// Nothing more can be done now.
    Done(SendReport),
}

/// What a run of sending did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SendReport {
    /// Requests made.
    pub requests: u32,
    /// Bytes of photos sent.
    pub bytes_up: u64,
    /// Photos the server verified now, or had already.
    pub verified: u64,
    /// Photos whose full file left this phone, as the policy allows.
    pub left: u64,
    /// Photos whose file is gone and that the server does not have.
    pub lost: u64,
    /// Photos that wait for Wi-Fi.
    pub wait_for_wifi: u64,
}

enum Waiting {
    Nothing,
    /// What the server lacks of these: first those to send, then those that would leave.
    Missing {
        to_send: Vec<Digest>,
        leaving: Vec<Digest>,
    },
    Part {
        digest: Digest,
        to: u64,
    },
}

/// One run of sending. Ask [`Self::next`], make the request, give [`Self::answer`], until it is done or gives an error.
/// It can be dropped at any point.
pub struct PhotoMachine {
    phone: Phone,
    plan: SendPlan,
    waiting: Waiting,
    question: Question,
    /// What the server lacks, and from which byte on.
    queue: VecDeque<(Digest, u64)>,
    wrong: u32,
    is_asked: bool,
    report: SendReport,
}

impl std::fmt::Debug for PhotoMachine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhotoMachine").field("report", &self.report).finish_non_exhaustive()
    }
}

impl PhotoMachine {
    pub(super) fn new(phone: Phone, plan: SendPlan) -> Self {
        Self {
            phone,
            plan,
            waiting: Waiting::Nothing,
            question: Question::default(),
            queue: VecDeque::new(),
            wrong: 0,
            is_asked: false,
            report: SendReport::default(),
        }
    }

    /// What was done so far.
    #[must_use]
    pub fn report(&self) -> &SendReport {
        &self.report
    }

    /// What to do next.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`]; when the storage fails.
    #[expect(clippy::should_implement_trait, reason = "the driver's loop reads as next and answer")]
    pub fn next(&mut self) -> Result<PhotoStep> {
        let mut step = self.step()?;
        if let PhotoStep::Request(request) = &mut step {
            self.question = Question::mark(request);
        }
        Ok(step)
    }

    fn step(&mut self) -> Result<PhotoStep> {
        let identity = self.phone.run(|store| Ok(store.identity()))?;
        let enrolled = identity.enrolled()?;
        while let Some((digest, from)) = self.queue.front().copied() {
            match self.part(enrolled, digest, from)? {
                Some(request) => return Ok(PhotoStep::Request(request)),
                None => {
                    self.queue.pop_front();
                    self.set(digest, PhotoState::Lost)?;
                    self.report.lost += 1;
                }
            }
        }
        match self.ask(enrolled)? {
            Some(request) => Ok(PhotoStep::Request(request)),
            None => Ok(PhotoStep::Done(self.report.clone())),
        }
    }

    /// Takes what came of the request.
    ///
    /// # Errors
    /// When the answer is not the server's or says no; everything is kept, and a later run goes on.
    pub fn answer(&mut self, result: Result<HttpResponse, TransportError>) -> Result<()> {
        let asked_to_wait = result.as_ref().ok().and_then(pace::retry_after);
        let taken = self.take(result);
        self.phone.went(Lane::Photos, taken.is_ok(), asked_to_wait);
        taken
    }

    fn take(&mut self, result: Result<HttpResponse, TransportError>) -> Result<()> {
        let waiting = std::mem::replace(&mut self.waiting, Waiting::Nothing);
        let response = result?;
        self.report.requests += 1;
        match waiting {
            Waiting::Nothing => Err(PhoneError::Bug("an answer without a request".to_owned())),
            Waiting::Missing { to_send, leaving } => self.take_missing(&to_send, &leaving, &response),
            Waiting::Part { digest, to } => self.take_part(digest, to, &response),
        }
    }

    /// Asks what the server lacks, once it is not known any more; `None` when nothing is left to ask.
    fn ask(&mut self, enrolled: &Enrolled) -> Result<Option<HttpRequest>> {
        let (rulebook, now) = (self.rulebook()?, self.phone.clock().now().utc_ms);
        let policy = &rulebook.policy.photos;
        let (mut to_send, mut leaving) = self.phone.run(|store| {
            store.read(|conn| {
                let to_send = table::waiting(conn, MAX_BLOBS_ASKED / 2)?;
                let before = super::leave_before(policy, now);
                Ok((to_send, table::may_leave(conn, before, MAX_BLOBS_ASKED / 2)?))
            })
        })?;
        if !self.plan.allows(policy) {
            self.report.wait_for_wifi = self.phone.photo_counts()?.waiting;
            to_send.clear();
        }
        if std::mem::replace(&mut self.is_asked, true) {
            // Those that would leave were asked for; what could not be sent is not tried again in this run.
            leaving.clear();
        }
        if to_send.is_empty() && leaving.is_empty() {
            return Ok(None);
        }
        let request = MissingRequest { sha256: to_send.iter().chain(&leaving).copied().collect() };
        let body = serde_json::to_vec(&request).map_err(|e| PhoneError::Bug(e.to_string()))?;
        self.waiting = Waiting::Missing { to_send, leaving };
        let mut request = http(enrolled, "POST", "/v1/blobs/missing".to_owned(), body);
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
        Ok(Some(request))
    }

    fn take_missing(
        &mut self,
        to_send: &[Digest],
        leaving: &[Digest],
        response: &HttpResponse,
    ) -> Result<()> {
        let told: MissingResponse = answer::json(&self.question, response)?;
        let lacks = |digest: &Digest| told.missing.iter().find(|missing| missing.sha256 == *digest);
        for digest in to_send {
            match lacks(digest) {
                Some(missing) => self.queue.push_back((*digest, missing.offset)),
                None => self.verified(*digest)?,
            }
        }
        for digest in leaving {
            match lacks(digest) {
                // The server had it once and lost it: good that it was asked.
                Some(missing) => {
                    self.set(*digest, PhotoState::Kept)?;
                    self.queue.push_back((*digest, missing.offset));
                }
                None => self.leave(*digest)?,
            }
        }
        Ok(())
    }

    /// The next part of a photo; `None` when the file is gone or is not what was recorded.
    fn part(&mut self, enrolled: &Enrolled, digest: Digest, from: u64) -> Result<Option<HttpRequest>> {
        let Some((body, from, size)) = self.read(digest, from)? else { return Ok(None) };
        let to = from + body.len() as u64;
        if from == 0 {
            self.set(digest, PhotoState::Sending)?;
        }
        self.waiting = Waiting::Part { digest, to };
        self.report.bytes_up += body.len() as u64;
        let mut request = http(enrolled, "PUT", format!("/v1/blobs/{digest}"), body);
        request
            .headers
            .push(("content-range".to_owned(), format!("bytes {from}-{}/{size}", to.saturating_sub(1))));
        Ok(Some(request))
    }

    /// The bytes to send, the first one's number, and the size of the whole.
    fn read(&self, digest: Digest, from: u64) -> Result<Option<(Vec<u8>, u64, u64)>> {
        let Some(photo) = self.full(digest)? else { return Ok(None) };
        // All of it came and it was not verified: the server went away in between. It begins anew.
        let from = if from < photo.len() as u64 { from } else { 0 };
        let rest = photo.get(usize::try_from(from).unwrap_or(usize::MAX)..).unwrap_or_default();
        let length = rest.len().min(usize::try_from(BLOB_CHUNK_BYTES).unwrap_or(usize::MAX));
        let body = rest.get(..length).unwrap_or_default().to_vec();
        // A file without bytes was never a photo of ours.
        Ok((!body.is_empty()).then_some((body, from, photo.len() as u64)))
    }

    fn full(&self, digest: Digest) -> Result<Option<Vec<u8>>> {
        self.phone.run(|store| store.photos().read(digest, PhotoSize::Full))
    }

    fn take_part(&mut self, digest: Digest, to: u64, response: &HttpResponse) -> Result<()> {
        if response.status == 422 {
            return self.wrong(digest, response);
        }
        // The server has another part than it said: ask it again.
        if response.status == 409 && answer::is_ours(&self.question, response) {
            self.queue.clear();
            return self.counted();
        }
        let told: BlobState = answer::json(&self.question, response)?;
        self.queue.pop_front();
        if told.verified {
            self.wrong = 0;
            return self.verified(digest);
        }
        if told.offset != to {
            self.counted()?;
        }
        self.queue.push_front((digest, told.offset));
        Ok(())
    }

    /// The server put the parts together and they were not the photo: either the file here is damaged, or the way was.
    fn wrong(&mut self, digest: Digest, response: &HttpResponse) -> Result<()> {
        if !answer::is_ours(&self.question, response) {
            return Err(PhoneError::NotOurServer("status 422 without its mark".to_owned()));
        }
        self.queue.pop_front();
        if self.full(digest)?.is_none_or(|bytes| Digest::of(&bytes) != digest) {
            self.report.lost += 1;
            return self.set(digest, PhotoState::Lost);
        }
        self.queue.push_front((digest, 0));
        self.counted()
    }

    fn counted(&mut self) -> Result<()> {
        self.wrong += 1;
        if self.wrong > MOST_WRONG {
            return Err(PhoneError::Offline("photos do not arrive as they are sent".to_owned()));
        }
        Ok(())
    }

    fn verified(&mut self, digest: Digest) -> Result<()> {
        self.report.verified += 1;
        self.set(digest, PhotoState::Verified)
    }

    /// The state first: a file without its name in the table is swept, a name without its file is not lost.
    fn leave(&mut self, digest: Digest) -> Result<()> {
        self.set(digest, PhotoState::Safe)?;
        self.phone.run(|store| store.photos().remove_full(digest))?;
        self.report.left += 1;
        Ok(())
    }

    fn set(&self, digest: Digest, state: PhotoState) -> Result<()> {
        let now = self.phone.clock().now().utc_ms;
        let order = self.phone.run(|store| {
            store.write(|tx, _| {
                table::set(tx, digest, state, now)?;
                table::order_of(tx, digest)
            })
        })?;
        if let Some(order) = order {
            self.phone.changed(order);
        }
        Ok(())
    }

    fn rulebook(&self) -> Result<Arc<Rulebook>> {
        self.phone.run(|store| store.rulebook())
    }
}

fn http(enrolled: &Enrolled, method: &'static str, path: String, body: Vec<u8>) -> HttpRequest {
    let headers = vec![("authorization".to_owned(), format!("Bearer {}", enrolled.token))];
    HttpRequest { server: enrolled.server.clone(), method, path, headers, body }
}
