//! Money and quantities: integers with a fixed scale, so that phone and server never round differently.

use serde::{Deserialize, Serialize};

/// A currency Doorstep's users charge in. All have two decimal places here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Currency {
    /// Renminbi 人民幣.
    #[default]
    #[serde(rename = "CNY")]
    Cny,
    /// Hong Kong dollar 港元.
    #[serde(rename = "HKD")]
    Hkd,
    /// New Taiwan dollar 新臺幣.
    #[serde(rename = "TWD")]
    Twd,
    /// Macanese pataca 澳門元.
    #[serde(rename = "MOP")]
    Mop,
}

impl Currency {
    /// The ISO 4217 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Hkd => "HKD",
            Self::Twd => "TWD",
            Self::Mop => "MOP",
        }
    }

    /// The sign written before an amount.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Cny => "¥",
            Self::Hkd => "HK$",
            Self::Twd => "NT$",
            Self::Mop => "MOP$",
        }
    }

    /// Reads an ISO 4217 code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Cny, Self::Hkd, Self::Twd, Self::Mop].into_iter().find(|c| c.code() == code)
    }
}

/// An amount in minor units (分): `12050` is 120.50.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Money {
    /// Minor units, a hundredth of the currency.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of `minor` hundredths.
    #[must_use]
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing to pay, in this currency.
    #[must_use]
    pub fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum, or `None` when the currencies differ or the sum does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self::new(self.minor.checked_add(other.minor)?, self.currency))
    }

    /// This unit price times a quantity, half a minor unit rounded away from zero.
    #[must_use]
    pub fn times(self, quantity: Quantity) -> Option<Self> {
        let product = i128::from(self.minor) * i128::from(quantity.thousandths);
        let rounded = (product + product.signum() * 500) / 1000;
        Some(Self::new(i64::try_from(rounded).ok()?, self.currency))
    }

    /// Reads an amount as a person types it (`120`, `120.5`, `1,200.50`); at most two decimals.
    #[must_use]
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        scaled(text, 2).map(|minor| Self::new(minor, currency))
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        write!(f, "{sign}{}{}.{:02}", self.currency.sign(), minor / 100, minor % 100)
    }
}

/// How much of a thing, in thousandths: `1500` is 1.5.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity {
    /// Thousandths of a unit.
    pub thousandths: i64,
}

impl Quantity {
    /// A whole number of units.
    #[must_use]
    pub fn whole(units: i32) -> Self {
        Self { thousandths: i64::from(units) * 1000 }
    }

    /// Reads a quantity as a person types it, with at most three decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        scaled(text, 3).map(|thousandths| Self { thousandths })
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.thousandths < 0 { "-" } else { "" };
        let all = self.thousandths.unsigned_abs();
        let fraction = format!("{:03}", all % 1000);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}", all / 1000)
    }
}

/// Reads a decimal with at most `places` decimals into an integer of that scale. Commas group thousands.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let text = text.trim().replace(',', "");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || fraction.len() > places {
        return None;
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i64 = format!("{whole}{fraction:0<places$}").parse().ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_print_as_people_write_them() {
        let read = |text| Money::parse(text, Currency::Cny).map(|m| m.minor);
        assert_eq!(read("120"), Some(12_000));
        assert_eq!(read("1,200.5"), Some(120_050));
        assert_eq!(read("-3.25"), Some(-325));
        for bad in ["", "1.234", "abc", "1.2.3", ".5", "１２", "1e3", "--1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(Money::new(-325, Currency::Hkd).to_string(), "-HK$3.25");
    }

    #[test]
    fn a_price_times_a_quantity_rounds_half_away_from_zero() {
        let price = Money::new(333, Currency::Cny);
        assert_eq!(price.times(Quantity::parse("1.5").unwrap()).unwrap().minor, 500);
        assert_eq!(price.times(Quantity::whole(-2)).unwrap().minor, -666);
        assert_eq!(Money::new(i64::MAX, Currency::Cny).times(Quantity::whole(2)), None);
        assert_eq!(Quantity::parse("2.50").unwrap().to_string(), "2.5");
    }

    #[test]
    fn currencies_do_not_mix() {
        assert_eq!(Money::new(1, Currency::Cny).checked_add(Money::new(1, Currency::Hkd)), None);
        assert_eq!(Money::new(i64::MAX, Currency::Cny).checked_add(Money::new(1, Currency::Cny)), None);
    }
}
