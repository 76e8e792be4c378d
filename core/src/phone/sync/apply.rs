//! Applying an answer: acknowledgements, verdicts, echoes, rows, ink, documents and departures, all in one transaction.

use std::collections::HashSet;

use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::bootstrap;
use super::push::Asked;
use crate::domain::ids::{DeviceId, OrderId};
use crate::domain::time::Stamp;
use crate::journal::wire::{ChainAnswer, SyncResponse, Verdict};
use crate::phone::documents;
use crate::phone::error::{PhoneError, Result};
use crate::phone::incarnation;
use crate::phone::let_go;
use crate::phone::photos::table;
use crate::phone::store::head::Head;
use crate::phone::store::identity::Identity;
use crate::phone::store::journal;
use crate::phone::store::meta::{self, key};
use crate::phone::views::{self, Gone, Maker, Place};
use crate::phone::write::keep_inks;

/// What an answer did.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// Orders that changed.
    pub(crate) changed: Vec<OrderId>,
    /// Entries newly acknowledged.
    pub(crate) acked: u64,
    /// Verdicts that park an entry.
    pub(crate) parked: u64,
    /// What cannot be read.
    pub(crate) unread: Vec<String>,
    /// Policy or calendar may have changed.
    pub(crate) rules_changed: bool,
    /// The phone was a copy, and began a new incarnation.
    pub(crate) forked: bool,
    /// The phone let go of entries an older server lacks, and began a new incarnation for those it has.
    pub(crate) renamed: bool,
    /// Ask again.
    pub(crate) more: bool,
    /// Everything is exchanged.
    pub(crate) is_complete: bool,
    /// Anything came closer: a cursor, an acknowledgement, a page.
    pub(crate) moved: bool,
}

/// Applies a snapshot. All of it, or nothing.
pub(crate) fn apply(
    tx: &Transaction<'_>,
    head: &mut Head,
    identity: &Identity,
    asked: &Asked,
    snapshot: &SyncResponse,
    now: Stamp,
) -> Result<Applied> {
    // Another sync was faster, or an enrolment came between: this answer is to a question nobody asks any more.
    if (asked.epoch, asked.cursor, asked.first) != (head.epoch, head.cursor, head.acked + 1) {
        return Ok(Applied { more: true, ..Applied::default() });
    }
    let before = head.clone();
    let mut work = Work {
        tx,
        head,
        maker: Maker::new(identity),
        asked,
        done: HashSet::new(),
        told: HashSet::new(),
        out: Applied::default(),
        whole_now: 0,
    };
    work.acknowledge(snapshot)?;
    if snapshot.epoch != before.epoch {
        table::ask_again(tx)?;
        bootstrap::forget(tx)?;
        work.doubt(before.epoch)?;
    }
    let part = asked.ahead.zip(snapshot.ahead);
    if let Some((ahead, seq)) = part {
        bootstrap::got(tx, ahead, seq)?;
    }
    work.verdicts(snapshot)?;
    for echo in &snapshot.echoes {
        work.echo(echo)?;
    }
    work.rows(&snapshot.rows)?;
    work.others()?;
    for ink in &snapshot.inks {
        keep_inks(tx, ink.order, std::slice::from_ref(&ink.ink))?;
    }
    for document in &snapshot.documents {
        let (is_rule, unread) = documents::put(tx, document)?;
        work.out.rules_changed |= is_rule;
        work.out.unread.extend(unread);
    }
    work.gone(&snapshot.gone)?;
    work.unanswered()?;
    if !snapshot.more && part.is_none() {
        work.unheard()?;
    }
    let Work { head, mut out, mut done, told, whole_now, .. } = work;
    let is_behind = head.acked < before.acked;
    out.acked = head.acked.saturating_sub(before.acked);
    if snapshot.chain == Some(ChainAnswer::Fork) {
        head.save(tx, &before)?;
        incarnation::begin(tx, head, DeviceId::new(), false)?;
        // What was acknowledged under the old name may have been the other copy's: a restored server counts what it has under
        // that name. All of it is sent again, and the server knows by the ids what it has.
        for id in incarnation::send_again(tx, head)? {
            Maker::new(identity).remake(tx, head, id)?;
        }
        out.forked = true;
    } else if out.renamed {
        incarnation::begin(tx, head, DeviceId::new(), false)?;
    }
    let middle = asked.at_ms.midpoint(now.utc_ms);
    head.skew_ms = (snapshot.now_ms != 0).then(|| middle.saturating_sub(snapshot.now_ms)).or(head.skew_ms);
    out.moved = out.acked > 0
        || is_behind
        || out.forked
        || out.renamed
        || part.is_some()
        || (head.epoch, head.cursor) != (before.epoch, before.cursor);
    // An order the server was asked for whole and did not give is not asked for twice in a row.
    out.more = snapshot.more || head.waiting() > 0 || whole_now > 0 || out.forked || out.renamed;
    done.extend(told);
    out.changed = done.into_iter().collect();
    // A phone that may only hand in has heard nothing of the rest.
    out.is_complete = !out.more && !snapshot.upload_only;
    if snapshot.upload_only && meta::get(tx, key::SIGN_IN)? != Some(true) {
        meta::set(tx, key::SIGN_IN, true)?;
    }
    let is_idle = !out.moved && !out.more && out.changed.is_empty() && snapshot.documents.is_empty();
    if is_idle && is_recent(tx, head, now)? {
        return Ok(out);
    }
    head.save(tx, &before)?;
    head.save_skew(tx)?;
    if out.is_complete {
        let_go::mark(tx, head, snapshot.now_ms)?;
        let_go::let_go(tx, head, snapshot.safe, snapshot.now_ms)?;
        meta::set(tx, key::COMPLETE_MS, now.utc_ms)?;
        meta::set(tx, key::COMPLETE_OFFSET, now.offset_min)?;
        meta::clear(tx, key::SIGN_IN)?;
    }
    Ok(out)
}

/// Whether what is written of the last complete sync is near enough. A phone that asks often and hears nothing new then
/// writes nothing: each write waits for the disk.
fn is_recent(tx: &Transaction<'_>, head: &Head, now: Stamp) -> Result<bool> {
    const WRITTEN_EVERY_MS: u64 = 5 * 60_000;
    const SKEW_MS: u64 = 1_000;
    let complete: Option<i64> = meta::get(tx, key::COMPLETE_MS)?;
    let skew: Option<i64> = meta::get(tx, key::SKEW)?;
    let must_sign_in: Option<bool> = meta::get(tx, key::SIGN_IN)?;
    let is_near = |a: Option<i64>, b: i64, most| a.is_some_and(|a| a.abs_diff(b) <= most);
    Ok(must_sign_in.is_none()
        && is_near(complete, now.utc_ms, WRITTEN_EVERY_MS)
        && head.skew_ms.is_none_or(|now| is_near(skew, now, SKEW_MS)))
}

pub(super) struct Work<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) head: &'a mut Head,
    pub(super) maker: Maker<'a>,
    pub(super) asked: &'a Asked,
    /// Orders whose view is up to date with this answer.
    pub(super) done: HashSet<OrderId>,
    /// Orders about which only what became of an entry is news.
    told: HashSet<OrderId>,
    pub(super) out: Applied,
    /// Orders found to be asked for whole in this answer.
    pub(super) whole_now: usize,
}

impl Work<'_> {
    /// Moves cursor and acknowledgement: forward, but for what the server says of itself.
    fn acknowledge(&mut self, snapshot: &SyncResponse) -> Result<()> {
        let head = &mut *self.head;
        let before = head.acked;
        let was_restored = head.epoch != 0 && head.epoch != snapshot.epoch;
        if snapshot.epoch == head.epoch {
            head.cursor = head.cursor.max(snapshot.seq);
        } else {
            head.epoch = snapshot.epoch;
            head.cursor = snapshot.seq;
        }
        match snapshot.chain {
            // The server was restored: what it lost is sent again.
            Some(ChainAnswer::Behind { have }) => head.acked = head.acked.min(head.local(have)),
            Some(ChainAnswer::Fork) => {}
            // A phone with nothing to send hears it like this. Whether these are its own entries, and not those of a copy
            // that was first, shows when the last of them is sent again.
            None if was_restored => {
                let have = head.local(snapshot.acked).min(head.n);
                let (start, _) = journal::start(self.tx)?;
                head.acked = have.saturating_sub(1).max(head.first.saturating_sub(1)).max(start.min(have));
            }
            None => head.acked = head.acked.max(head.local(snapshot.acked).min(head.n)),
        }
        let (start, _) = journal::start(self.tx)?;
        if head.acked < start {
            // The server was put back from an older backup than one it had told of. What is still here is sent again,
            // numbered anew: a chain cannot go on from entries nobody has.
            head.acked = start;
            self.out.renamed = true;
        }
        if head.acked < before {
            self.tx.prepare_cached("DELETE FROM acknowledged WHERE n > ?1")?.execute([head.acked])?;
            // They will be judged again, and the next judgement may be plainly applied.
            self.tx.prepare_cached("DELETE FROM verdict WHERE n > ?1")?.execute([head.acked])?;
        }
        if was_restored {
            self.earlier_incarnations()?;
        }
        Ok(())
    }

    /// What was sent under earlier names of this phone: a restored server may have lost it, and numbers of this name say
    /// nothing about that. It is sent again under this one; the server knows by the id what it has.
    fn earlier_incarnations(&mut self) -> Result<()> {
        for id in incarnation::send_again(self.tx, self.head)? {
            if self.done.insert(id) {
                self.maker.remake(self.tx, self.head, id)?;
            }
        }
        Ok(())
    }

    /// The server was restored: what the phone has of it may be of a time the server never heard of. Seqs of another epoch
    /// mean nothing; each order gets its own with the row that comes.
    fn doubt(&mut self, before: u64) -> Result<()> {
        if before != 0 {
            self.tx.execute("UPDATE base SET seq = 0", [])?;
            meta::set(self.tx, key::UNHEARD, true)?;
        }
        Ok(())
    }

    /// Everything of the new epoch is here. Orders it did not speak of are asked for, so that the server says whether they
    /// are gone: nothing is by being absent. One it never heard of stays: this phone may be the only one who knows it.
    fn unheard(&mut self) -> Result<()> {
        let is_new: Option<bool> = meta::get(self.tx, key::UNHEARD)?;
        if is_new != Some(true) {
            return Ok(());
        }
        meta::clear(self.tx, key::UNHEARD)?;
        let mut statement = self.tx.prepare("SELECT order_id FROM base WHERE seq = 0")?;
        let ids: Vec<[u8; 16]> =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        ids.into_iter().try_for_each(|id| self.ask_whole(OrderId(Uuid::from_bytes(id))))
    }

    /// Of what was asked for whole and not spoken of, the server never heard: it is not asked for again, and stays. One that
    /// came and cannot be read is asked for until it can.
    fn unanswered(&self) -> Result<()> {
        if self.asked.whole > 0 && self.whole_now == 0 {
            let sql = "DELETE FROM whole WHERE order_id NOT IN (SELECT order_id FROM unread)";
            self.tx.prepare_cached(sql)?.execute([])?;
        }
        Ok(())
    }

    fn verdicts(&mut self, snapshot: &SyncResponse) -> Result<()> {
        for (number, verdict) in &snapshot.verdicts {
            let n = self.head.local(*number);
            if *verdict == Verdict::Applied {
                // It was kept apart, and was folded after all.
                self.tx.prepare_cached("DELETE FROM verdict WHERE n = ?1")?.execute([n])?;
                let mut find = self.tx.prepare_cached("SELECT order_id FROM journal WHERE n = ?1")?;
                let order: Option<[u8; 16]> = find.query_row([n], |row| row.get(0)).optional()?;
                self.told.extend(order.map(|id| OrderId(Uuid::from_bytes(id))));
                continue;
            }
            let parked = matches!(verdict, Verdict::Parked(_));
            self.out.parked += u64::from(parked);
            let text = serde_json::to_string(verdict).map_err(|e| PhoneError::Bug(e.to_string()))?;
            self.tx
                .prepare_cached("REPLACE INTO verdict (n, parked, verdict) VALUES (?1, ?2, ?3)")?
                .execute(params![n, parked, text])?;
        }
        Ok(())
    }

    pub(super) fn ask_whole(&mut self, id: OrderId) -> Result<()> {
        self.whole_now += 1;
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO whole (order_id) VALUES (?1)")?
            .execute([id.as_bytes()])?;
        Ok(())
    }

    /// Orders of acknowledged entries that came neither as echo nor as row: what was pending is pending no more.
    fn others(&mut self) -> Result<()> {
        let upto = usize::try_from((self.head.acked + 1).saturating_sub(self.asked.first)).unwrap_or(0);
        for id in self.asked.orders.iter().take(upto) {
            if self.done.insert(*id) {
                self.maker.remake(self.tx, self.head, *id)?;
            }
        }
        if self.head.acked + 1 < self.asked.first {
            // The acknowledgement went back: entries from there on are pending again.
            let mut statement = self.tx.prepare("SELECT DISTINCT order_id FROM journal WHERE n > ?1")?;
            let ids: Vec<[u8; 16]> =
                statement.query_map([self.head.acked], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            for id in ids {
                let id = OrderId(Uuid::from_bytes(id));
                if self.done.insert(id) {
                    self.maker.remake(self.tx, self.head, id)?;
                }
            }
        }
        Ok(())
    }

    /// Orders that are no longer this phone's leave, once everything recorded about them is acknowledged and the server
    /// has verified every photo of them (I21).
    fn gone(&mut self, gone: &[OrderId]) -> Result<()> {
        for id in gone {
            if self.asked.whole > 0 {
                // It was asked for, and this is the answer.
                self.tx.prepare_cached("DELETE FROM whole WHERE order_id = ?1")?.execute([id.as_bytes()])?;
            }
            let Some(place) = views::place_of(self.tx, *id)? else { continue };
            if place.gone == Gone::Here {
                self.tx
                    .prepare_cached("UPDATE view_order SET gone = 1 WHERE id = ?1")?
                    .execute([place.id])?;
                self.tx
                    .prepare_cached("INSERT OR IGNORE INTO departing (id) VALUES (?1)")?
                    .execute([place.id])?;
                self.done.insert(*id);
            }
        }
        let sql = format!(
            "SELECT {}, v.order_id FROM departing d CROSS JOIN view_order v ON v.id = d.id
             WHERE v.gone = 1 AND v.last_n <= ?1
               AND NOT EXISTS (SELECT 1 FROM blob p WHERE p.state IN (0, 1) AND p.order_id = v.order_id)",
            Place::COLUMNS
        );
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query([self.head.acked])?;
        let mut leaving = Vec::new();
        while let Some(row) = rows.next()? {
            leaving.push((Place::read(row)?, OrderId(Uuid::from_bytes(row.get(5)?))));
        }
        for (place, id) in leaving {
            views::evict(self.tx, &place, id)?;
            self.tx.prepare_cached("DELETE FROM departing WHERE id = ?1")?.execute([place.id])?;
            self.done.insert(id);
        }
        Ok(())
    }
}
