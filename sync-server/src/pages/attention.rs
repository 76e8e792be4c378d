//! What makes an order odd: the plain reasons why a supervisor should open this one and not the other sixty.

use doorstep_core::domain::concern::ConcernKind;
use doorstep_core::domain::deadline::{Deadline, DeadlineSpec, deadline, quote_validity};
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::money::Money;
use doorstep_core::domain::order::closing::{CustodyItem, CustodyKind};
use doorstep_core::domain::order::intake::Triage;
use doorstep_core::domain::order::quote::QuoteStanding;
use doorstep_core::domain::order::signing::Outcome;
use doorstep_core::domain::order::status::Status;
use doorstep_core::domain::order::{NoteKind, Order};
use doorstep_core::domain::policy::{PaymentSequence, SupervisorInPaidWork};
use doorstep_core::domain::time::Stamp;

/// How loudly a reason speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Good to know; does not lift the order out of the list.
    Note,
    /// Worth a look.
    Warn,
    /// Something is wrong.
    Alert,
}

/// A reason for a second look.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flag {
    /// `apply` accepted what the procedure would not have allowed.
    Concern(ConcernKind),
    /// So many values wait for a person to pick.
    Conflict(usize),
    /// The resident refused to sign the sign-off; the reason.
    SignatureRefused(String),
    /// Nobody was there to sign; the circumstances.
    SignatureAbsent(String),
    /// Signed with an objection.
    Objection(String),
    /// A rating of two or one.
    LowRating(u8),
    /// Paid differs from agreed.
    PaidDiffers {
        /// What was paid.
        paid: Money,
        /// What the resident agreed to.
        agreed: Money,
    },
    /// Arrived after the booked time, by so many minutes.
    LateArrival {
        /// Minutes after the start.
        minutes: i64,
        /// Also after the end of the window.
        missed_window: bool,
    },
    /// The window ended so many minutes ago and nobody arrived.
    NotArrived(i64),
    /// A mismatch or a liability note was not signed.
    PaperUnsigned(String),
    /// The visit was closed without a solution; the reason.
    Unsolved(String),
    /// So many items are with the technician.
    Returned(usize),
    /// So many returned items were put right and wait for another look.
    Corrected(usize),
    /// Signed off, not reviewed, so many minutes over the limit.
    ReviewOverdue(i64),
    /// Registered, not answered, so many minutes over the limit.
    AnswerOverdue(i64),
    /// Money or forms not handed in on time (R97): how many.
    HandInOverdue(usize),
    /// So many attempts in different periods of the day reached nobody: the desk goes on calling (R30).
    Unreached(usize),
    /// A quote waits for the supervisor's word.
    QuoteWaits,
    /// A gate was waived.
    Waived(u16),
    /// A household in need of care, or a key project (R16): the tag.
    Eligible(String),
    /// A safety hazard.
    Hazard,
    /// A colleague was called for.
    Assistance(String),
    /// The resident has no copy although policy asks for it.
    NoCopy,
    /// The quote in force was discounted.
    Discount(Money),
}

impl Flag {
    /// How loudly it speaks.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::Concern(
                ConcernKind::Repeated | ConcernKind::UnknownReference | ConcernKind::DoubleBooking,
            ) => Weight::Warn,
            Self::Concern(_)
            | Self::Conflict(_)
            | Self::SignatureRefused(_)
            | Self::Objection(_)
            | Self::LowRating(_)
            | Self::PaidDiffers { .. }
            | Self::Hazard => Weight::Alert,
            Self::SignatureAbsent(_)
            | Self::NotArrived(_)
            | Self::LateArrival { missed_window: true, .. }
            | Self::PaperUnsigned(_)
            | Self::Unsolved(_)
            | Self::Corrected(_)
            | Self::ReviewOverdue(_)
            | Self::AnswerOverdue(_)
            | Self::HandInOverdue(_)
            | Self::Unreached(_)
            | Self::QuoteWaits
            | Self::Waived(_)
            | Self::NoCopy
            | Self::Assistance(_) => Weight::Warn,
            Self::LateArrival { .. } | Self::Returned(_) | Self::Discount(_) | Self::Eligible(_) => {
                Weight::Note
            }
        }
    }
}

/// All reasons for a second look at an order, the loudest first.
#[must_use]
pub fn flags(order: &Order, rulebook: &Rulebook, now: Stamp) -> Vec<Flag> {
    let status = order.status();
    let mut found = concerns(order);
    if !status.is_closed() {
        conflicts(order, &mut found);
        let tags = order.intake.iter().flat_map(|intake| &intake.tags);
        let cared_for = tags.filter(|tag| rulebook.policy.intake.eligibility_tags.contains(*tag));
        found.extend(cared_for.cloned().map(Flag::Eligible));
        unreached(order, rulebook, &mut found);
        on_the_way(order, status, now, &mut found);
        at_the_door(order, &mut found);
        signing(order, &mut found);
        money(order, status, rulebook, &mut found);
        reviewing(order, &mut found);
        waiting(order, status, rulebook, now, &mut found);
    }
    hand_in(order, rulebook, now, &mut found);
    found.sort_by_key(|flag| std::cmp::Reverse(flag.weight()));
    found
}

/// The deadlines that run for an order now, each able to explain itself.
#[must_use]
pub fn deadlines(order: &Order, rulebook: &Rulebook) -> Vec<Deadline> {
    let count = |spec: DeadlineSpec, rule: u16, start: Stamp| {
        deadline(spec, rule, start, &rulebook.policy, &rulebook.calendar)
    };
    let mut running = Vec::new();
    let status = order.status();
    if let (Status::Registered, Some(mark)) = (status, &order.registered) {
        running.push(count(rulebook.policy.intake.answer_within, 14, mark.at));
    }
    if let (QuoteStanding::Open(_), Some((_, quote))) = (order.quote_standing(), order.latest_quote()) {
        running.extend(quote_validity(quote.presented.at, &rulebook.policy, &rulebook.calendar));
    }
    if let (Status::SignedOff, Some(sign_off)) = (status, order.sign_off()) {
        running.push(count(rulebook.policy.review.due, 157, sign_off.mark.at));
    }
    if let Some(first) = to_hand_in(order).map(|item| item.since.at).min() {
        running.push(count(rulebook.policy.custody.hand_in_by, 97, first));
    }
    running
}

/// One flag for each kind of concern nobody has settled, however often it was raised.
fn concerns(order: &Order) -> Vec<Flag> {
    let mut kinds: Vec<ConcernKind> = order.unsettled().map(|concern| concern.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    // What was overpaid is said with its amounts.
    kinds.into_iter().filter(|kind| *kind != ConcernKind::Overpaid).map(Flag::Concern).collect()
}

fn conflicts(order: &Order, found: &mut Vec<Flag>) {
    let fields = order.shared.values().filter(|shared| !shared.conflicts.is_empty()).count();
    let answers = order.visits.values().flat_map(|visit| visit.answers.values());
    let both = fields + answers.filter(|answer| !answer.conflicts.is_empty()).count();
    if both > 0 {
        found.push(Flag::Conflict(both));
    }
}

/// Tried as often as the firm asks, and nobody came to the door since (R30).
fn unreached(order: &Order, rulebook: &Rulebook, found: &mut Vec<Flag>) {
    let settings = &rulebook.policy.appointment;
    let attempts = order.unreached(settings.attempt_spread_minutes).attempts;
    let there = order.visit().is_some_and(|(_, visit)| visit.start_agreed.is_some());
    if attempts > 0 && attempts >= usize::from(settings.min_attempts) && !there {
        found.push(Flag::Unreached(attempts));
    }
}

fn on_the_way(order: &Order, status: Status, now: Stamp, found: &mut Vec<Flag>) {
    let hazard = order.intake.as_ref().is_some_and(|intake| intake.triage == Triage::Hazard);
    if hazard && !matches!(status, Status::SignedOff | Status::Returned) {
        found.push(Flag::Hazard);
    }
    let window = order.current_window();
    if let (Status::Booked | Status::OnTheWay, Some(window)) = (status, window) {
        let over = now.minutes_since(window.end);
        if over > 0 {
            found.push(Flag::NotArrived(over));
        }
    }
}

fn at_the_door(order: &Order, found: &mut Vec<Flag>) {
    let Some((_, visit)) = order.visit() else { return };
    if let (Some(arrived), Some(window)) = (&visit.arrived, visit.window) {
        let minutes = arrived.at.minutes_since(window.start);
        if minutes > 0 {
            found.push(Flag::LateArrival { minutes, missed_window: arrived.at > window.end });
        }
    }
    let unsigned = |outcome: &Outcome| {
        outcome.signed().is_none().then(|| outcome.reason().unwrap_or_default().to_owned())
    };
    let papers = visit.mismatches.values().map(|paper| &paper.outcome);
    let liability = order.diagnosis.iter().filter_map(|diagnosis| diagnosis.acknowledged.as_ref());
    found.extend(papers.chain(liability).filter_map(unsigned).map(Flag::PaperUnsigned));
    if let Some(unsolved) = &visit.unsolved {
        found.push(Flag::Unsolved(unsolved.reason.clone()));
    }
    let solved = visit.finished.is_some();
    let calls = order.notes.values().filter(|note| note.kind == NoteKind::Assistance && !solved);
    found.extend(calls.map(|note| Flag::Assistance(note.text.clone())));
}

fn signing(order: &Order, found: &mut Vec<Flag>) {
    let Some(sign_off) = order.sign_off() else { return };
    match &sign_off.resident {
        Outcome::Signed(_) => {}
        Outcome::SignedWithObjection(_, said) => found.push(Flag::Objection(said.text.clone())),
        Outcome::Refused(said) => found.push(Flag::SignatureRefused(said.text.clone())),
        Outcome::Absent(said) => found.push(Flag::SignatureAbsent(said.text.clone())),
    }
    if let Some(rating @ 0..=2) = sign_off.rating {
        found.push(Flag::LowRating(rating));
    }
}

fn money(order: &Order, status: Status, rulebook: &Rulebook, found: &mut Vec<Flag>) {
    let policy = &rulebook.policy;
    let (agreed, paid) = (order.fee(policy.currency), order.paid(policy.currency));
    let settled = matches!(status, Status::SignedOff | Status::Returned | Status::Unsolved);
    let less = settled && paid < agreed && policy.payment.sequence != PaymentSequence::Deferred;
    if less || paid > agreed {
        found.push(Flag::PaidDiffers { paid, agreed });
    }
    let quote = order.latest_quote().map(|(_, quote)| quote);
    let open = matches!(order.quote_standing(), QuoteStanding::Open(_));
    let asks = policy.quote.supervisor == SupervisorInPaidWork::Approve;
    if open && asks && quote.is_some_and(|quote| quote.reported.is_some() && quote.reviewed.is_none()) {
        found.push(Flag::QuoteWaits);
    }
    let discount = order.agreed_quote().map(|(_, quote)| quote.terms.discount);
    found.extend(discount.filter(|discount| discount.minor > 0).map(Flag::Discount));
}

fn reviewing(order: &Order, found: &mut Vec<Flag>) {
    let returned = order.review.returned.values();
    let (corrected, open): (Vec<_>, Vec<_>) = returned.partition(|item| item.corrected.is_some());
    if !open.is_empty() {
        found.push(Flag::Returned(open.len()));
    } else if !corrected.is_empty() {
        found.push(Flag::Corrected(corrected.len()));
    }
    found.extend(order.waivers.keys().map(|rule| Flag::Waived(*rule)));
}

fn waiting(order: &Order, status: Status, rulebook: &Rulebook, now: Stamp, found: &mut Vec<Flag>) {
    for limit in deadlines(order, rulebook).iter().filter(|limit| limit.is_past(now)) {
        let over = now.minutes_since(limit.due);
        match (limit.rule, status) {
            (14, _) => found.push(Flag::AnswerOverdue(over)),
            (157, _) => found.push(Flag::ReviewOverdue(over)),
            _ => {}
        }
    }
    if status == Status::SignedOff && rulebook.policy.copies.copy_required && order.copies.is_empty() {
        found.push(Flag::NoCopy);
    }
}

/// Money and forms still with somebody: they belong in the office by the end of the day (R97).
fn to_hand_in(order: &Order) -> impl Iterator<Item = &CustodyItem> {
    let items = order.open_custody().map(|(_, item)| item);
    items.filter(|item| matches!(item.kind, CustodyKind::Money | CustodyKind::Form))
}

fn hand_in(order: &Order, rulebook: &Rulebook, now: Stamp, found: &mut Vec<Flag>) {
    let spec = rulebook.policy.custody.hand_in_by;
    let late = to_hand_in(order)
        .filter(|item| deadline(spec, 97, item.since.at, &rulebook.policy, &rulebook.calendar).is_past(now))
        .count();
    if late > 0 {
        found.push(Flag::HandInOverdue(late));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::{Sample, Twist, at, now};
    use doorstep_core::domain::fact::Fact;
    use doorstep_core::domain::money::Currency;
    use doorstep_core::domain::order::closing::PaymentMethod;
    use doorstep_core::domain::person::Role;

    fn told(sample: &Sample, now: Stamp) -> Vec<Flag> {
        flags(&sample.order, &sample.rulebook, now)
    }

    #[test]
    fn each_oddity_is_the_loudest_reason_of_its_order() {
        type IsIt = fn(&Flag) -> bool;
        let expected: [(Twist, Option<IsIt>); 5] = [
            (Twist::None, None),
            (
                Twist::RefusesToSign,
                Some(|flag| matches!(flag, Flag::SignatureRefused(why) if why.contains("不應收費"))),
            ),
            (Twist::LowRating, Some(|flag| *flag == Flag::LowRating(1))),
            (Twist::Conflict, Some(|flag| *flag == Flag::Conflict(1))),
            (Twist::Late, Some(|flag| *flag == Flag::LateArrival { minutes: 146, missed_window: true })),
        ];
        for (twist, wanted) in expected {
            let found = told(&Sample::signed_off(3, "李婉儀", twist), now());
            match wanted {
                None => assert!(found.is_empty(), "{found:?}"),
                Some(is_it) => assert!(found.first().is_some_and(is_it), "{found:?}"),
            }
        }
    }

    #[test]
    fn a_review_that_waits_longer_than_the_policy_says_is_overdue() {
        let sample = Sample::signed_off(3, "李婉儀", Twist::None);
        assert!(told(&sample, at("2026-11-25T18:00")).is_empty(), "one working day is not over");
        assert_eq!(told(&sample, at("2026-11-25T18:30")), [Flag::ReviewOverdue(30)]);
    }

    #[test]
    fn a_payment_more_than_agreed_is_said_once_with_both_amounts() {
        let mut sample = Sample::signed_off(3, "李婉儀", Twist::None);
        let amount = Money::new(500, Currency::Cny);
        let receipt_no = "SJ-0002".to_owned();
        let fact = Fact::PaymentTaken { amount, method: PaymentMethod::Wechat, receipt_no };
        sample.happened(Role::Technician, vec![fact]);
        let paid = Money::new(13_500, Currency::Cny);
        let agreed = Money::new(13_000, Currency::Cny);
        assert_eq!(told(&sample, now()), [Flag::PaidDiffers { paid, agreed }]);
    }

    #[test]
    fn cash_is_in_the_office_by_the_end_of_the_day_or_it_is_said() {
        let mut sample = Sample::signed_off(3, "李婉儀", Twist::None);
        let kind = CustodyKind::Money;
        let fact = Fact::CustodyTaken { kind, name: "現金".into(), serial: "130".into() };
        sample.happened(Role::Technician, vec![fact]);
        assert!(told(&sample, at("2026-11-24T23:00")).is_empty());
        assert_eq!(told(&sample, at("2026-11-25T09:00")), [Flag::HandInOverdue(1)]);
    }

    #[test]
    fn an_approved_order_rests_and_work_after_that_does_not() {
        let mut sample = Sample::signed_off(3, "李婉儀", Twist::LowRating);
        sample.happened(Role::Supervisor, vec![Fact::Approved(String::new())]);
        assert!(told(&sample, now()).is_empty());
        sample.happened(Role::Technician, vec![Fact::WorkStarted]);
        let found = told(&sample, now());
        assert!(found.contains(&Flag::Concern(ConcernKind::AfterApproval)), "{found:?}");
        assert!(found.first().is_some_and(|flag| flag.weight() == Weight::Alert));
    }

    #[test]
    fn what_came_back_corrected_asks_for_another_look() {
        use doorstep_core::domain::order::closing::OrderPart;
        let mut sample = Sample::signed_off(3, "李婉儀", Twist::None);
        let note = "缺憑證".to_owned();
        sample.happened(Role::Supervisor, vec![Fact::PartReturned { part: OrderPart::Payment, note }]);
        assert_eq!(told(&sample, now()), [Flag::Returned(1)]);
        let returned = *sample.order.review.returned.keys().next().unwrap();
        let note = "已補".to_owned();
        sample.happened(Role::Technician, vec![Fact::PartCorrected { returned, note }]);
        assert_eq!(told(&sample, now()), [Flag::Corrected(1)]);
    }

    #[test]
    fn a_household_in_need_of_care_is_named_and_lifts_nothing() {
        let mut sample = Sample::signed_off(9, "李婉儀", Twist::None);
        assert_eq!(told(&sample, now()), [Flag::Eligible("elderly".into())]);
        assert_eq!(Flag::Eligible("elderly".into()).weight(), Weight::Note);
        sample.rulebook.policy.intake.eligibility_tags.clear();
        assert!(told(&sample, now()).is_empty());
    }
}
