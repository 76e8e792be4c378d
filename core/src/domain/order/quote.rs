//! Fee quotes and the consent they need (R66 to R72).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::signing::Outcome;
use super::{Mark, Order};
use crate::domain::ids::FactId;
use crate::domain::money::{Currency, Money, Quantity};

/// A priced line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The price-list code, or empty for a line of the technician's own.
    pub code: String,
    /// What it is, as the resident was told.
    pub name: String,
    /// How much of it.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Money,
}

impl QuoteLine {
    /// Quantity times unit price; `None` when it does not fit.
    #[must_use]
    pub fn amount(&self) -> Option<Money> {
        self.unit_price.times(self.quantity)
    }
}

/// What a quote says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuoteTerms {
    /// The lines.
    pub lines: Vec<QuoteLine>,
    /// Taken off the sum, in the quote's currency; zero or more.
    pub discount: Money,
    /// Why it costs something (R66).
    pub reason: String,
}

impl QuoteTerms {
    /// The sum of the lines; `None` when currencies differ or it does not fit.
    #[must_use]
    pub fn gross(&self) -> Option<Money> {
        self.lines
            .iter()
            .try_fold(Money::zero(self.discount.currency), |sum, line| sum.checked_add(line.amount()?))
    }

    /// What the resident pays; `None` as for [`Self::gross`].
    #[must_use]
    pub fn total(&self) -> Option<Money> {
        let gross = self.gross()?;
        gross.checked_add(Money::new(self.discount.minor.checked_neg()?, gross.currency))
    }
}

/// A quote 報價, as presented on site.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quote {
    /// What it says.
    pub terms: QuoteTerms,
    /// The visit it was made on.
    pub visit: u16,
    /// When and by whom it was presented.
    pub presented: Mark,
    /// Reported to the person in charge (R66, R68).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported: Option<Mark>,
    /// The supervisor's word, where policy asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<QuoteReview>,
    /// The resident's explicit yes or no (R71).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<QuoteAnswer>,
}

/// The supervisor's word on a quote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuoteReview {
    /// Approved or not.
    pub approved: bool,
    /// What was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When and by whom.
    pub mark: Mark,
}

/// The resident's answer to a quote (R71): yes or no, and the seal on it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuoteAnswer {
    /// Agree 同意 or disagree 不同意.
    pub agreed: bool,
    /// The signature, or why there is none.
    pub outcome: Outcome,
    /// When and by whom it was recorded.
    pub mark: Mark,
}

/// Where the order stands with money to be agreed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuoteStanding {
    /// Nothing was quoted.
    None,
    /// The latest quote waits for the resident (or first for the report or the supervisor).
    Open(FactId),
    /// The latest quote was agreed.
    Agreed(FactId),
    /// The latest quote was refused, and no earlier one was agreed.
    Refused(FactId),
}

impl Order {
    /// The quote presented last. Server order decides which that is, not a clock.
    #[must_use]
    pub fn latest_quote(&self) -> Option<(FactId, &Quote)> {
        let id = self.latest_quote?;
        self.quotes.get(&id).map(|quote| (id, quote))
    }

    /// Where the latest quote stands. A refused change leaves an earlier agreed quote in force.
    #[must_use]
    pub fn quote_standing(&self) -> QuoteStanding {
        let Some((id, quote)) = self.latest_quote() else { return QuoteStanding::None };
        match &quote.answer {
            None if quote.reviewed.as_ref().is_some_and(|r| !r.approved) => self.last_agreed_or_refused(id),
            None => QuoteStanding::Open(id),
            Some(answer) if answer.agreed => QuoteStanding::Agreed(id),
            Some(_) => self.last_agreed_or_refused(id),
        }
    }

    fn last_agreed_or_refused(&self, refused: FactId) -> QuoteStanding {
        match self.agreed_quote {
            Some(id) => QuoteStanding::Agreed(id),
            None => QuoteStanding::Refused(refused),
        }
    }

    /// The quote in force: the one the resident agreed to last.
    #[must_use]
    pub fn agreed_quote(&self) -> Option<(FactId, &Quote)> {
        let id = self.agreed_quote?;
        self.quotes.get(&id).map(|quote| (id, quote))
    }

    /// What the resident has agreed to pay; nothing agreed is zero.
    #[must_use]
    pub fn fee(&self, currency: Currency) -> Money {
        self.agreed_quote().and_then(|(_, quote)| quote.terms.total()).unwrap_or(Money::zero(currency))
    }

    /// What has been paid so far.
    #[must_use]
    pub fn paid(&self, currency: Currency) -> Money {
        self.payments
            .values()
            .try_fold(Money::zero(currency), |sum, payment| sum.checked_add(payment.amount))
            .unwrap_or(Money::zero(currency))
    }

    /// The lines of `quote` that no agreed quote contains: only these need consent again.
    #[must_use]
    pub fn lines_to_consent<'a>(&self, quote: &'a Quote) -> Vec<&'a QuoteLine> {
        let mut covered: BTreeMap<&QuoteLine, usize> = BTreeMap::new();
        if let Some((_, agreed)) = self.agreed_quote() {
            for line in &agreed.terms.lines {
                *covered.entry(line).or_default() += 1;
            }
        }
        quote
            .terms
            .lines
            .iter()
            .filter(|line| match covered.get_mut(line) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            })
            .collect()
    }
}
