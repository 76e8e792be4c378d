//! The loop every table shares: read each row, refuse a key used twice, keep the rows without a fault.

use std::collections::BTreeMap;

use super::cell::Cells;
use super::fault::{Parsed, Problem};
use super::table::Table;

/// Reads every row of a table. A value in the `key` column may stand once only; an empty one does not count.
pub(super) fn rows_of<T>(
    mut table: Table,
    key: &str,
    read: impl Fn(&mut Cells<'_>, u64) -> Option<T>,
) -> Parsed<Vec<T>> {
    let (mut faults, mut notes) = (std::mem::take(&mut table.faults), std::mem::take(&mut table.notes));
    let mut first_lines: BTreeMap<String, u64> = BTreeMap::new();
    let mut rows = Vec::new();
    // In a row with another number of cells they may have slipped: only the count was reported.
    for record in table.records.iter().filter(|record| record.whole) {
        let mut cells = Cells::new(&table, record);
        let value = cells.raw(key).to_owned();
        if !value.is_empty() {
            let found = value.clone();
            match first_lines.entry(value.to_uppercase()) {
                std::collections::btree_map::Entry::Occupied(first) => {
                    cells.fault(key, Problem::Duplicate { found, first_line: *first.get() });
                }
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(record.line);
                }
            }
        }
        let row = read(&mut cells, record.line);
        let clean = cells.faults.is_empty();
        faults.append(&mut cells.faults);
        notes.append(&mut cells.notes);
        rows.extend(row.filter(|_| clean));
    }
    faults.sort_by_key(|fault| fault.line);
    Parsed { rows, faults, notes }
}
