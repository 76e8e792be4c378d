//! The process that is killed: a phone that records, or records and syncs, or a server; it says what it has saved.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::ids::{EntryId, OrderId};
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::Clock as _;
use doorstep_tests::bench::process;
use doorstep_tests::dice::Dice;
use doorstep_tests::office::CHAN;
use doorstep_tests::phones::{Handset, line};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [mode, path, last] = args.as_slice() else {
        panic!("writer record|sync FILE SEED, or serve DATA ADDR")
    };
    if mode == "serve" {
        process::serve(Path::new(path), last.parse::<SocketAddr>().expect("an address"));
    }
    work(Path::new(path), last.parse().expect("a seed"), mode == "sync");
}

/// Records until it is killed. A line is written for an entry when, and only when, it was saved.
fn work(path: &Path, seed: u64, syncs: bool) -> ! {
    let phone = Handset::open(path, CHAN, Arc::new(line()));
    let mut dice = Dice(seed);
    let mut out = std::io::stdout().lock();
    let mut orders: Vec<OrderId> = Vec::new();
    loop {
        if orders.is_empty() || dice.one_in(25) {
            orders.push(phone.phone.new_order_id());
        }
        let now = phone.clock.now();
        phone.clock.set(Stamp::new(now.utc_ms + 60_000, now.offset_min));
        let recent = &orders[orders.len().saturating_sub(4)..];
        if let Some(recorded) = phone.walks(recent, &mut dice) {
            say(&mut out, recorded.entry);
        }
        if syncs && dice.one_in(4) {
            phone.sync().expect("the server is there");
        }
    }
}

fn say(out: &mut impl std::io::Write, entry: EntryId) {
    writeln!(out, "{entry}").expect("somebody listens");
    out.flush().expect("somebody listens");
}
