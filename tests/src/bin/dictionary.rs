//! Makes the dictionary that small sync bodies are packed with: `dictionary FILE`.
//!
//! Visits are played by a real phone against a real server, and what would travel is collected after every tap. What is
//! different in each body anyway is then thrown away: digits, ids, hashes and times are replaced by chance, and what was
//! written by snippets of procedures and registers. The dictionary holds field names and words of the trade, and no text
//! of these visits.

use std::collections::HashSet;
use std::ops::Range;

use cbor4ii::core::Value;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{Digest, OrderId};
use doorstep_core::journal::bytes::{Exact, State};
use doorstep_core::journal::wire::{Echo, PROTOCOL, Row, SyncRequest, SyncResponse, echo_check};
use doorstep_tests::dice::Dice;
use doorstep_tests::office::{CHAN, Office};
use doorstep_tests::phones::Handset;
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::text;

/// Visits of each kind.
const VISITS: usize = 40;
/// How large the dictionary is: both sides carry it in the program.
const BYTES: usize = 16 * 1024;
/// Beyond every phone's first sync.
const CURSOR: u64 = 4_000;
/// Times and other large counts.
const COUNT: i128 = 1 << 24;
/// Where the words of the trade are from.
const WORDS: [&str; 4] = [
    include_str!("../../../core/policy/property.toml"),
    include_str!("../../../core/policy/device-service.toml"),
    include_str!("../../../demo/emerald-lake/registrations.csv"),
    include_str!("../../../demo/emerald-lake/price-list.csv"),
];
/// Snippets have up to so many characters.
const SNIPPET: usize = 8;

fn main() {
    let path = std::env::args().nth(1).expect("a file to write");
    let bodies = bodies();
    let dice = &mut Dice(1);
    let mut words = Words(WORDS.concat().chars().filter(|c| is_chinese(*c)).collect(), 0..0);
    let samples: Vec<Vec<u8>> = bodies.iter().map(|body| scrambled(body, &mut words, dice)).collect();
    let dictionary = zstd::dict::from_samples(&samples, BYTES).expect("a dictionary");
    let packed: usize = samples
        .iter()
        .map(|sample| {
            zstd::bulk::Compressor::with_dictionary(3, &dictionary).and_then(|mut c| c.compress(sample))
        })
        .map(|packed| packed.expect("packed").len())
        .sum();
    let plain: usize = samples.iter().map(Vec::len).sum();
    eprintln!(
        "{} bodies of {plain} bytes, packed {packed}; dictionary of {} bytes",
        samples.len(),
        dictionary.len()
    );
    std::fs::write(path, dictionary).expect("the file");
}

/// What travels, up and down, after every tap of every kind of visit.
fn bodies() -> Vec<Vec<u8>> {
    let office = Office::emerald_lake();
    let hand = Handset::enrol(&office, CHAN);
    let scripts: [fn(&dyn play::Hand, OrderId); 5] =
        [|_, _| {}, play::paid_repair, play::refused_quote, play::no_show, play::unsolved_with_next_date];
    let (mut bodies, mut sent, mut seen) = (Vec::new(), 0, HashSet::new());
    for number in 0..VISITS {
        for script in scripts {
            let id = hand.phone.new_order_id();
            hand.clock(text::at("2026-11-25T08:30"));
            hand.does(id, Command::Register(text::intake(1_000_000 + number)));
            script(&hand, id);
            hand.heal();
            let journal = hand.journal();
            // One tap, and all of a visit at once.
            let news = &journal[sent..];
            bodies.extend(news.iter().map(|entry| request(entry.n, std::slice::from_ref(&entry.bytes))));
            bodies
                .push(request(news[0].n, &news.iter().map(|entry| entry.bytes.clone()).collect::<Vec<_>>()));
            sent = journal.len();
            for (order, (seq, state)) in hand.base() {
                if seen.insert((order, seq)) {
                    bodies.extend(answers(order, seq, state));
                }
            }
        }
    }
    bodies
}

fn request(first: u64, entries: &[Vec<u8>]) -> Vec<u8> {
    encoded(&SyncRequest {
        protocol: PROTOCOL,
        epoch: 1,
        cursor: CURSOR,
        first,
        before: Some(Digest::of(b"before")),
        entries: entries.iter().cloned().map(Exact).collect(),
        ..SyncRequest::default()
    })
}

fn answers(order: OrderId, seq: u64, state: Vec<u8>) -> [Vec<u8>; 2] {
    let number = Some("WX2026-000123".to_owned());
    let echo = Echo { n: seq, seq, number, check: echo_check(&state) };
    let head = SyncResponse { epoch: 1, seq, now_ms: 1_795_000_000_000, ..SyncResponse::default() };
    let row = Row { order, seq, state: State(state) };
    [
        encoded(&SyncResponse { rows: vec![row], ..head.clone() }),
        encoded(&SyncResponse { echoes: vec![echo], acked: 9, ..head }),
    ]
}

fn encoded<T: serde::Serialize>(value: &T) -> Vec<u8> {
    cbor4ii::serde::to_vec(Vec::new(), value).expect("CBOR")
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Words of the trade, and the rest of the snippet being told.
struct Words(Vec<char>, Range<usize>);

impl Words {
    fn next(&mut self, dice: &mut Dice) -> char {
        if self.1.is_empty() {
            let start = dice.below(self.0.len() - SNIPPET);
            self.1 = start..start + 2 + dice.below(SNIPPET - 1);
        }
        self.1.next().map_or('的', |at| self.0[at])
    }
}

fn scrambled(body: &[u8], pool: &mut Words, dice: &mut Dice) -> Vec<u8> {
    let value: Value = cbor4ii::serde::from_slice(body).expect("CBOR");
    encoded(&scramble(value, pool, dice))
}

fn scramble(value: Value, pool: &mut Words, dice: &mut Dice) -> Value {
    match value {
        Value::Integer(n) if n > COUNT => Value::Integer(n ^ i128::from(dice.roll() >> 40)),
        Value::Text(text) => Value::Text(
            text.chars()
                .map(|c| match c {
                    c if is_chinese(c) => pool.next(dice),
                    '0'..='9' if text.len() > 3 => {
                        char::from(b'0' + u8::try_from(dice.below(10)).unwrap_or(0))
                    }
                    c => c,
                })
                .collect(),
        ),
        Value::Bytes(bytes) => Value::Bytes(match bytes.first() {
            // An entry or a state.
            Some(0xa0..=0xbf) if bytes.len() > 64 => scrambled(&bytes, pool, dice),
            _ => bytes.iter().map(|_| u8::try_from(dice.below(256)).unwrap_or(0)).collect(),
        }),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| scramble(item, pool, dice)).collect())
        }
        Value::Map(fields) => Value::Map(
            fields
                .into_iter()
                .map(|(key, value)| {
                    // Ids stand as keys too; names do not.
                    let key = if matches!(key, Value::Text(_)) { key } else { scramble(key, pool, dice) };
                    (key, scramble(value, pool, dice))
                })
                .collect(),
        ),
        other => other,
    }
}
