//! The laws of deciding and folding, tried with random histories.

use doorstep_core::domain::command::{Command, CommandKind};
use doorstep_core::domain::decide::paper::{Paper, document};
use doorstep_core::domain::decide::{Case, Rulebook, available_actions, decide};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, EntryId, OrderId, OrgId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::quote::QuoteStanding;
use doorstep_core::domain::order::signing::{Capacity, Signed, Signer};
use doorstep_core::domain::person::Actor;
use doorstep_core::domain::seal::{ink, seal};
use doorstep_core::domain::time::Stamp;
use doorstep_core::journal::{BadEntry, Entry, EntryHead};
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, DESK, DIRECTOR, LEUNG, SUPERVISOR, actor};
use doorstep_tests::walk::{Sight, weight};
use doorstep_tests::{play, text};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

/// One order with everybody around it, no storage and no network.
pub(super) struct Table {
    rulebook: Rulebook,
    org: OrgId,
    id: OrderId,
    order: Order,
    now: Stamp,
    entries: Vec<Entry>,
}

impl Table {
    pub(super) fn new() -> Self {
        Self {
            rulebook: Rulebook::builtin(),
            org: "emerald-lake".into(),
            id: OrderId::new(),
            order: Order::default(),
            now: text::at("2026-11-25T09:00"),
            entries: Vec::new(),
        }
    }

    /// Everything that was folded, in its order.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.clone()
    }

    fn case<'a>(&'a self, actor: &'a Actor) -> Case<'a> {
        Case {
            rulebook: &self.rulebook,
            order: &self.order,
            org: &self.org,
            order_id: self.id,
            actor,
            now: self.now,
        }
    }

    fn sign(&self, actor: &Actor, paper: &Paper, capacity: Capacity) -> Option<Signed> {
        let shown = document(&self.case(actor), paper, Lang::ZhHant).ok()?;
        let signer = Signer { name: "陳美玲".to_owned(), capacity };
        let key = SigningKey::from_bytes(&[7; 32]);
        let ink = ink::encode(&play::strokes(12)).ok()?;
        Some(seal(&key, &shown, ink, signer, Lang::ZhHant, self.now))
    }

    /// One step of somebody: a kind his buttons allow, filled in. What `decide` gave, if it was not refused.
    fn step(&mut self, who: &Actor, dice: &mut Dice) -> Option<(CommandKind, Vec<Fact>)> {
        let actions = available_actions(&self.case(who));
        let allowed = actions.iter().filter(|action| action.refusal.is_none());
        let lots: Vec<CommandKind> =
            allowed.flat_map(|action| std::iter::repeat_n(action.kind, weight(action.kind))).collect();
        let kind = *dice.pick(&lots)?;
        let sign = |paper: &Paper, capacity| self.sign(who, paper, capacity);
        let sight = Sight {
            order: &self.order,
            rulebook: &self.rulebook,
            me: &who.person,
            now: self.now,
            sign: &sign,
        };
        let command = sight.fill(kind, dice)?;
        let facts = decide(&self.case(who), &command).ok()?;
        Some((kind, facts))
    }

    pub(super) fn fold(&mut self, who: &Actor, facts: Vec<Fact>) {
        let entry = self.entry(who, facts);
        entry.fold_into(&mut self.order, &self.org, None);
        self.entries.push(entry);
    }

    fn entry(&self, who: &Actor, facts: Vec<Fact>) -> Entry {
        let entry = Entry {
            id: EntryId::new(),
            n: self.entries.len() as u64 + 1,
            seen: 0,
            order: self.id,
            visit: self.order.visit_number(),
            actor: who.clone(),
            at: self.now,
            mono_ms: 0,
            boot: None,
            skew_ms: None,
            app: String::new(),
            facts,
            inks: Vec::new(),
        };
        // As it would come off the disk or the wire.
        Entry::decode(&entry.encode().unwrap()).unwrap()
    }

    /// Walks; gives how many steps were taken.
    pub(super) fn walk(&mut self, seeds: &[(u8, u64)]) -> usize {
        let mut taken = 0;
        for (who, seed) in seeds {
            let mut dice = Dice(*seed);
            // Mostly the technicians: the desk and the heads have little to do with a visit under way.
            let person = [CHAN, LEUNG, CHAN, DESK, CHAN, SUPERVISOR, CHAN, DIRECTOR, CHAN, CHAN];
            let who = actor(person[usize::from(*who) % person.len()]);
            self.now = self.now.plus_minutes(i64::try_from(dice.below(12)).unwrap());
            let priced_unconsented =
                matches!(self.order.quote_standing(), QuoteStanding::Open(_) | QuoteStanding::Refused(_));
            if let Some((kind, facts)) = self.step(&who, &mut dice) {
                assert!(
                    !(priced_unconsented && facts.contains(&Fact::WorkStarted)),
                    "work on a priced, unconsented quote (R66 to R71)"
                );
                self.fold(&who, facts.clone());
                assert!(
                    self.order.concerns.is_empty(),
                    "{kind:?} was decided and then flagged: {:?}; {facts:?}",
                    self.order.concerns
                );
                taken += 1;
            }
        }
        taken
    }
}

fn seeds(steps: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(u8, u64)>> {
    proptest::collection::vec((any::<u8>(), any::<u64>()), steps)
}

/// Few histories on every run, many where time is no matter.
fn config() -> ProptestConfig {
    let cases = if std::env::var_os("DOORSTEP_LONG").is_some() { 2_000 } else { 48 };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_decide_allows_apply_never_flags(seeds in seeds(60..260)) {
        let mut table = Table::new();
        table.walk(&seeds);
    }

    #[test]
    fn the_same_entries_fold_to_the_same_bytes_wherever_the_state_was_kept_between(seeds in seeds(40..160), cuts in any::<u64>()) {
        let mut table = Table::new();
        table.walk(&seeds);
        let mut whole = Order::default();
        let mut kept = Order::default().to_bytes();
        let mut dice = Dice(cuts);
        let mut in_memory = Order::default();
        for entry in &table.entries {
            let entry = Entry::decode(&entry.encode().unwrap()).unwrap();
            entry.fold_into(&mut whole, &table.org, None);
            entry.fold_into(&mut in_memory, &table.org, Some(DeviceId::new()));
            if dice.one_in(2) {
                // The server keeps the state as bytes between two pushes.
                in_memory = Order::from_bytes(&in_memory.to_bytes()).unwrap();
            }
            let mut stored = Order::from_bytes(&kept).unwrap();
            entry.fold_into(&mut stored, &table.org, None);
            kept = stored.to_bytes();
        }
        prop_assert_eq!(&whole.to_bytes(), &table.order.to_bytes());
        prop_assert_eq!(&kept, &table.order.to_bytes());
        prop_assert_eq!(&in_memory.to_bytes(), &table.order.to_bytes());
    }

    #[test]
    fn devices_that_touch_different_things_commute(seeds in seeds(30..120), one in any::<u64>(), other in any::<u64>()) {
        let mut table = Table::new();
        table.fold(&actor(DESK), vec![Fact::Registered(text::intake(1))]);
        table.walk(&seeds);
        let union = |seed: u64, person: &str| {
            let who = actor(person);
            let mut dice = Dice(seed);
            let sight = Sight {
                order: &table.order, rulebook: &table.rulebook, me: &who.person, now: table.now,
                sign: &|_, _| None,
            };
            let kinds = [CommandKind::AddNote, CommandKind::RecordContact, CommandKind::TakePhoto,
                CommandKind::UsePart, CommandKind::TakeCustody, CommandKind::RequestAssistance];
            let facts: Vec<Fact> = (0..4).filter_map(|_| {
                let kind = *dice.pick(&kinds)?;
                match sight.fill(kind, &mut dice)? {
                    Command::AddNote { text } => {
                        Some(Fact::NoteAdded { kind: doorstep_core::domain::order::NoteKind::Note, text })
                    }
                    Command::RequestAssistance { text } => {
                        Some(Fact::NoteAdded { kind: doorstep_core::domain::order::NoteKind::Assistance, text })
                    }
                    Command::RecordContact(contact) => Some(Fact::Contacted(contact)),
                    Command::TakePhoto { item, moment, picture, .. } => Some(Fact::PhotoTaken { item, moment, picture, thumbnail: None }),
                    Command::UsePart(part) => Some(Fact::PartUsed(part)),
                    Command::TakeCustody { kind, name, serial } => Some(Fact::CustodyTaken { kind, name, serial }),
                    _ => None,
                }
            }).collect();
            table.entry(&who, facts)
        };
        let (a, b) = (union(one, CHAN), union(other, LEUNG));
        let fold = |entries: [&Entry; 2]| {
            let mut order = table.order.clone();
            for entry in entries {
                entry.fold_into(&mut order, &table.org, None);
            }
            order.to_bytes()
        };
        prop_assert_eq!(fold([&a, &b]), fold([&b, &a]));
    }

    #[test]
    fn no_bytes_make_reading_an_entry_panic(noise in proptest::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), flip in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let _ = Entry::decode(&noise);
        let _ = EntryHead::decode(&noise);
        let _ = Order::from_bytes(&noise);
        let table = Table::new();
        let mut good = table.entry(&actor(DESK), vec![Fact::Registered(text::intake(1))]).encode().unwrap();
        let index = at.index(good.len());
        good[index] ^= flip;
        if let Ok(entry) = Entry::decode(&good) {
            let mut order = Order::default();
            entry.fold_into(&mut order, &table.org, None);
        }
        let short = cut.index(good.len());
        good.truncate(short);
        prop_assert!(matches!(Entry::decode(&good), Err(BadEntry::Malformed(_) | BadEntry::UnknownKind(_))));
    }
}

/// The walks are no use when they get nowhere: over a hundred of them nearly every kind of command has been given.
#[test]
fn random_walks_reach_nearly_every_command() {
    let mut given = std::collections::BTreeSet::new();
    let mut dice = Dice(7);
    for _ in 0..120 {
        let mut table = Table::new();
        let seeds: Vec<(u8, u64)> = (0..250).map(|_| (dice.roll() as u8, dice.roll())).collect();
        table.walk(&seeds);
        for fact in table.entries.iter().flat_map(|entry| &entry.facts) {
            let json = serde_json::to_value(fact).unwrap();
            let name = json.as_str().map(str::to_owned);
            given.insert(name.or_else(|| Some(json.as_object()?.keys().next()?.clone())).unwrap());
        }
    }
    for rare in [
        "signed_off",
        "approved",
        "no_show",
        "taken_away",
        "closed_unsolved",
        "payment_taken",
        "part_corrected",
        "voided",
        "handover_accepted",
        "mismatch_acknowledged",
        "visit_resumed",
        "rule_waived",
    ] {
        assert!(given.contains(rare), "no walk came to {rare}: {given:?}");
    }
}
