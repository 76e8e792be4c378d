//! The protocol by hand: what a newer, broken, lost or hostile device sends, and what the server makes of it.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::OrderId;
use doorstep_core::domain::order::status::Status;
use doorstep_tests::office::{CHAN, Office, SUPERVISOR};
use doorstep_tests::play::{self, Hand as _};
use doorstep_tests::probe::Probe;
use doorstep_tests::text;

#[test]
fn a_paid_repair_goes_over_the_wire_and_is_approved() {
    let office = Office::emerald_lake();
    let probe = Probe::enrol(&office, CHAN);
    let id = OrderId::new();
    probe.sync();
    probe.does(id, Command::Register(text::intake(1)));
    play::paid_repair(&probe, id);
    let answer = probe.sync();
    assert!(answer.verdicts.is_empty(), "{:?}", answer.verdicts);
    assert_eq!(answer.echoes.len(), 1, "a device gets no row back that it folds itself");
    let order = office.order(id);
    assert_eq!((order.status(), order.concerns.len()), (Status::SignedOff, 0));
    assert_eq!(order.to_bytes(), probe.place().base[&id].1);
    office.does(SUPERVISOR, id, Command::Approve { note: "可以".to_owned() });
    probe.sync();
    assert_eq!(probe.order(id).status(), Status::Approved);
}
