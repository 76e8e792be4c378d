//! What to do next and when to wake: one question an Android worker, an iOS background task and a test ask alike.

use rusqlite::Connection;

use super::bootstrap;
use super::pace::{Lane, Pace};
use crate::domain::time::Stamp;
use crate::journal::live::Hint;
use crate::phone::error::Result;
use crate::phone::front::Phone;
use crate::phone::photos::SendPlan;
use crate::phone::store::head::Head;
use crate::phone::store::lock;

/// A phone that heard nothing for this long asks by itself.
const EVERY_MS: i64 = 15 * 60_000;

/// What the app knows of the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Network {
    /// There is one.
    pub is_online: bool,
    /// It is Wi-Fi, or another whose bytes cost nothing.
    pub is_wifi: bool,
}

/// What to do now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// [`Phone::sync`], then ask again.
    Sync,
    /// [`Phone::send_photos`], then ask again.
    Photos,
    /// Ask again then, or earlier when the network changes, something is recorded or the server gives a hint.
    Wait {
        /// When.
        until: Stamp,
        /// What for.
        why: Why,
    },
    /// Ask again when the network changes.
    WaitForNetwork,
    /// Show that somebody has to sign in: nothing is left to hand in.
    SignIn,
}

/// Why there is nothing to do yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Everything is exchanged.
    Done,
    /// It failed, or the server asked for time.
    Failed,
}

/// What a plan is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Situation {
    is_enrolled: bool,
    must_sign_in: bool,
    /// Entries wait, or something is known to be left to ask.
    has_work: bool,
    /// When everything was last exchanged.
    complete_ms: Option<i64>,
    has_photos: bool,
    sync: Pace,
    photos: Pace,
}

impl Phone {
    /// What to do now, and when to ask again.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn plan(&self, network: Network) -> Result<Plan> {
        let status = self.status()?;
        let hinted = *lock(&self.inner().hinted);
        let is_left = self.run(|store| {
            store.read(|conn| {
                Ok(!bootstrap::is_done(conn)? || bootstrap::has_more(conn)? || is_news(conn, hinted)?)
            })
        })?;
        let policy = &self.rulebook()?.policy.photos;
        let may_send = SendPlan { is_wifi: network.is_wifi, now: false }.allows(policy);
        let paces = *lock(&self.inner().paces);
        let situation = Situation {
            is_enrolled: self.enrolment()?.is_some(),
            must_sign_in: status.must_sign_in,
            has_work: status.waiting > 0 || is_left,
            complete_ms: status.last_complete.map(|at| at.utc_ms),
            has_photos: may_send && self.photo_counts()?.waiting > 0,
            sync: paces.sync,
            photos: paces.photos,
        };
        Ok(plan(situation, network, self.clock().now(), status.waiting > 0))
    }

    /// The server said where it stands. Gives whether that is news: then [`Self::plan`] says to sync.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn hint(&self, hint: Hint) -> Result<bool> {
        *lock(&self.inner().hinted) = Some(hint);
        self.run(|store| store.read(|conn| is_news(conn, Some(hint))))
    }

    /// Notes how a request fared.
    pub(crate) fn went(&self, lane: Lane, well: bool, asked_ms: Option<u64>) {
        let now = self.clock().now().utc_ms;
        let mut paces = lock(&self.inner().paces);
        let pace = match lane {
            Lane::Sync => &mut paces.sync,
            Lane::Photos => &mut paces.photos,
        };
        match well {
            true => pace.passed(),
            false => pace.failed(now, asked_ms, dice()),
        }
    }
}

/// Whether the server said that it stands elsewhere than this phone knows.
fn is_news(conn: &Connection, hinted: Option<Hint>) -> Result<bool> {
    let head = Head::load(conn)?;
    Ok(hinted.is_some_and(|hint| hint.epoch != head.epoch || hint.seq > head.cursor))
}

/// Both connections.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paces {
    sync: Pace,
    photos: Pace,
}

/// Any number. The last half of a fresh id is random.
fn dice() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1 << 2
}

/// `has_unsent`: entries wait. A phone that must sign in hands them in all the same, and asks for nothing else.
fn plan(now_is: Situation, network: Network, now: Stamp, has_unsent: bool) -> Plan {
    let Situation { is_enrolled, must_sign_in, has_work, complete_ms, has_photos, sync, photos } = now_is;
    if !is_enrolled || (must_sign_in && !has_unsent && !has_photos) {
        return Plan::SignIn;
    }
    if !network.is_online {
        return Plan::WaitForNetwork;
    }
    // A clock that was set back must not keep the phone silent.
    let next_ms =
        complete_ms.filter(|at| *at <= now.utc_ms).map_or(now.utc_ms, |at| at.saturating_add(EVERY_MS));
    let wants_sync = if must_sign_in { has_unsent } else { has_work || next_ms <= now.utc_ms };
    let (sync_ms, photos_ms) = (sync.until_ms(now.utc_ms), photos.until_ms(now.utc_ms));
    if wants_sync && sync_ms.is_none() {
        return Plan::Sync;
    }
    if has_photos && photos_ms.is_none() {
        return Plan::Photos;
    }
    let failed = [sync_ms.filter(|_| wants_sync), photos_ms.filter(|_| has_photos)];
    let at = |ms| Stamp::new(ms, now.offset_min);
    match failed.into_iter().flatten().min() {
        Some(ms) if wants_sync || ms <= next_ms => Plan::Wait { until: at(ms), why: Why::Failed },
        _ => Plan::Wait { until: at(next_ms), why: Why::Done },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000_000;

    #[test]
    fn what_to_do_follows_from_how_things_stand() {
        let failed = |wait: u64| {
            let mut pace = Pace::default();
            pace.failed(NOW, Some(wait), 0);
            pace
        };
        let idle = Situation { is_enrolled: true, complete_ms: Some(NOW - 60_000), ..Situation::default() };
        let wait = |ms: i64, why| Plan::Wait { until: Stamp::new(NOW + ms, 480), why };
        let (online, offline) = (Network { is_online: true, is_wifi: true }, Network::default());
        let work = Situation { has_work: true, ..idle };
        let photos = Situation { has_photos: true, ..idle };
        let out = Situation { must_sign_in: true, ..idle };
        let table = [
            ("not enrolled", Situation { is_enrolled: false, ..work }, online, false, Plan::SignIn),
            ("entries wait", work, online, true, Plan::Sync),
            ("a hint, or a first sync", work, online, false, Plan::Sync),
            ("no network", work, offline, true, Plan::WaitForNetwork),
            ("it failed", Situation { sync: failed(9_000), ..work }, online, true, wait(9_000, Why::Failed)),
            ("the wait is over", Situation { sync: failed(0), ..work }, online, true, Plan::Sync),
            ("nothing new for a minute", idle, online, false, wait(14 * 60_000, Why::Done)),
            (
                "nothing for long",
                Situation { complete_ms: Some(NOW - EVERY_MS), ..idle },
                online,
                false,
                Plan::Sync,
            ),
            (
                "the clock was set back",
                Situation { complete_ms: Some(NOW + 1), ..idle },
                online,
                false,
                Plan::Sync,
            ),
            ("a photo waits", photos, online, false, Plan::Photos),
            ("text before photos", Situation { has_photos: true, ..work }, online, true, Plan::Sync),
            (
                "a sync that fails holds up no photo",
                Situation { has_photos: true, sync: failed(9_000), ..work },
                online,
                true,
                Plan::Photos,
            ),
            (
                "a photo that fails holds up no sync",
                Situation { has_photos: true, photos: failed(9_000), ..work },
                online,
                true,
                Plan::Sync,
            ),
            (
                "a photo failed",
                Situation { photos: failed(9_000), ..photos },
                online,
                false,
                wait(9_000, Why::Failed),
            ),
            (
                "the next sync comes before the photo's turn",
                Situation { photos: failed(3_600_000), ..photos },
                online,
                false,
                wait(14 * 60_000, Why::Done),
            ),
            ("signed out, and something to hand in", out, online, true, Plan::Sync),
            (
                "signed out, and a photo to hand in",
                Situation { has_photos: true, ..out },
                online,
                false,
                Plan::Photos,
            ),
            ("signed out, and all is handed in", out, online, false, Plan::SignIn),
        ];
        for (what, situation, network, has_unsent, expected) in table {
            assert_eq!(plan(situation, network, Stamp::new(NOW, 480), has_unsent), expected, "{what}");
        }
    }
}
