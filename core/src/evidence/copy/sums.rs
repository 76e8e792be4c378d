//! What a document's figures must add up to, whoever wrote them: each line's amount, and the total.

use serde_json::Value;

use super::Difference;
use crate::domain::money::{Currency, Money, Quantity};

/// What does not add up in the priced terms of a document: a quote's own, or those a sheet quotes.
pub(super) fn wrong(document: &Value) -> Vec<Difference> {
    let Some(terms) = terms(document) else { return Vec::new() };
    let mut found = Vec::new();
    let mut sum = money(terms.get("discount")).map(|discount| Money::new(0, discount.currency));
    let lines = terms.get("lines").and_then(Value::as_array);
    for (number, line) in (1_u32..).zip(lines.into_iter().flatten()) {
        let quantity = line.get("quantity").and_then(Value::as_i64);
        let due = money(line.get("unit_price")).zip(quantity);
        let due = due.and_then(|(price, thousandths)| price.times(Quantity { thousandths }));
        if due != money(line.get("amount")) {
            let name = line.get("name").and_then(Value::as_str).unwrap_or_default();
            found.push(Difference::Line { number, name: name.to_owned() });
        }
        sum = sum.zip(due).and_then(|(sum, due)| sum.checked_add(due));
    }
    let discount =
        money(terms.get("discount")).and_then(|d| Some(Money::new(d.minor.checked_neg()?, d.currency)));
    let total = sum.zip(discount).and_then(|(sum, less)| sum.checked_add(less));
    if total != money(terms.get("total")) {
        found.push(Difference::Total);
    }
    found
}

/// The total a document gives.
pub(super) fn total(document: &Value) -> Option<Money> {
    money(terms(document)?.get("total"))
}

/// The priced terms: a quote's own, or those a sheet quotes.
fn terms(document: &Value) -> Option<&Value> {
    let body = document.get("body")?;
    body.get("terms").or_else(|| body.get("quote")).filter(|terms| terms.is_object())
}

fn money(value: Option<&Value>) -> Option<Money> {
    let value = value?;
    let currency = Currency::from_code(value.get("currency")?.as_str()?)?;
    Some(Money::new(value.get("minor")?.as_i64()?, currency))
}
