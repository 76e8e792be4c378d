//! Quotes across the binding: what is offered, and what became of it.

use doorstep_core::domain::ids::FactId;
use doorstep_core::domain::money::{Currency, Money, Quantity};
use doorstep_core::domain::order::Order;
use doorstep_core::domain::order::quote::{Quote, QuoteLine, QuoteTerms};

use crate::failure::Result;
use crate::records::MoneyAmount;

/// A priced line.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct PriceLine {
    /// The price-list code, or empty.
    pub code: String,
    /// What it is.
    pub name: String,
    /// How much of it, in thousandths.
    pub quantity_thousandths: i64,
    /// Price of one.
    pub unit_price: MoneyAmount,
}

/// A quote to present (R66).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct QuoteOffer {
    /// The lines.
    pub lines: Vec<PriceLine>,
    /// Taken off the sum.
    pub discount: MoneyAmount,
    /// Why it costs something.
    pub reason: String,
}

impl QuoteOffer {
    pub(crate) fn read(self) -> Result<QuoteTerms> {
        let Self { lines, discount, reason } = self;
        let line = |PriceLine { code, name, quantity_thousandths, unit_price }| {
            let quantity = Quantity { thousandths: quantity_thousandths };
            Ok(QuoteLine { code, name, quantity, unit_price: unit_price.read()? })
        };
        let lines = lines.into_iter().map(line).collect::<Result<_>>()?;
        Ok(QuoteTerms { lines, discount: discount.read()?, reason })
    }

    fn of(terms: &QuoteTerms) -> Self {
        let QuoteTerms { lines, discount, reason } = terms.clone();
        let line = |QuoteLine { code, name, quantity, unit_price }| {
            let Quantity { thousandths: quantity_thousandths } = quantity;
            PriceLine { code, name, quantity_thousandths, unit_price: unit_price.into() }
        };
        Self { lines: lines.into_iter().map(line).collect(), discount: discount.into(), reason }
    }
}

/// A quote that was presented, and how it was answered (R66 to R71).
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct QuoteShown {
    /// Its id.
    pub id: String,
    /// The visit it was made on.
    pub visit: u16,
    /// What it says.
    pub offer: QuoteOffer,
    /// Its total after the discount.
    pub total: MoneyAmount,
    /// Reported to the person in charge.
    pub reported: bool,
    /// The supervisor's word, where there is one.
    pub approved: Option<bool>,
    /// The resident's explicit yes or no; `None` while it is open.
    pub agreed: Option<bool>,
    /// It is the latest.
    pub is_latest: bool,
}

impl QuoteShown {
    pub(crate) fn of(id: &FactId, quote: &Quote, order: &Order, currency: Currency) -> Self {
        let Quote { terms, visit, presented: _, reported, reviewed, answer } = quote;
        Self {
            id: id.to_string(),
            visit: *visit,
            offer: QuoteOffer::of(terms),
            total: terms.total().unwrap_or(Money::zero(currency)).into(),
            reported: reported.is_some(),
            approved: reviewed.as_ref().map(|review| review.approved),
            agreed: answer.as_ref().map(|answer| answer.agreed),
            is_latest: order.latest_quote == Some(*id),
        }
    }
}
