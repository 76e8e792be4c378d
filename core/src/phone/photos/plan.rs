//! What the app knows about the network, as far as it matters to photos.

use crate::domain::policy::Photos;

/// How photos may be sent now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SendPlan {
    /// The phone is on Wi-Fi, or on another network whose bytes cost nothing.
    pub is_wifi: bool,
    /// Somebody asked for it by hand: the policy's wish for Wi-Fi does not hold.
    pub now: bool,
}

impl SendPlan {
    /// Whether full photos may be sent.
    #[must_use]
    pub fn allows(self, policy: &Photos) -> bool {
        self.is_wifi || self.now || !policy.wifi_only
    }
}
