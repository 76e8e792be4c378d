//! What of an order is sealed: each act with its seals.

use crate::domain::order::Order;
use crate::domain::order::signing::Outcome;
use crate::domain::seal::Held;

/// One sealed act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act<'a> {
    /// The kind of its document: `sheet`, `quote`, `mismatch`, `liability`, `take_away` or `unsolved`.
    pub kind: &'static str,
    /// Its seals. Words that were never sealed are not among them.
    pub seals: Vec<Held<'a>>,
}

/// Everything sealed on an order, the sign-off in force first. An answer that a later one superseded stays in the log
/// of entries and is not here.
#[must_use]
pub fn acts(order: &Order) -> Vec<Act<'_>> {
    let mut acts: Vec<Act<'_>> = Vec::new();
    // The one in force is the one folded last; ids only say what the devices' clocks said.
    let mut sign_offs: Vec<_> = order.sign_offs.iter().rev().collect();
    sign_offs.sort_by_key(|(id, _)| Some(**id) != order.latest_sign_off);
    for (_, sign_off) in sign_offs {
        let technician = std::iter::once(Held::Signature(&sign_off.technician));
        acts.push(Act { kind: "sheet", seals: technician.chain(of(&sign_off.resident)).collect() });
    }
    for answer in order.quotes.values().rev().filter_map(|quote| quote.answer.as_ref()) {
        acts.push(Act { kind: "quote", seals: of(&answer.outcome).collect() });
    }
    if let Some(outcome) = order.diagnosis.as_ref().and_then(|diagnosis| diagnosis.acknowledged.as_ref()) {
        acts.push(Act { kind: "liability", seals: of(outcome).collect() });
    }
    for taken in order.take_aways.values() {
        acts.push(Act { kind: "take_away", seals: of(&taken.outcome).collect() });
    }
    for visit in order.visits.values() {
        for signed in visit.mismatches.values() {
            acts.push(Act { kind: "mismatch", seals: of(&signed.outcome).collect() });
        }
        if let Some(signed) = visit.unsolved.as_ref().and_then(|unsolved| unsolved.signed.as_ref()) {
            acts.push(Act { kind: "unsolved", seals: vec![Held::Signature(signed)] });
        }
    }
    for act in &mut acts {
        act.seals.retain(|seal| seal.document().is_some());
    }
    acts.retain(|act| !act.seals.is_empty());
    acts
}

fn of(outcome: &Outcome) -> impl Iterator<Item = Held<'_>> {
    let statement = outcome.statement().map(|(kind, statement)| Held::Statement(kind, statement));
    outcome.signed().map(Held::Signature).into_iter().chain(statement)
}
