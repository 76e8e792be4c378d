//! Writing: a tap is decided, journaled and shown in one transaction, or it did not happen.

use ed25519_dalek::SigningKey;
use rusqlite::{Transaction, params};

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::media::MAX_THUMBNAIL_BYTES;
use super::store::journal;
use super::views::{self, Gone, Maker, Place};
use crate::domain::command::Command;
use crate::domain::decide::paper::{self, Paper, document};
use crate::domain::decide::{Case, decide};
use crate::domain::fact::Fact;
use crate::domain::ids::{Digest, EntryId, OrderId};
use crate::domain::lang::Lang;
use crate::domain::order::Order;
use crate::domain::order::signing::{Signed, Signer};
use crate::domain::seal::ink::{Stroke, encode, enough};
use crate::domain::seal::{self, Document, Held};
use crate::journal::Entry;
use crate::journal::bytes::Exact;

/// What was saved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// The entry.
    pub entry: EntryId,
    /// Its number in this phone's journal.
    pub n: u64,
    /// The order as it is now.
    pub order: Order,
}

impl Phone {
    /// An id for an order that is about to be registered here.
    #[must_use]
    pub fn new_order_id(&self) -> OrderId {
        OrderId::new()
    }

    /// Decides a command and saves what follows. When this returns, it is on the disk.
    /// An objection, or the reason why nobody signed, is sealed here to the document it is about, as a signature is.
    ///
    /// # Errors
    /// [`PhoneError::Refused`] with the rule; [`PhoneError::NotEnrolled`]; when the storage fails. Nothing is saved then.
    pub fn record(&self, order_id: OrderId, command: Command) -> Result<Recorded> {
        self.record_with(order_id, command, |_| Ok(()))
    }

    /// Like [`Self::record`], with something more in the same transaction.
    pub(crate) fn record_with(
        &self,
        order_id: OrderId,
        mut command: Command,
        more: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<Recorded> {
        let inks = inks(&command)?;
        let (now, mono_ms, boot) = (self.clock().now(), self.clock().mono_ms(), self.clock().boot());
        let recorded = self.run(|store| {
            let identity = store.identity();
            let enrolled = identity.enrolled()?;
            let rulebook = store.rulebook()?;
            let maker = Maker::new(&identity);
            store.write(|tx, head| {
                let (place, mut order, seq) = match views::shown(tx, order_id)? {
                    Some((place, order, seq)) => (Some(place), order, seq),
                    None => (None, Order::default(), 0),
                };
                let case = Case {
                    rulebook: &rulebook,
                    order: &order,
                    org: &enrolled.org,
                    order_id,
                    actor: &enrolled.actor,
                    now,
                };
                if let Some(paper) = paper::of(&command) {
                    seal_statement(&case, &paper, &mut command, || identity.key(self.device_seed()))?;
                }
                let facts = decide(&case, &command)?;
                keep_documents(tx, &case, &facts)?;
                let entry = Entry {
                    id: self.inner().entry_ids.id(now, head.n + 1),
                    n: head.wire(head.n + 1),
                    // What came ahead of the feed is newer than the cursor.
                    seen: head.cursor.max(seq),
                    order: order_id,
                    visit: order.visit_number(),
                    actor: enrolled.actor.clone(),
                    at: now,
                    mono_ms,
                    boot,
                    skew_ms: head.skew_ms,
                    app: self.app_version().to_owned(),
                    facts,
                    inks,
                };
                let bytes = entry.encode().map_err(PhoneError::TooLarge)?;
                entry.fold_into(&mut order, &enrolled.org, Some(head.device));
                let before = place.as_ref().map_or(0, |place| place.last_n);
                let n = journal::append(tx, head, entry.id, order_id, before, &bytes)?;
                keep_inks(tx, order_id, &entry.inks)?;
                let place = place.map(|place| match place.gone {
                    Gone::Left => Place { gone: Gone::Here, ..place },
                    _ => place,
                });
                if let Some(place) = &place {
                    views::keep_base(tx, place.id, order_id)?;
                }
                maker.put(tx, place.as_ref(), order_id, n, &order, &order.to_bytes())?;
                more(tx)?;
                Ok(Recorded { entry: entry.id, n: entry.n, order })
            })
        })?;
        self.changed(order_id);
        Ok(recorded)
    }

    /// The document to show a person before signing, as the order stands now.
    ///
    /// # Errors
    /// [`PhoneError::Refused`] when there is no such paper now; [`PhoneError::NotFound`]; when the storage fails.
    pub fn paper(&self, order_id: OrderId, paper: &Paper, lang: Lang) -> Result<Document> {
        let now = self.clock().now();
        self.run(|store| {
            let identity = store.identity();
            let enrolled = identity.enrolled()?;
            let rulebook = store.rulebook()?;
            let found = store.read(|conn| views::shown(conn, order_id))?;
            let (_, order, _) = found.ok_or_else(|| PhoneError::NotFound(format!("order {order_id}")))?;
            let (org, actor) = (&enrolled.org, &enrolled.actor);
            let case = Case { rulebook: &rulebook, order: &order, org, order_id, actor, now };
            Ok(document(&case, paper, lang)?)
        })
    }

    /// Seals the document of a paper with a signature, for the command that carries it.
    ///
    /// # Errors
    /// As [`Self::paper`]; [`PhoneError::BadInput`] when the strokes are no signature.
    pub fn sign(
        &self,
        order_id: OrderId,
        paper: &Paper,
        lang: Lang,
        signer: Signer,
        strokes: &[Stroke],
    ) -> Result<Signed> {
        let ink = encode(strokes).map_err(|e| PhoneError::BadInput(e.to_string()))?;
        let document = self.paper(order_id, paper, lang)?;
        let key = self.run(|store| store.identity().key(self.device_seed()))?;
        Ok(seal::seal(&key, &document, ink, signer, lang, self.clock().now()))
    }
}

/// Seals what a command records in words, when it is not sealed yet.
fn seal_statement(
    case: &Case<'_>,
    paper: &Paper,
    command: &mut Command,
    key: impl FnOnce() -> Result<SigningKey>,
) -> Result<()> {
    let Some((outcome, beside)) = command.outcome_mut() else { return Ok(()) };
    let Some((kind, statement)) = outcome.statement_mut() else { return Ok(()) };
    if statement.sealed.is_none() {
        let lang = beside.unwrap_or_default();
        // Where there is no such paper, the decision says why.
        let Ok(document) = document(case, paper, lang) else { return Ok(()) };
        let sealed = seal::seal_statement(&key()?, &document, kind, &statement.text, lang, case.now);
        statement.sealed = Some(sealed);
    }
    Ok(())
}

/// Keeps the documents under the seals of these facts as they were shown: the order goes on, and would give others.
fn keep_documents(tx: &Transaction<'_>, case: &Case<'_>, facts: &[Fact]) -> Result<()> {
    let meta = case.meta();
    for fact in facts {
        let mut kept = Vec::new();
        for (digest, lang) in seal::held(fact).iter().filter_map(Held::document) {
            let document = seal::document_of(case.order, &meta, fact, lang);
            let Some(document) = document.filter(|_| !kept.contains(&digest)) else { continue };
            tx.prepare_cached(
                "INSERT OR IGNORE INTO sealed_document (digest, order_id, bytes) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![digest.0, case.order_id.as_bytes(), document.bytes()])?;
            kept.push(digest);
        }
    }
    Ok(())
}

/// The ink and the thumbnail a command brings. What a fact names must come with it.
fn inks(command: &Command) -> Result<Vec<Exact>> {
    let check = |ink: &crate::domain::order::signing::Ink| {
        if Digest::of(&ink.bytes) != ink.digest {
            return Err(PhoneError::BadInput("the strokes of a signature are missing".to_owned()));
        }
        enough(&ink.bytes).map_err(|e| PhoneError::BadInput(e.to_string()))?;
        Ok(Exact(ink.bytes.clone()))
    };
    let inks: Result<Vec<Exact>> = command.inks().into_iter().map(check).collect();
    let mut inks = inks?;
    if let Some(thumbnail) = command.thumbnail() {
        if Digest::of(&thumbnail.bytes) != thumbnail.digest || thumbnail.bytes.len() > MAX_THUMBNAIL_BYTES {
            return Err(PhoneError::BadInput("the thumbnail of a photo is missing or too large".to_owned()));
        }
        inks.push(Exact(thumbnail.bytes.clone()));
    }
    Ok(inks)
}

/// Keeps encoded strokes. What is there already stays.
pub(crate) fn keep_inks(tx: &Transaction<'_>, order: OrderId, inks: &[Exact]) -> Result<()> {
    for ink in inks {
        let digest = Digest::of(&ink.0);
        tx.prepare_cached("INSERT OR IGNORE INTO ink (digest, order_id, bytes) VALUES (?1, ?2, ?3)")?
            .execute(params![digest.0, order.as_bytes(), ink.0])?;
    }
    Ok(())
}
