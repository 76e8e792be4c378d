//! Many at once: numbers without a gap, and figures (run with `--release -- --ignored --nocapture`).

use std::collections::BTreeSet;
use std::time::Instant;

use doorstep_core::domain::fact::Fact;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::order::NoteKind;
use doorstep_core::journal::bytes::Exact;
use doorstep_server::storage::OrderFilter;

use crate::phone::Phone;
use crate::world::{ORG, World, intake};

fn numbers(world: &World) -> Vec<String> {
    let filter = OrderFilter { limit: 1_000_000, ..OrderFilter::default() };
    let page = world.state().storage().list_orders(OrgId::from(ORG), filter);
    world.runtime.block_on(page).unwrap().rows.into_iter().map(|row| row.number.unwrap()).collect()
}

#[test]
fn numbers_have_no_gap_when_many_phones_push_at_once() {
    let world = World::new();
    let phones: Vec<Phone> = (0..8).map(|_| Phone::enrol(&world, "W101")).collect();
    std::thread::scope(|scope| {
        for mut phone in phones {
            scope.spawn(move || {
                for _ in 0..5 {
                    for _ in 0..4 {
                        phone.register(intake("漏水"));
                    }
                    phone.sync();
                }
            });
        }
    });
    let found: BTreeSet<String> = numbers(&world).into_iter().collect();
    let wanted: BTreeSet<String> = (1..=160).map(|n| format!("WX{n:06}")).collect();
    assert_eq!(found, wanted);
}

fn big_intake(i: usize) -> doorstep_core::domain::order::intake::Intake {
    let mut intake = intake(&format!("第{i}號：廚房洗菜盆下水管漏水，用水時櫃底滴水"));
    intake.remark = "住戶想先看報價再決定；家有小孩午睡，請勿按門鈴。".repeat(12);
    intake
}

fn rss_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
#[ignore = "a figure, not a check"]
fn ten_thousand_orders_in_one_push() {
    let world = World::new();
    let mut phone = Phone::enrol(&world, "W101");
    phone.sync();
    let mut orders: Vec<OrderId> = Vec::new();
    for i in 0..10_000 {
        orders.push(phone.register(big_intake(i)));
    }
    for order in orders.iter().take(500) {
        let mut entry =
            phone.entry(*order, vec![Fact::NoteAdded { kind: NoteKind::Note, text: "簽".to_owned() }]);
        let mut seed = *order.as_bytes();
        let ink: Vec<u8> = (0..12_000)
            .map(|i| {
                seed[i % 16] = seed[i % 16].wrapping_mul(31).wrapping_add(7);
                seed[i % 16]
            })
            .collect();
        entry.inks.push(Exact(ink));
        phone.journal.push(entry.encode().unwrap());
    }
    let request = phone.request(1);
    let raw = cbor4ii::serde::to_vec(Vec::new(), &request).unwrap();
    let packed = zstd::bulk::compress(&raw, 1).unwrap();
    println!("push: {} bytes, {} packed", raw.len(), packed.len());
    let start = Instant::now();
    let answer = phone.post(&[("content-encoding", "zstd")], &packed);
    println!("push 10,000 orders + 500 inks: {:?}, answer {} bytes", start.elapsed(), answer.received);
    assert_eq!(answer.status, 200);
    let mut other = Phone::enrol(&world, "W101");
    let request = other.request(1);
    let body = cbor4ii::serde::to_vec(Vec::new(), &request).unwrap();
    let start = Instant::now();
    let answer = other.post(&[], &body);
    println!("pull: {:?}, {} bytes", start.elapsed(), answer.received);
    let start = Instant::now();
    assert_eq!(numbers(&world).len(), 10_000);
    println!("list all: {:?}", start.elapsed());
    let start = Instant::now();
    let page = world
        .state()
        .storage()
        .list_orders(OrgId::from(ORG), OrderFilter { q: "第9999號".to_owned(), ..OrderFilter::default() });
    assert_eq!(world.runtime.block_on(page).unwrap().rows.len(), 1);
    println!("search: {:?}", start.elapsed());
    println!("peak memory {} KB (client included)", rss_kb());
}

#[test]
#[ignore = "a figure, not a check"]
fn fifty_phones_with_twenty_orders_each() {
    let world = World::new();
    let people = (0..50).map(|i| doorstep_server::storage::NewDocument {
        kind: "person",
        key: format!("T{i:02}"),
        body: format!(r#"{{"id":"T{i:02}","name":"技工{i}","role":"technician"}}"#).into_bytes(),
    });
    let put = world.state().storage().put_documents(OrgId::from(ORG), people.collect());
    world.runtime.block_on(put).unwrap();
    let mut phones: Vec<Phone> = (0..50).map(|i| Phone::enrol(&world, &format!("T{i:02}"))).collect();
    let mut prepared: Vec<(Phone, Vec<Vec<u8>>)> = Vec::new();
    for mut phone in phones.drain(..) {
        let orders: Vec<OrderId> = (0..20).map(|i| phone.register(big_intake(i))).collect();
        phone.exchange(&phone.request(1).clone());
        phone.acked = 20;
        phone.sync();
        let mut rounds = Vec::new();
        for round in 0..5 {
            for order in &orders {
                let text = format!("第{round}次改動");
                phone.record(*order, vec![Fact::NoteAdded { kind: NoteKind::Note, text }]);
            }
            let request = phone.request(phone.acked + 1);
            let raw = cbor4ii::serde::to_vec(Vec::new(), &request).unwrap();
            rounds.push(zstd::bulk::compress(&raw, 1).unwrap());
            phone.acked += 20;
        }
        prepared.push((phone, rounds));
    }
    let before = rss_kb();
    let start = Instant::now();
    std::thread::scope(|scope| {
        for (mut phone, rounds) in prepared {
            scope.spawn(move || {
                for body in rounds {
                    let answer = phone.post(&[("content-encoding", "zstd")], &body);
                    assert_eq!(answer.status, 200);
                }
            });
        }
    });
    let elapsed = start.elapsed();
    println!(
        "50 phones x 5 x 20 changed orders: {elapsed:?}, {:.0} orders/s",
        5000.0 / elapsed.as_secs_f64()
    );
    println!("peak memory {} KB, before {} KB", rss_kb(), before);
}
