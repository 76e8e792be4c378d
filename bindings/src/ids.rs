//! Ids cross the binding as text, and come back checked.

use std::str::FromStr;

use crate::failure::DoorstepException;

/// Reads an id, or says what is wrong with it.
pub(crate) fn read<T: FromStr>(text: &str) -> Result<T, DoorstepException>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|why: T::Err| DoorstepException::bad(format!("not an id: {text}: {why}")))
}

/// Reads several ids.
pub(crate) fn read_all<T: FromStr>(texts: &[String]) -> Result<Vec<T>, DoorstepException>
where
    T::Err: std::fmt::Display,
{
    texts.iter().map(|text| read(text)).collect()
}
