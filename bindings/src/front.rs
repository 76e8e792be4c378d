//! The front door: one object for the phone, coarse calls that block. Call those that use the network off the main thread.

use std::sync::Arc;

use doorstep_core::domain::order::signing::Signer;
use doorstep_core::phone::{
    HttpTransport, Phone, PhoneConfig, Step, StorageKey, Transport as _, Trust, rotate_key,
};

use crate::cancel::{Cancel, Network};
use crate::command::VisitCommand;
use crate::failure::{DoorstepException, Result, guard};
use crate::ids::read;
use crate::observe::{OrderObserver, Watch};
use crate::page::OrderPage;
use crate::paper::{PrintedPaper, ResidentCopy, Sealed, SignedPaper};
use crate::records::{PenPoint, strokes};
use crate::report::{EnrolledAs, OpenedAs, SyncOutcome, SyncState};
use crate::words::{Language, SheetCopy, SheetLayout, SigningAs};

/// The version of this library. Generated code is of the same version, or it does not load.
#[uniffi::export]
#[must_use]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// How to open a phone.
#[derive(Clone, uniffi::Record)]
pub struct PhoneSettings {
    /// The file. It is made when it is not there.
    pub path: String,
    /// The app's version, recorded with every entry.
    pub app_version: String,
    /// The certificates to trust, as PEM; `None` trusts the platform's, which Android must have initialised.
    #[uniffi(default = None)]
    pub roots_pem: Option<Vec<u8>>,
    /// The 32-byte seed of the device key, when the platform's key store keeps it; `None` keeps one in the file.
    #[uniffi(default = None)]
    pub device_seed: Option<Vec<u8>>,
    /// The 32-byte key the file is encrypted with, from the platform's key store; `None` for a plain file. A plain file
    /// that gets a key is encrypted.
    #[uniffi(default = None)]
    pub storage_key: Option<Vec<u8>>,
    /// A font file for the watermark of photos, where the policy asks for one.
    #[uniffi(default = None)]
    pub watermark_font: Option<Vec<u8>>,
}

impl PhoneSettings {
    pub(crate) fn split(self) -> Result<(PhoneConfig, Trust)> {
        let Self { path, app_version, roots_pem, device_seed, storage_key, watermark_font } = self;
        let bytes = |given: Option<Vec<u8>>, what: &str| {
            let read = |bytes| <[u8; 32]>::try_from(bytes).map_err(|_| DoorstepException::bad(what));
            given.map(read).transpose()
        };
        let mut config = PhoneConfig::new(path, app_version);
        config.device_seed = bytes(device_seed, "a seed has 32 bytes")?;
        config.storage_key = bytes(storage_key, "a key has 32 bytes")?.map(StorageKey::new);
        config.watermark_font = watermark_font.map(Into::into);
        Ok((config, roots_pem.map_or(Trust::Platform, Trust::Roots)))
    }
}

/// Gives the file of a phone that was shut down another key: `settings` has the one it has now. Interrupted anywhere, the
/// file has one or the other, and opening it with the wrong one says so.
///
/// # Errors
/// `BadInput` when it has another key; `StorageDamaged` while the file is in use.
#[uniffi::export]
pub fn rotate_storage_key(settings: PhoneSettings, new_key: Vec<u8>) -> Result<()> {
    guard(|| {
        let new = <[u8; 32]>::try_from(new_key).map_err(|_| DoorstepException::bad("a key has 32 bytes"))?;
        let (config, _) = settings.split()?;
        Ok(rotate_key(&config, &StorageKey::new(new))?)
    })
}

/// A technician's phone.
#[derive(uniffi::Object)]
pub struct DoorstepPhone {
    pub(crate) phone: Phone,
    pub(crate) transport: Arc<HttpTransport>,
}

impl Drop for DoorstepPhone {
    fn drop(&mut self) {
        self.phone.close();
    }
}

#[uniffi::export]
impl DoorstepPhone {
    /// Opens the file, or makes it. A damaged one is moved aside, never deleted: see `openedAs`.
    ///
    /// # Errors
    /// `BadInput` for a file of something else, of a newer version or of another key, which is left untouched; when the
    /// storage fails.
    #[uniffi::constructor]
    pub fn open(settings: PhoneSettings) -> Result<Arc<Self>> {
        guard(|| {
            let (config, trust) = settings.split()?;
            let phone = Phone::open(config)?;
            let transport = Arc::new(HttpTransport::new(trust));
            Ok(Arc::new(Self { phone, transport }))
        })
    }

    /// What opening found, or the last damage met since.
    ///
    /// # Errors
    /// `Bug` alone.
    pub fn opened_as(&self) -> Result<OpenedAs> {
        guard(|| Ok(self.phone.open_report().into()))
    }

    /// Closes the file, for as long as the app sleeps or for good. Calls under way finish first; every later one gives an
    /// error. Observers stay and hear nothing. Letting the object go does the same.
    ///
    /// # Errors
    /// `Bug` alone.
    pub fn shutdown(&self) -> Result<()> {
        guard(|| {
            self.phone.close();
            Ok(())
        })
    }

    /// Opens the file again after `shutdown`, with the same settings; every observer is told to read again. An open
    /// phone stays as it is.
    ///
    /// # Errors
    /// As `open`; it stays closed then.
    pub fn reopen(&self) -> Result<()> {
        guard(|| Ok(self.phone.reopen()?))
    }

    /// Everything this phone shows, as bytes to compare or to keep: a line of canonical JSON (RFC 8785) for each order,
    /// by id. Two phones that show the same give the same bytes.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn exported_state(&self) -> Result<Vec<u8>> {
        guard(|| Ok(self.phone.exported_state()?))
    }

    /// Enrols with the text of the QR code on the office's screen. Uses the network.
    ///
    /// # Errors
    /// `BadInput` when the code is not good, `Offline` without network.
    pub fn enrol(&self, qr_text: String) -> Result<()> {
        guard(|| Ok(self.phone.enrol(&*self.transport, &qr_text)?))
    }

    /// Who this phone is; `None` before it was enrolled.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn enrolled_as(&self) -> Result<Option<EnrolledAs>> {
        guard(|| Ok(self.phone.enrolment()?.map(Into::into)))
    }

    /// One order with its checklist and, for every button, whether it may be pressed and why not.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn order(&self, order: String, lang: Language) -> Result<OrderPage> {
        guard(|| OrderPage::of(self.phone.order(read(&order)?)?, &*self.phone.rulebook()?, lang))
    }

    /// An id for an order about to be registered.
    ///
    /// # Errors
    /// `Bug` alone.
    pub fn new_order_id(&self) -> Result<String> {
        guard(|| Ok(self.phone.new_order_id().to_string()))
    }

    /// Decides a command and saves what follows; gives the entry's number. When this returns, it is on the disk.
    ///
    /// # Errors
    /// `Refused` with the rule; nothing is saved then.
    pub fn record(&self, order: String, command: VisitCommand) -> Result<u64> {
        guard(|| Ok(self.phone.record(read(&order)?, command.read()?)?.n))
    }

    /// The document to show before signing: canonical JSON, exactly what the seal will bind.
    ///
    /// # Errors
    /// `Refused` when there is no such paper now.
    pub fn paper(&self, order: String, paper: SignedPaper, lang: Language) -> Result<Vec<u8>> {
        guard(|| Ok(self.phone.paper(read(&order)?, &paper.into(), lang.into())?.bytes().to_vec()))
    }

    /// Seals the document of a paper with a signature: its strokes, each a line without lifting the pen.
    ///
    /// # Errors
    /// As `paper`; `BadInput` when the strokes are no signature.
    pub fn sign(
        &self,
        order: String,
        paper: SignedPaper,
        lang: Language,
        name: String,
        signing_as: SigningAs,
        lines: Vec<Vec<PenPoint>>,
    ) -> Result<Arc<Sealed>> {
        guard(|| {
            let signer = Signer { name, capacity: signing_as.into() };
            let strokes = strokes(lines);
            let signed = self.phone.sign(read(&order)?, &paper.into(), lang.into(), signer, &strokes)?;
            Ok(Arc::new(Sealed(signed)))
        })
    }

    /// A paper as one self-contained HTML document, to show, print or hand over without network. For a receipt or pass,
    /// `takenIn` is the key of the taking away among the order's.
    ///
    /// # Errors
    /// `NotFound` when the order is not here, or nothing was taken away there.
    pub fn sheet(
        &self,
        order: String,
        paper: PrintedPaper,
        copy: SheetCopy,
        lang: Language,
        layout: SheetLayout,
    ) -> Result<String> {
        guard(|| {
            let (order, paper) = (read(&order)?, paper.read()?);
            Ok(self.phone.sheet(order, paper, copy.into(), lang.into(), layout.into())?)
        })
    }

    /// The resident's copies of everything sealed on this phone for an order, the latest sign-off first.
    ///
    /// # Errors
    /// `NotFound`; `SignInAgain` before there was an enrolment.
    pub fn copies(&self, order: String) -> Result<Vec<ResidentCopy>> {
        guard(|| Ok(self.phone.copies(read(&order)?)?.into_iter().map(Into::into).collect()))
    }

    /// Exchanges everything with the server. Uses the network; what was exchanged before an error, or before `cancel` was
    /// cancelled, stays.
    ///
    /// # Errors
    /// `Offline`, `SignInAgain`. Nothing recorded is lost.
    #[uniffi::method(default(cancel = None))]
    pub fn sync(&self, cancel: Option<Arc<Cancel>>) -> Result<SyncOutcome> {
        guard(|| {
            let network = Network { transport: &self.transport, cancel: cancel.as_deref() };
            let mut machine = self.phone.sync_machine();
            loop {
                if network.is_cancelled() {
                    return Ok(SyncOutcome::of(machine.report().clone(), true));
                }
                match machine.next()? {
                    Step::Request(request) => match machine.answer(network.send(request)) {
                        Err(_) if network.is_cancelled() => {}
                        other => other?,
                    },
                    Step::Done(report) => return Ok(SyncOutcome::of(report, false)),
                }
            }
        })
    }

    /// How sync stands.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn status(&self) -> Result<SyncState> {
        guard(|| Ok(self.phone.status()?.into()))
    }

    /// Calls the observer with the current state, then once for each commit, from one thread of the library's.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn observe(&self, observer: Arc<dyn OrderObserver>) -> Result<Arc<Watch>> {
        guard(|| Ok(Arc::new(Watch::begin(&self.phone, observer)?)))
    }
}
