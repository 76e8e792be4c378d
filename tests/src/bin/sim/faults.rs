//! The classes of faults, by name. Each seed takes part of them; over a run every one must occur.

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub(crate) enum $name { $($variant,)* }

        impl $name {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

named!(
    /// What goes wrong.
    Fault {
        LostRequest = "lost-request",
        LostAnswer = "lost-answer",
        LateAnswer = "late-answer",
        HalfAnswer = "half-answer",
        ChangedAnswer = "changed-answer",
        DuplicatedRequest = "duplicated-request",
        ReplayedRequest = "replayed-request",
        OldAnswer = "old-answer",
        OldEpochAnswer = "old-epoch-answer",
        ReorderedSyncs = "reordered-syncs",
        CaptivePortal = "captive-portal",
        Redirect = "redirect",
        Noise = "noise",
        Gateway502 = "gateway-502",
        Gateway504 = "gateway-504",
        TooLarge413 = "too-large-413",
        Busy503 = "busy-503",
        Throttled429 = "throttled-429",
        NewerAnswer = "newer-answer",
        EchoAltered = "echo-altered",
        OfficeBetween = "office-between-push-and-pull",
        RequestAbandoned = "request-abandoned",
        OtherServer = "another-server-answers",
        ServerRestarted = "server-restarted",
        ServerKilled = "server-killed",
        ServerPowerCut = "server-power-cut",
        ServerDiskFull = "server-disk-full",
        ServerBadDisk = "server-io-error",
        ServerRestored = "server-restored",
        ServerRestoredUntold = "server-restored-untold",
        AppClosed = "app-closed",
        AppKilled = "app-killed",
        AppKilledMidSync = "app-killed-mid-sync",
        AppUpdated = "app-updated",
        PowerCut = "power-cut",
        TornWrite = "torn-write",
        BadRead = "bad-read",
        BadWrite = "bad-write",
        BadSync = "bad-sync",
        DiskFull = "disk-full",
        FlippedBit = "flipped-bit",
        BrokenPage = "broken-page",
        ClockYearsAhead = "clock-years-ahead",
        ClockYearsBack = "clock-years-back",
        ClockSetBack = "clock-set-back",
        PhoneCloned = "phone-cloned",
        PhoneRestored = "phone-restored",
        TokenRevoked = "token-revoked",
        EnrolledAgain = "enrolled-again",
        Reassigned = "order-reassigned",
        Voided = "order-voided",
        PhotoLaneDown = "photo-lane-down",
        UnknownKind = "unknown-kind",
        UnknownField = "unknown-field",
        Malformed = "malformed-entry",
        Oversized = "oversized-entry",
        WrongNumber = "wrong-number",
        AnotherRole = "another-role",
    }
);

named!(
    /// What must have happened for a run to mean anything.
    History {
        Behind = "behind",
        Forked = "forked",
        Registered = "registered-under-a-new-name",
        Parked = "parked",
        Unparked = "parked-then-applied",
        NotYours = "parked-not-yours",
        Conflicted = "conflicted",
        Duplicate = "duplicate",
        Echo = "echo",
        Whole = "asked-for-whole",
        Departing = "departing-with-unsent-work",
        Evicted = "evicted",
        Regained = "access-regained",
        EpochChange = "epoch-change",
        AckedBack = "acknowledgement-went-back",
        Stale = "answer-to-another-question",
        SignedIn = "signed-in-again",
        Damage = "damage-met",
        Salvaged = "salvaged",
        Flagged = "flagged",
        Kept = "value-kept-beside",
        Signed = "signed-paper",
        ManyWaiting = "many-waiting",
        MidSync = "tap-while-syncing",
        TwoPhones = "both-phones-of-one-person",
        SavedThenKilled = "saved-then-killed",
        NotSavedThenKilled = "killed-before-saved",
        Undone = "server-undid-a-push",
        Photo = "photo-verified",
        CompleteUnderFaults = "complete-and-equal-under-faults",
    }
);
