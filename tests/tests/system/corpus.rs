//! Journals that releases recorded, kept for ever: whatever comes later reads them, folds them to the same bytes and judges
//! them alike.
//!
//! A release adds its folder with `cargo test -p doorstep-tests --test system -- --ignored write_the_corpus`. A folder that
//! was published is never written again: when a later version gives another digest, it says here that it means to.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doorstep_core::domain::command::Command;
use doorstep_core::domain::concern::{Concern, ConcernKind};
use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{DeviceId, Digest, FactId, OrderId, OrgId};
use doorstep_core::domain::order::Order;
use doorstep_core::journal::Entry;
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::Verdict;
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, DESK, Office, actor};
use doorstep_tests::play::{self, Hand};
use doorstep_tests::probe::Probe;
use doorstep_tests::text;
use serde::{Deserialize, Serialize};

use crate::laws::Table;

/// The seed of the key that sealed the corpus.
const SEED: [u8; 32] = [7; 32];

/// One journal about one order.
#[derive(Serialize, Deserialize)]
struct Kept {
    org: OrgId,
    order: OrderId,
    /// The device that made it; `None`: entries of several people, folded and never sent.
    device: Option<DeviceId>,
    /// The exact bytes of every entry, base64.
    entries: Vec<Exact>,
    /// SHA-256 of the folded state.
    state: Digest,
    /// What the server said of it, but for plainly applied.
    verdicts: Vec<(u64, Verdict)>,
}

impl Kept {
    fn new(org: OrgId, order: OrderId, device: Option<DeviceId>, bytes: Vec<Vec<u8>>) -> Self {
        let entries = bytes.into_iter().map(Exact).collect();
        let mut kept = Self { org, order, device, entries, state: Digest::of(b""), verdicts: Vec::new() };
        kept.state = Digest::of(&kept.folded().to_bytes());
        kept
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.entries.iter().map(|entry| entry.0.clone()).collect()
    }

    fn folded(&self) -> Order {
        let mut order = Order::default();
        for bytes in self.bytes() {
            Entry::decode(&bytes).unwrap().fold_into(&mut order, &self.org, self.device);
        }
        order
    }

    /// Sends it to a server, as the device that made it.
    fn judged(&self, office: &Office, device: DeviceId) -> Vec<(u64, Verdict)> {
        let probe = Probe::enrol_as(&office.url(), &office.code(CHAN), SEED, device);
        for bytes in self.bytes() {
            probe.append(bytes);
        }
        let answer = probe.sync();
        assert_eq!(answer.acked as usize, self.entries.len());
        let mut order = office.order(self.order);
        assert!(order.number.take().is_some());
        assert_eq!(Digest::of(&order.to_bytes()), self.state, "the server folds it alike");
        answer.verdicts
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn kind(fact: &Fact) -> String {
    let json = serde_json::to_value(fact).unwrap();
    let name = json.as_str().map(str::to_owned);
    name.or_else(|| Some(json.as_object()?.keys().next()?.clone())).unwrap()
}

#[test]
fn every_journal_of_every_release_is_read_folded_and_judged_as_it_was() {
    let mut releases = 0;
    for release in std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        releases += 1;
        let mut kinds = BTreeSet::new();
        for file in std::fs::read_dir(&release).unwrap().map(|entry| entry.unwrap().path()) {
            let kept: Kept = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            let name = file.display();
            for bytes in kept.bytes() {
                let entry = Entry::decode(&bytes).unwrap_or_else(|why| panic!("{name}: {why}"));
                kinds.extend(entry.facts.iter().map(kind));
            }
            assert_eq!(Digest::of(&kept.folded().to_bytes()), kept.state, "{name}");
            if let Some(device) = kept.device {
                let office = Office::emerald_lake();
                assert_eq!(kept.judged(&office, device), kept.verdicts, "{name}");
                assert_eq!(office.wrong(), [], "{name}");
            }
        }
        assert!(kinds.len() >= KINDS_OF_0_1, "{}: only {} {kinds:?}", release.display(), kinds.len());
    }
    assert!(releases > 0);
}

/// How many kinds of facts release 0.1 knew.
const KINDS_OF_0_1: usize = 42;

fn visit(name: &str, play: impl Fn(&dyn Hand, OrderId)) -> (String, Kept) {
    let office = Office::emerald_lake();
    let device = DeviceId::new();
    let probe = Probe::enrol_as(&office.url(), &office.code(CHAN), SEED, device);
    let id = OrderId::new();
    probe.does(id, Command::Register(text::intake(1)));
    play(&probe, id);
    let mut kept = Kept::new("emerald-lake".into(), id, Some(device), probe.place().journal);
    // Judged at another server, so that the judgement is of these bytes and nothing else.
    kept.verdicts = kept.judged(&Office::emerald_lake(), device);
    (name.to_owned(), kept)
}

#[test]
#[ignore = "writes the folder of a new release"]
fn write_the_corpus_of_this_release() {
    let version = env!("CARGO_PKG_VERSION").rsplit_once('.').unwrap().0;
    let release = folder().join(version);
    std::fs::create_dir_all(&release).unwrap();
    let mut all = vec![
        visit("paid_repair", play::paid_repair),
        visit("refused_quote", play::refused_quote),
        visit("no_show", play::no_show),
        visit("unsolved", play::unsolved_with_next_date),
    ];
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (_, kept) in &all {
        let entries = kept.bytes().into_iter().map(|bytes| Entry::decode(&bytes).unwrap());
        known.extend(entries.flat_map(|entry| entry.facts).map(|fact| kind(&fact)));
    }
    // Random walks of everybody, as long as they come to a kind no other came to.
    let mut dice = Dice(11);
    for number in 0..2_000 {
        let mut table = Table::new();
        let seeds: Vec<(u8, u64)> = (0..250).map(|_| (dice.roll() as u8, dice.roll())).collect();
        table.walk(&seeds);
        let mut entries = table.entries();
        let before = known.len();
        let mut last = 0;
        for (at, entry) in entries.iter().enumerate() {
            for fact in &entry.facts {
                if known.insert(kind(fact)) {
                    last = at + 1;
                }
            }
        }
        if known.len() > before {
            entries.truncate(last);
            let id = entries[0].order;
            let bytes = entries.iter().map(|entry| entry.encode().unwrap()).collect();
            all.push((format!("walk_{number}"), Kept::new("emerald-lake".into(), id, None, bytes)));
        }
    }
    // What only the server says.
    let mut table = Table::new();
    let desk = actor(DESK);
    table.fold(&desk, vec![Fact::Registered(text::intake(1))]);
    let fact = FactId(table.entries()[0].id, 0);
    table.fold(&desk, vec![Fact::Numbered("WX000001".to_owned())]);
    table.fold(&desk, vec![Fact::Flagged(Concern { fact, kind: ConcernKind::NotAssigned })]);
    known.extend(["numbered".to_owned(), "flagged".to_owned()]);
    let entries = table.entries();
    let bytes = entries.iter().map(|entry| entry.encode().unwrap()).collect();
    all.push(("server".to_owned(), Kept::new("emerald-lake".into(), entries[0].order, None, bytes)));
    for (name, kept) in all {
        let path = release.join(format!("{name}.json"));
        assert!(!path.exists(), "{}: what was published is never written again", path.display());
        let mut text = serde_json::to_string_pretty(&kept).unwrap();
        text.push('\n');
        std::fs::write(path, text).unwrap();
    }
    println!("{} kinds: {known:?}", known.len());
}
