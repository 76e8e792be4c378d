//! Quotes with their consent, parts and custody, payments.

use doorstep_core::domain::ids::FactId;
use doorstep_core::domain::money::Money;
use doorstep_core::domain::order::quote::Quote;

use super::Reading;
use super::fields::{Pair, Pairs};
use super::signature::Signature;
use crate::pages::words::ui::ui;
use crate::pages::words::{after_colon, in_brackets, labels};

/// All quotes: the one in force first, then the latest.
pub(super) struct QuoteSection {
    /// The quotes.
    pub quotes: Vec<QuoteBlock>,
}

/// One quote.
pub(super) struct QuoteBlock {
    /// Whether it is the one in force.
    pub in_force: bool,
    /// The lines.
    pub lines: Vec<QuoteLineView>,
    /// The discount, when there is one.
    pub discount: Option<String>,
    /// The sum, or that it cannot be read.
    pub total: String,
    /// Reason, report, the supervisor's word, the answer.
    pub pairs: Vec<Pair>,
    /// Whether it still waits for the resident.
    pub open: bool,
    /// The resident's signature under the answer.
    pub signature: Option<Signature>,
}

/// A priced line.
pub(super) struct QuoteLineView {
    /// What it is.
    pub name: String,
    /// Its price-list code.
    pub code: String,
    /// How much.
    pub quantity: String,
    /// Price of one.
    pub unit_price: String,
    /// The product, or that it cannot be read.
    pub amount: String,
}

impl QuoteSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let order = reading.order;
        let rank = |id: FactId| (Some(id) != order.agreed_quote, Some(id) != order.latest_quote);
        let mut quotes: Vec<(FactId, &Quote)> = order.quotes.iter().map(|(id, quote)| (*id, quote)).collect();
        quotes.sort_by_key(|(id, _)| rank(*id));
        let block = |(id, quote): (FactId, &Quote)| block(quote, Some(id) == order.agreed_quote, reading);
        Self { quotes: quotes.into_iter().map(block).collect() }
    }
}

fn block(quote: &Quote, in_force: bool, reading: &Reading<'_>) -> QuoteBlock {
    let lang = reading.lang();
    let ui = ui(lang);
    let sum = |money: Option<Money>| money.map_or_else(|| ui.unreadable_sum.to_owned(), |m| m.to_string());
    let terms = &quote.terms;
    let line = |line: &doorstep_core::domain::order::quote::QuoteLine| QuoteLineView {
        name: line.name.clone(),
        code: line.code.clone(),
        quantity: line.quantity.to_string(),
        unit_price: line.unit_price.to_string(),
        amount: sum(line.amount()),
    };
    let mut pairs = Pairs::default();
    pairs.add(ui.charge_reason, terms.reason.as_str());
    pairs.add(ui.presented, reading.mark(&quote.presented));
    pairs.add(ui.reported, quote.reported.as_ref().map(|m| reading.mark(m)).unwrap_or_default());
    if let Some(review) = &quote.reviewed {
        let word = if review.approved { ui.agrees } else { ui.disagrees };
        pairs.add(
            ui.supervisor_word,
            format!("{word}{} · {}", in_brackets(lang, &review.note), reading.mark(&review.mark)),
        );
    }
    let mut signature = None;
    if let Some(answer) = &quote.answer {
        let word = if answer.agreed { ui.agrees } else { ui.disagrees };
        pairs.add(ui.consent, format!("{word} · {}", reading.mark(&answer.mark)));
        signature = Some(Signature::of_outcome(ui.resident_signature, &answer.outcome, reading));
    }
    QuoteBlock {
        in_force,
        lines: terms.lines.iter().map(line).collect(),
        discount: (terms.discount.minor != 0).then(|| terms.discount.to_string()),
        total: sum(terms.total()),
        pairs: pairs.0,
        open: quote.answer.is_none(),
        signature,
    }
}

/// Parts used, devices taken away, things in custody.
pub(super) struct PartsSection {
    /// Parts.
    pub parts: Vec<PartLine>,
    /// Devices taken away.
    pub taken: Vec<TakenBlock>,
    /// Things in custody.
    pub custody: Vec<CustodyLine>,
}

/// A part used.
pub(super) struct PartLine {
    /// What it is.
    pub name: String,
    /// How much.
    pub quantity: String,
    /// The slip it was drawn with.
    pub slip: String,
    /// Serial of the part it replaced.
    pub replaced: String,
}

/// Devices taken away against one receipt.
pub(super) struct TakenBlock {
    /// What, against which receipt, when.
    pub text: String,
    /// The resident's consent.
    pub signature: Signature,
}

/// A thing in custody.
pub(super) struct CustodyLine {
    /// What it is, with its serial.
    pub thing: String,
    /// The kind.
    pub kind: &'static str,
    /// Who holds it, or held it last.
    pub holder: String,
    /// Since when, offered to whom, until when.
    pub state: String,
    /// Nobody's any more.
    pub closed: bool,
}

impl PartsSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let (order, lang) = (reading.order, reading.lang());
        let ui = ui(lang);
        let part = |used: &doorstep_core::domain::order::UsedPart| PartLine {
            name: used.part.name.clone(),
            quantity: used.part.quantity.to_string(),
            slip: used.part.drawn_with.clone(),
            replaced: used.part.replaced_serial.clone(),
        };
        let taken = |taken: &doorstep_core::domain::order::closing::TakeAway| {
            let things =
                taken.items.iter().map(|(name, serial)| format!("{name}{}", in_brackets(lang, serial)));
            let things = crate::pages::words::list(lang, things);
            let receipt = after_colon(lang, &taken.receipt_no);
            TakenBlock {
                text: format!("{things} · {}{receipt} · {}", ui.receipt, reading.mark(&taken.mark)),
                signature: Signature::of_outcome(ui.resident_signature, &taken.outcome, reading),
            }
        };
        let custody = |item: &doorstep_core::domain::order::closing::CustodyItem| {
            let offered = item
                .offered_to
                .as_ref()
                .map(|to| format!(" · {} {}", ui.offered_to, reading.names.person(to)));
            let since = format!("{} {}", reading.moment(item.since.at), ui.since);
            let closed =
                item.closed.as_ref().map(|mark| format!("{} · {}", ui.custody_done, reading.mark(mark)));
            CustodyLine {
                thing: format!("{}{}", item.name, in_brackets(lang, &item.serial)),
                kind: labels::custody_kind(item.kind, lang),
                holder: reading.names.person(&item.holder),
                closed: closed.is_some(),
                state: closed.unwrap_or_else(|| since + &offered.unwrap_or_default()),
            }
        };
        Self {
            parts: order.parts.values().map(part).collect(),
            taken: order.take_aways.values().map(taken).collect(),
            custody: order.custody.values().map(custody).collect(),
        }
    }
}

/// Payments, beside what was agreed.
pub(super) struct PaymentSection {
    /// The payments.
    pub payments: Vec<PaymentLine>,
    /// What the resident agreed to.
    pub agreed: String,
    /// What was paid.
    pub paid: String,
    /// Paid less agreed, when they differ.
    pub difference: Option<String>,
}

/// One payment.
pub(super) struct PaymentLine {
    /// How much.
    pub amount: String,
    /// How.
    pub method: &'static str,
    /// The voucher's number.
    pub receipt: String,
    /// When and by whom.
    pub mark: String,
}

impl PaymentSection {
    pub(super) fn new(reading: &Reading<'_>) -> Self {
        let order = reading.order;
        let currency = reading.rulebook.policy.currency;
        let (agreed, paid) = (order.fee(currency), order.paid(currency));
        let payment = |payment: &doorstep_core::domain::order::closing::Payment| PaymentLine {
            amount: payment.amount.to_string(),
            method: labels::payment_method(payment.method, reading.lang()),
            receipt: payment.receipt_no.clone(),
            mark: reading.mark(&payment.mark),
        };
        let difference = Money::new(paid.minor.saturating_sub(agreed.minor), currency);
        Self {
            payments: order.payments.values().map(payment).collect(),
            agreed: agreed.to_string(),
            paid: paid.to_string(),
            difference: (difference.minor != 0).then(|| difference.to_string()),
        }
    }
}
