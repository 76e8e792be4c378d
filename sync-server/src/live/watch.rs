//! Looks at the clocks of orgs that somebody listens for: other processes write to the same database, and so does an
//! operator's command. No message of the database is needed for that.

use std::time::Duration;

use crate::state::AppState;

use super::BEAT_SECONDS;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(300);
/// In how many parts lines are kept open, one part at each look.
const PARTS: u64 = BEAT_SECONDS * 1000 / 300;
/// At every so many looks it is asked which phones were revoked by somebody else, about every two seconds.
const REVOKED_EVERY: u64 = 7;

/// Looks as long as the server runs.
pub(crate) async fn watch(state: AppState) {
    for round in 1_u64.. {
        tokio::time::sleep(LOOK).await;
        for (org, has_phones) in state.hub().orgs() {
            if has_phones && round.is_multiple_of(REVOKED_EVERY) {
                match state.storage().devices(org.clone()).await {
                    Ok(devices) => devices
                        .iter()
                        .filter(|known| known.device.revoked)
                        .for_each(|known| state.hub().end(&org, known.device.id)),
                    Err(error) => tracing::warn!(%error, "revoked phones could not be looked for"),
                }
            }
            match state.storage().clock(org.clone()).await {
                Ok(clock) => state.hub().announce(&org, clock.into(), None),
                Err(error) => tracing::warn!(%error, "a clock could not be looked at"),
            }
        }
        state.hub().tick(round % PARTS, PARTS);
    }
}
