//! Echoes: the server says that an order is what the phone's own entries give, and proves it with a hash.

use crate::domain::fact::Fact;
use crate::domain::ids::{DeviceId, OrgId};
use crate::domain::order::Order;
use crate::journal::Entry;

/// Folds own entries as the server did: the number it gave stands after the first of them.
pub(super) fn fold(
    order: &mut Order,
    entries: &[(u64, Entry)],
    number: Option<&str>,
    org: &OrgId,
    device: DeviceId,
) {
    let mut number = number;
    for (_, entry) in entries {
        entry.fold_into(order, org, Some(device));
        if let Some(number) = number.take() {
            order.apply(&Fact::Numbered(number.to_owned()), &entry.meta(0, org, None));
        }
    }
    if let Some(number) = number {
        order.number.get_or_insert_with(|| number.to_owned());
    }
}

/// Puts a number into the bytes of a state that has none, without reading the rest. The number is the first field of
/// [`Order`]; when the guess is wrong the echo's hash shows it, and the state is folded instead.
pub(super) fn with_number(state: &[u8], number: &str) -> Option<Vec<u8>> {
    const MAP: u8 = 0xa0;
    const TEXT: u8 = 0x60;
    const SHORT: u8 = 23;
    let (first, rest) = state.split_first()?;
    let fields = first.checked_sub(MAP).filter(|fields| *fields < SHORT)?;
    let length = u8::try_from(number.len()).ok()?;
    let key = "number";
    let mut out = Vec::with_capacity(state.len() + key.len() + number.len() + 3);
    out.push(MAP + fields + 1);
    out.push(TEXT + 6);
    out.extend_from_slice(key.as_bytes());
    if length <= SHORT {
        out.push(TEXT + length);
    } else {
        out.extend_from_slice(&[TEXT + SHORT + 1, length]);
    }
    out.extend_from_slice(number.as_bytes());
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::intake::Intake;

    #[test]
    fn a_number_put_into_bytes_is_the_number_of_the_order() {
        let mut order = Order {
            intake: Some(Intake { unit: "12A".to_owned(), ..Intake::default() }),
            ..Order::default()
        };
        let plain = order.to_bytes();
        for number in ["1", "WO-2026-000123", "a number of more than twenty-three characters"] {
            order.number = Some(number.to_owned());
            assert_eq!(with_number(&plain, number).unwrap(), order.to_bytes());
        }
        assert_eq!(with_number(&[], "1"), None);
        assert_eq!(with_number(b"\x01", "1"), None);
        assert_eq!(with_number(&plain, &"9".repeat(300)), None);
    }
}
