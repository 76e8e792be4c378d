//! `price-list.csv`: what work and parts cost, in the firm's currency.

use doorstep_core::domain::lang::Text;
use doorstep_core::domain::money::{Currency, Money};

use super::cell::Cells;
use super::columns::PRICES;
use super::fault::Parsed;
use super::rows::rows_of;
use super::table::Table;
use super::words::PRICE_KINDS;

/// The longest warranty read: fifty years.
const MAX_WARRANTY_DAYS: u32 = 18_250;

/// What a price-list line charges for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PriceKind {
    /// 人工.
    Labour,
    /// 材料.
    Material,
}

impl PriceKind {
    /// The name in data.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Labour => "labour",
            Self::Material => "material",
        }
    }
}

/// A line of the price list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceRow {
    /// The physical line it stands on.
    pub line: u64,
    /// The code the office uses.
    pub code: String,
    /// The name a resident reads.
    pub name: Text,
    /// The unit of measure 單位, as the office writes it.
    pub unit: String,
    /// The price of one.
    pub price: Money,
    /// Labour or material.
    pub kind: PriceKind,
    /// Days of warranty 保修天數; 0 for none.
    pub warranty_days: u32,
}

/// Reads the price list. `file` is the name faults show; prices are in `currency`.
#[must_use]
pub fn parse_prices(file: &str, bytes: &[u8], currency: Currency) -> Parsed<Vec<PriceRow>> {
    let table = Table::read(file, bytes, PRICES);
    rows_of(table, "code", |cells, line| read_row(cells, line, currency))
}

fn read_row(cells: &mut Cells<'_>, line: u64, currency: Currency) -> Option<PriceRow> {
    let code = cells.code("code");
    let name = cells.three("zh_hant", "zh_hans", "en");
    let unit = cells.required("unit");
    let price = cells.money("price", currency);
    let kind = cells.word("kind", PRICE_KINDS);
    let warranty_days = cells.number("warranty", MAX_WARRANTY_DAYS);
    Some(PriceRow {
        line,
        code: code?,
        name: name?,
        unit: unit?,
        price: price?,
        kind: kind?,
        warranty_days: warranty_days?,
    })
}
