//! The front door: one object for the phone, coarse calls that block. Call those that use the network off the main thread.

use std::sync::Arc;

use chrono::NaiveDate;
use doorstep_core::domain::decide::paper::Paper;
use doorstep_core::domain::order::signing::{Signed, Signer};
use doorstep_core::phone::{HttpTransport, Phone, PhoneConfig, SyncReport, SyncStatus, Trust};

use crate::command::VisitCommand;
use crate::failure::DoorstepException;
use crate::ids::read;
use crate::observe::{OrderObserver, Watch, watch};
use crate::records::{Moment, OrderPage, OrderSummary, PenPoint, ThingTaken, strokes};
use crate::words::{Language, SigningAs};

type Result<T> = std::result::Result<T, DoorstepException>;

/// The version of this library.
#[uniffi::export]
#[must_use]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A technician's phone.
#[derive(uniffi::Object)]
pub struct DoorstepPhone {
    phone: Phone,
    transport: HttpTransport,
}

/// A signature sealed to the document that was shown. Give it to the command that carries it.
#[derive(uniffi::Object)]
pub struct Sealed(Signed);

impl Sealed {
    pub(crate) fn signed(&self) -> Signed {
        self.0.clone()
    }
}

#[uniffi::export]
impl Sealed {
    /// SHA-256 of the document, hexadecimal.
    #[must_use]
    pub fn document_sha256(&self) -> String {
        self.0.document.to_string()
    }
}

/// What is put before somebody to sign.
#[derive(Clone, uniffi::Enum)]
#[allow(missing_docs, reason = "the papers are those of the core's Paper")]
pub enum SignedPaper {
    Quote { agreed: bool },
    Mismatch,
    Liability,
    TakeAway { receipt_no: String, things: Vec<ThingTaken> },
    Unsolved { reason: String },
    Sheet { rating: Option<u8>, opinion: String },
}

impl From<SignedPaper> for Paper {
    fn from(paper: SignedPaper) -> Self {
        match paper {
            SignedPaper::Quote { agreed } => Self::Quote { agreed },
            SignedPaper::Mismatch => Self::Mismatch,
            SignedPaper::Liability => Self::Liability,
            SignedPaper::TakeAway { receipt_no, things } => {
                let pair = |ThingTaken { name, serial }| (name, serial);
                Self::TakeAway { receipt_no, items: things.into_iter().map(pair).collect() }
            }
            SignedPaper::Unsolved { reason } => Self::Unsolved { reason },
            SignedPaper::Sheet { rating, opinion } => Self::Sheet { rating, opinion },
        }
    }
}

/// What a sync did.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's SyncReport")]
pub struct SyncOutcome {
    pub requests: u32,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub entries_sent: u64,
    pub orders_changed: u64,
    pub parked: u64,
    pub unread: Vec<String>,
    pub forked: bool,
    pub more: bool,
}

impl From<SyncReport> for SyncOutcome {
    fn from(report: SyncReport) -> Self {
        let SyncReport { requests, bytes_up, bytes_down, entries_sent, orders_changed, parked, .. } = report;
        let SyncReport { unread, forked, more, .. } = report;
        Self { requests, bytes_up, bytes_down, entries_sent, orders_changed, parked, unread, forked, more }
    }
}

/// How sync stands.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
#[allow(missing_docs, reason = "the fields are those of the core's SyncStatus")]
pub struct SyncState {
    pub waiting: u64,
    pub oldest_unsent_age_ms: Option<u64>,
    pub parked: u64,
    pub last_complete: Option<Moment>,
    pub must_sign_in: bool,
    pub skew_ms: Option<i64>,
    pub cursor: u64,
}

impl From<SyncStatus> for SyncState {
    fn from(status: SyncStatus) -> Self {
        let SyncStatus { waiting, oldest_unsent_age_ms, parked, last_complete, must_sign_in, skew_ms, cursor } =
            status;
        let last_complete = last_complete.map(Into::into);
        Self { waiting, oldest_unsent_age_ms, parked, last_complete, must_sign_in, skew_ms, cursor }
    }
}

#[uniffi::export]
impl DoorstepPhone {
    /// Opens the file at `path`, or makes it. `roots_pem`: the certificates to trust; `None` trusts the platform's.
    ///
    /// # Errors
    /// When the file cannot be used. A damaged one is moved aside, never deleted.
    #[uniffi::constructor]
    pub fn open(path: String, app_version: String, roots_pem: Option<Vec<u8>>) -> Result<Arc<Self>> {
        let phone = Phone::open(PhoneConfig::new(path, app_version))?;
        let transport = HttpTransport::new(roots_pem.map_or(Trust::Platform, Trust::Roots));
        Ok(Arc::new(Self { phone, transport }))
    }

    /// Closes the file. Every later call gives an error.
    pub fn close(&self) {
        self.phone.close();
    }

    /// Enrols with the text of the QR code on the office's screen. Uses the network.
    ///
    /// # Errors
    /// `BadInput` when the code is not good, `Offline` without network.
    pub fn enrol(&self, qr_text: String) -> Result<()> {
        Ok(self.phone.enrol(&self.transport, &qr_text)?)
    }

    /// The visits of a day (`2026-11-25`), then open orders without a window.
    ///
    /// # Errors
    /// `BadInput` for a day that is none.
    pub fn today(&self, day: String) -> Result<Vec<OrderSummary>> {
        let day: NaiveDate = day.parse().map_err(|e| DoorstepException::bad(format!("not a day: {day}: {e}")))?;
        Ok(self.phone.today(day)?.into_iter().map(Into::into).collect())
    }

    /// Orders whose number, unit, names, fault or phone hold the text, in either script.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn search(&self, text: String, limit: u32) -> Result<Vec<OrderSummary>> {
        Ok(self.phone.search(&text, limit)?.into_iter().map(Into::into).collect())
    }

    /// One order with its checklist and, for every button, whether it may be pressed and why not.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn order(&self, order: String, lang: Language) -> Result<OrderPage> {
        let detail = self.phone.order(read(&order)?)?;
        OrderPage::of(&detail, &self.phone.rulebook()?.policy, lang)
    }

    /// An id for an order about to be registered.
    #[must_use]
    pub fn new_order_id(&self) -> String {
        self.phone.new_order_id().to_string()
    }

    /// Decides a command and saves what follows; gives the entry's number. When this returns, it is on the disk.
    ///
    /// # Errors
    /// `Refused` with the rule; nothing is saved then.
    pub fn record(&self, order: String, command: VisitCommand) -> Result<u64> {
        Ok(self.phone.record(read(&order)?, command.read()?)?.n)
    }

    /// The document to show before signing: canonical JSON, exactly what the seal will bind.
    ///
    /// # Errors
    /// `Refused` when there is no such paper now.
    pub fn paper(&self, order: String, paper: SignedPaper, lang: Language) -> Result<Vec<u8>> {
        Ok(self.phone.paper(read(&order)?, &paper.into(), lang.into())?.bytes().to_vec())
    }

    /// Seals the document of a paper with a signature.
    ///
    /// # Errors
    /// `BadInput` when the strokes are no signature.
    pub fn sign(
        &self,
        order: String,
        paper: SignedPaper,
        lang: Language,
        name: String,
        signing_as: SigningAs,
        lines: Vec<Vec<PenPoint>>,
    ) -> Result<Arc<Sealed>> {
        let signer = Signer { name, capacity: signing_as.into() };
        let strokes = strokes(lines);
        let signed = self.phone.sign(read(&order)?, &paper.into(), lang.into(), signer, &strokes)?;
        Ok(Arc::new(Sealed(signed)))
    }

    /// Exchanges everything with the server. Uses the network; what was exchanged before an error stays.
    ///
    /// # Errors
    /// `Offline`, `SignInAgain`. Nothing recorded is lost.
    pub fn sync(&self) -> Result<SyncOutcome> {
        Ok(self.phone.sync(&self.transport)?.into())
    }

    /// How sync stands.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn status(&self) -> Result<SyncState> {
        Ok(self.phone.status()?.into())
    }

    /// Calls the observer with the current state, then once for each commit, from one thread of the library's.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn observe(&self, observer: Arc<dyn OrderObserver>) -> Result<Arc<Watch>> {
        Ok(Arc::new(watch(&self.phone, observer)?))
    }
}
