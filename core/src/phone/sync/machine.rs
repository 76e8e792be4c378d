//! The sync machine: says which request to make and takes the answer. It does no input or output but the phone's file.

use super::answer::{self, Answer, Question};
use super::apply;
use super::bootstrap::{self, Loaded};
use super::pace::{self, Lane};
use super::push::{self, Asked};
use super::transport::{HttpRequest, HttpResponse, TransportError};
use crate::journal::limits::{MAX_PUSH_BYTES, PAGE_BYTES};
use crate::journal::wire::{EnrolResponse, RESCUE_KIND};
use crate::phone::error::{PhoneError, Result};
use crate::phone::front::Phone;
use crate::phone::incarnation;
use crate::phone::rescue::sidecar;
use crate::phone::store::head::Head;
use crate::phone::store::identity::{Enrolled, Identity};
use crate::phone::store::meta::{self, key};

/// Answers in a row that moved nothing: after these the server contradicts itself.
const MOST_IDLE: u32 = 4;

/// How large the first page of a first sync is. Each next one is twice as large: what a broken connection costs stays a
/// part of what it brought.
const FIRST_PAGE: u32 = 256 * 1024;

/// What to do next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// Make this request and give what came of it to [`SyncMachine::answer`].
    Request(HttpRequest),
    /// Everything is exchanged.
    Done(SyncReport),
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SyncReport {
    /// Requests made.
    pub requests: u32,
    /// Bytes sent: with headers when the transport counts them, else bodies.
    pub bytes_up: u64,
    /// Bytes received, likewise.
    pub bytes_down: u64,
    /// Entries the server took.
    pub entries_sent: u64,
    /// Orders that changed.
    pub orders_changed: u64,
    /// Entries of this phone the server keeps apart, told in this sync.
    pub parked: u64,
    /// What the server sent and this version cannot read. It is kept for the next version.
    pub unread: Vec<String>,
    /// The phone was a copy of another and took a new incarnation.
    pub forked: bool,
    /// Something is left to exchange: false when the sync was done, true while it is under way.
    pub more: bool,
}

/// How far a sync is, for whoever waits for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SyncProgress {
    /// Entries that still wait to be sent.
    pub entries_left: u64,
    /// Entries the server took in this sync.
    pub entries_sent: u64,
    /// Answers taken.
    pub pages: u32,
    /// Bytes sent, and received.
    pub bytes_up: u64,
    /// See [`Self::bytes_up`].
    pub bytes_down: u64,
    /// What is on the phone by now.
    pub loaded: Loaded,
}

enum Waiting {
    Nothing,
    Sync(Asked),
    Register,
}

/// One sync. Ask [`Self::next`], make the request, give [`Self::answer`], until it is done or gives an error.
/// It can be dropped at any point.
pub struct SyncMachine {
    phone: Phone,
    waiting: Waiting,
    question: Question,
    /// The most bytes of entries in a request; halved when the server finds it too large.
    most: usize,
    /// About how many bytes of rows a first sync asks for at once.
    page: u32,
    pages: u32,
    idle: u32,
    is_done: bool,
    report: SyncReport,
}

impl std::fmt::Debug for SyncMachine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncMachine").field("report", &self.report).finish_non_exhaustive()
    }
}

impl SyncMachine {
    pub(super) fn new(phone: Phone) -> Self {
        Self {
            phone,
            waiting: Waiting::Nothing,
            question: Question::default(),
            most: MAX_PUSH_BYTES,
            page: FIRST_PAGE,
            pages: 0,
            idle: 0,
            is_done: false,
            report: SyncReport::default(),
        }
    }

    /// What was done so far.
    #[must_use]
    pub fn report(&self) -> &SyncReport {
        &self.report
    }

    /// How far it is.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn progress(&self) -> Result<SyncProgress> {
        let (entries_left, loaded) = self
            .phone
            .run(|store| store.read(|conn| Ok((Head::load(conn)?.waiting(), bootstrap::loaded(conn)?))))?;
        let SyncReport { entries_sent, bytes_up, bytes_down, .. } = self.report;
        Ok(SyncProgress { entries_left, entries_sent, pages: self.pages, bytes_up, bytes_down, loaded })
    }

    /// What to do next.
    ///
    /// # Errors
    /// [`PhoneError::NotEnrolled`]; when the storage fails.
    // Not an iterator: it ends with a report, and may fail.
    #[expect(clippy::should_implement_trait, reason = "the driver's loop reads as next and answer")]
    pub fn next(&mut self) -> Result<Step> {
        if self.is_done {
            return Ok(Step::Done(self.report.clone()));
        }
        let identity = self.phone.run(|store| Ok(store.identity()))?;
        let enrolled = identity.enrolled()?;
        let must_register: Option<bool> =
            self.phone.run(|store| store.read(|conn| meta::get(conn, key::REGISTER)))?;
        let mut request = if must_register.unwrap_or(false) {
            self.waiting = Waiting::Register;
            self.register(enrolled)?
        } else {
            let (most, page, now) = (self.most, self.page, self.phone.clock().now());
            let read = |conn: &rusqlite::Connection| push::read(conn, most, page, now);
            let (request, asked) = self.phone.run(|store| store.read(read))?;
            let http = push::encode(enrolled, &request, asked.bytes)?;
            self.waiting = Waiting::Sync(asked);
            http
        };
        self.question = Question::mark(&mut request);
        Ok(Step::Request(request))
    }

    /// Takes what came of the request.
    ///
    /// # Errors
    /// When the answer is not the server's or says no; everything is kept, and a later sync goes on.
    pub fn answer(&mut self, result: Result<HttpResponse, TransportError>) -> Result<()> {
        let asked_to_wait = result.as_ref().ok().and_then(pace::retry_after);
        let taken = self.take(result);
        self.phone.went(Lane::Sync, taken.is_ok(), asked_to_wait);
        taken
    }

    fn take(&mut self, result: Result<HttpResponse, TransportError>) -> Result<()> {
        let waiting = std::mem::replace(&mut self.waiting, Waiting::Nothing);
        let response = result?;
        self.report.requests += 1;
        self.report.bytes_up += response.bytes_up;
        self.report.bytes_down += response.bytes_down.max(response.body.len() as u64);
        let taken = match waiting {
            Waiting::Nothing => Err(PhoneError::Bug("an answer without a request".to_owned())),
            Waiting::Sync(asked) => self.take_sync(&asked, &response),
            Waiting::Register => self.take_registration(&response),
        };
        if taken == Err(PhoneError::SignInAgain) {
            self.phone.run(|store| store.write(|tx, _| meta::set(tx, key::SIGN_IN, true)))?;
            self.phone.changed_status();
        }
        taken
    }

    fn take_sync(&mut self, asked: &Asked, response: &HttpResponse) -> Result<()> {
        let snapshot = match answer::sync(&self.question, response)? {
            Answer::Snapshot(snapshot) => snapshot,
            Answer::TooLarge if asked.orders.len() > 1 => {
                self.most = (asked.bytes.min(self.most) / 2).max(1);
                return Ok(());
            }
            Answer::TooLarge => {
                return Err(PhoneError::NotOurServer("a single entry was too large for it".to_owned()));
            }
        };
        let now = self.phone.clock().now();
        let applied = self.phone.run(|store| {
            let identity = store.identity();
            let applied = store.write(|tx, head| apply::apply(tx, head, &identity, asked, &snapshot, now))?;
            if applied.rules_changed {
                store.forget_rulebook();
            }
            if applied.is_complete {
                store.set_last_complete(now);
            }
            if snapshot.documents.iter().any(|document| document.kind == RESCUE_KIND) {
                store.read(|conn| {
                    sidecar::refresh(&self.phone.config().path, conn);
                    Ok(())
                })?;
            }
            Ok(applied)
        })?;
        self.pages += 1;
        self.page = self.page.saturating_mul(2).min(u32::try_from(PAGE_BYTES).unwrap_or(u32::MAX));
        self.report.entries_sent += applied.acked;
        self.report.orders_changed += applied.changed.len() as u64;
        self.report.parked += applied.parked;
        self.report.unread.extend(applied.unread);
        if applied.forked && std::mem::replace(&mut self.report.forked, true) {
            return Err(PhoneError::Forked("the new incarnation is said to be a copy too".to_owned()));
        }
        self.report.more = applied.more;
        self.is_done = !applied.more;
        self.idle = if applied.moved { 0 } else { self.idle + 1 };
        self.phone.changed_many(&applied.changed);
        if self.idle >= MOST_IDLE && !self.is_done {
            return Err(PhoneError::Offline("it answers, and nothing moves".to_owned()));
        }
        Ok(())
    }

    /// Asks for a device id of this incarnation's own, with the token of the one before.
    fn register(&self, enrolled: &Enrolled) -> Result<HttpRequest> {
        let device = self.phone.run(|store| store.read(Head::load))?.device;
        let mut request = self.phone.enrol_request(&enrolled.server, "/v1/incarnation", "", device)?;
        request.headers.push(("authorization".to_owned(), format!("Bearer {}", enrolled.token)));
        Ok(request)
    }

    fn take_registration(&mut self, response: &HttpResponse) -> Result<()> {
        let given: EnrolResponse = match answer::json(&self.question, response) {
            // Taken by an earlier try whose answer was lost, or by chance: another name, and again.
            Err(PhoneError::BadInput(_)) => {
                self.idle += 1;
                if self.idle >= MOST_IDLE {
                    return Err(PhoneError::Forked("every device id is taken".to_owned()));
                }
                let device = crate::domain::ids::DeviceId::new();
                return self
                    .phone
                    .run(|store| store.write(|tx, head| incarnation::begin(tx, head, device, false)));
            }
            Err(PhoneError::NotFound(why) | PhoneError::Bug(why)) => return Err(PhoneError::Forked(why)),
            other => other?,
        };
        self.phone.run(|store| {
            let known = store.identity();
            let mut enrolled = known.enrolled()?.clone();
            if given.org != enrolled.org || given.person != enrolled.actor.person {
                return Err(PhoneError::NotOurServer("it answers for another person".to_owned()));
            }
            enrolled.token = given.token;
            enrolled.actor.role = given.role;
            let identity = Identity { seed: known.seed, enrolled: Some(enrolled) };
            store.write(|tx, _| {
                identity.save(tx)?;
                meta::clear(tx, key::REGISTER)
            })?;
            store.set_identity(identity);
            Ok(())
        })
    }
}
