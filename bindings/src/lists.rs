//! Lists across the binding, in pages: as many orders at a time as a screen shows, and where to go on.

use doorstep_core::domain::ids::PersonId;
use doorstep_core::phone::{ListFilter, OrderList, PAGE_LIMIT, Page};

use crate::failure::{DoorstepException, Result, guard};
use crate::front::DoorstepPhone;
use crate::records::OrderSummary;
use crate::words::OrderStatus;

/// Which part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ListPage {
    /// `next` of the part before; `None` for the first.
    #[uniffi(default = None)]
    pub after: Option<i64>,
    /// The most orders to give; `None` for fifty. Never more than five hundred.
    #[uniffi(default = None)]
    pub limit: Option<u32>,
}

impl From<ListPage> for Page {
    fn from(ListPage { after, limit }: ListPage) -> Self {
        Self { after, limit: limit.unwrap_or(PAGE_LIMIT) }
    }
}

/// A part of a list.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct OrdersShown {
    /// The orders.
    pub orders: Vec<OrderSummary>,
    /// Where the next part begins; `None` when this is the last.
    pub next: Option<i64>,
}

impl From<OrderList> for OrdersShown {
    fn from(OrderList { orders, next }: OrderList) -> Self {
        Self { orders: orders.into_iter().map(Into::into).collect(), next }
    }
}

/// Which orders a list shows. What is empty does not narrow it.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct OrderFilter {
    /// Any of these statuses.
    #[uniffi(default = [])]
    pub status: Vec<OrderStatus>,
    /// The day of the current window, as `2026-11-25`.
    #[uniffi(default = None)]
    pub day: Option<String>,
    /// The assigned technician, by staff code.
    #[uniffi(default = None)]
    pub technician: Option<String>,
    /// Only those with entries that wait to be sent.
    #[uniffi(default = false)]
    pub waiting_only: bool,
    /// Only those where two values wait for a person.
    #[uniffi(default = false)]
    pub conflicts_only: bool,
}

impl OrderFilter {
    fn read(self) -> Result<ListFilter> {
        let Self { status, day, technician, waiting_only, conflicts_only } = self;
        Ok(ListFilter {
            status: status.into_iter().map(Into::into).collect(),
            day: day.map(|day| read_day(&day)).transpose()?,
            technician: technician.map(PersonId),
            waiting_only,
            conflicts_only,
        })
    }
}

fn read_day(day: &str) -> Result<chrono::NaiveDate> {
    day.parse().map_err(|why| DoorstepException::bad(format!("{day} is not a day: {why}")))
}

#[uniffi::export]
impl DoorstepPhone {
    /// What earlier days left unfinished, then the visits of a day (`2026-11-25`) by their window, then open orders
    /// without one. Read it again from the start when told of a change.
    ///
    /// # Errors
    /// `BadInput` for a day that is none.
    pub fn today(&self, day: String, page: ListPage) -> Result<OrdersShown> {
        guard(|| Ok(self.phone.today(read_day(&day)?, page.into())?.into()))
    }

    /// All orders on this phone that pass the filter, newest first.
    ///
    /// # Errors
    /// `BadInput` for a day that is none.
    pub fn orders(&self, filter: OrderFilter, page: ListPage) -> Result<OrdersShown> {
        guard(|| Ok(self.phone.list(&filter.read()?, page.into())?.into()))
    }

    /// Orders whose number, unit, names, fault or phone hold the text, in either script, newest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn search(&self, text: String, page: ListPage) -> Result<OrdersShown> {
        guard(|| Ok(self.phone.search(&text, page.into())?.into()))
    }
}
