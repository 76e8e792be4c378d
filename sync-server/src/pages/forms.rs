//! Forms of the order page, read into commands. Pure: what a form means depends on nothing but the form and the order.

use doorstep_core::domain::command::Command;
use doorstep_core::domain::ids::{ItemId, PersonId};
use doorstep_core::domain::order::closing::OrderPart;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::order::{CustodyId, Order};

use super::detail::{Typed, item_value_sent, part_code};
use super::words::ui::Ui;

/// What a form can ask for: the last part of its address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Approve the order.
    Approve,
    /// Send single items back.
    Return,
    /// Void the order.
    Void,
    /// Waive a gate.
    Waive,
    /// Pick between values of a shared field.
    SettleField,
    /// Pick between values of a checklist item.
    SettleItem,
    /// Give a word on the open quote.
    ReviewQuote,
    /// Write a note.
    Note,
    /// Let the visit be made.
    ApproveVisit,
    /// Accept the request.
    Accept,
    /// Refuse the request.
    Refuse,
    /// Say who does it.
    Assign,
    /// Accept what was handed over.
    AcceptHandover,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Approve,
        Self::Return,
        Self::Void,
        Self::Waive,
        Self::SettleField,
        Self::SettleItem,
        Self::ReviewQuote,
        Self::Note,
        Self::ApproveVisit,
        Self::Accept,
        Self::Refuse,
        Self::Assign,
        Self::AcceptHandover,
    ];

    /// Its name in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Void => "void",
            Self::Waive => "waive",
            Self::SettleField => "settle-field",
            Self::SettleItem => "settle-item",
            Self::ReviewQuote => "review-quote",
            Self::Note => "note",
            Self::ApproveVisit => "approve-visit",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Assign => "assign",
            Self::AcceptHandover => "accept-handover",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// What to say when it is done.
    #[must_use]
    pub fn done(self, ui: &Ui) -> &'static str {
        match self {
            Self::Approve => ui.done_approve,
            Self::Return => ui.done_return,
            Self::Void => ui.done_void,
            Self::Waive => ui.done_waive,
            Self::SettleField | Self::SettleItem => ui.done_settle,
            Self::ReviewQuote => ui.done_quote,
            Self::Note => ui.done_note,
            Self::ApproveVisit | Self::Accept | Self::Refuse => ui.done_answer,
            Self::Assign => ui.done_assign,
            Self::AcceptHandover => ui.done_handover,
        }
    }

    /// Whether it judges what the person saw, so that an order changed meanwhile is to be looked at first.
    #[must_use]
    pub fn judges(self) -> bool {
        self != Self::Note
    }
}

/// The fields of a form, as the browser sent them.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// A field's value; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a form is read against.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The order.
    pub order: &'a Order,
    /// Everybody an order can be assigned to.
    pub technicians: &'a [PersonId],
}

/// The command a form asks for; `None` when the browser sent something no page of ours holds.
#[must_use]
pub fn command(act: Act, fields: &Fields, ground: Ground<'_>) -> Option<Command> {
    let Ground { order, technicians } = ground;
    let text = |name: &str| fields.get(name).to_owned();
    Some(match act {
        Act::Approve => Command::Approve { note: text("note") },
        Act::Return => Command::ReturnItems { items: returned(fields) },
        Act::Void => Command::Void { reason: text("reason") },
        Act::Waive => Command::Waive { rule: fields.get("rule").parse().ok()?, reason: text("reason") },
        Act::SettleField => {
            let field = shared_field(fields.get("field"))?;
            Command::SettleField { field, value: one_of_the_values(fields, order, field)? }
        }
        Act::SettleItem => settle_item(fields, order)?,
        Act::ReviewQuote => {
            let approved = match fields.get("approved") {
                "yes" => true,
                "no" => false,
                _ => return None,
            };
            Command::ReviewQuote { approved, note: text("note") }
        }
        Act::Note => Command::AddNote { text: text("text") },
        Act::ApproveVisit => Command::ApproveVisit,
        Act::Accept => Command::Accept { materials: text("materials") },
        Act::Refuse => Command::Refuse { reason: text("reason") },
        Act::Assign => {
            let technician = technicians.iter().find(|id| id.as_str() == fields.get("technician"))?.clone();
            // Colleagues already on the order stay on it (R73).
            let helpers = order.assignment.as_ref().map(|a| a.helpers.clone()).unwrap_or_default();
            let helpers = helpers.into_iter().filter(|helper| *helper != technician).collect();
            Command::Assign(Assignment { technician, helpers })
        }
        Act::AcceptHandover => {
            let items: Result<Vec<CustodyId>, _> = fields.all("item").map(str::parse).collect();
            Command::AcceptHandover { items: items.ok()? }
        }
    })
}

/// What a refused form held, for the page that shows it again.
#[must_use]
pub fn typed(act: Act, fields: &Fields) -> Typed {
    let text = |of: Act, name: &str| if act == of { fields.get(name).to_owned() } else { String::new() };
    let parts = if act == Act::Return { returned(fields) } else { Vec::new() };
    Typed {
        approve: text(Act::Approve, "note"),
        parts: parts.into_iter().map(|(part, note)| (part_code(part).to_owned(), note)).collect(),
        void: text(Act::Void, "reason"),
        waive: text(Act::Waive, "reason"),
        materials: text(Act::Accept, "materials"),
        refuse: text(Act::Refuse, "reason"),
        note: text(Act::Note, "text"),
    }
}

/// The parts that were ticked, and those a note was written for without a tick.
fn returned(fields: &Fields) -> Vec<(OrderPart, String)> {
    let chosen = |part: OrderPart| {
        let code = part_code(part);
        let note = fields.get(&format!("note-{code}")).to_owned();
        let ticked = fields.all("part").any(|ticked| ticked == code);
        (ticked || !note.is_empty()).then_some((part, note))
    };
    OrderPart::ALL.into_iter().filter_map(chosen).collect()
}

fn shared_field(code: &str) -> Option<SharedField> {
    let all = [SharedField::Phone, SharedField::Access, SharedField::Fault];
    all.into_iter().find(|field| super::detail::field_code(*field) == code)
}

/// The value picked, when it is one of those that stood there.
fn one_of_the_values(fields: &Fields, order: &Order, field: SharedField) -> Option<String> {
    let shared = order.shared.get(&field)?;
    let others = shared.conflicts.values().map(|other| other.value.as_str());
    let mut values = std::iter::once(shared.value.as_str()).chain(others);
    // Untrimmed: the value is compared with what is stored.
    let picked = fields.all("value").next()?;
    values.find(|value| *value == picked).map(str::to_owned)
}

fn settle_item(fields: &Fields, order: &Order) -> Option<Command> {
    let visit: u16 = fields.get("visit").parse().ok()?;
    let id = ItemId::from(fields.get("item"));
    let answer = order.visits.get(&visit)?.answers.get(&id)?;
    let picked = fields.all("value").next()?;
    let others = answer.conflicts.values().map(|other| &other.given);
    let value =
        std::iter::once(&answer.value).chain(others).find(|value| item_value_sent(value) == picked)?;
    Some(Command::SettleItem { visit, item: id, value: value.clone() })
}

#[cfg(test)]
mod tests {
    use doorstep_core::domain::order::visit::ItemValue;

    use super::*;
    use crate::pages::samples::{Sample, Twist};

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn read(act: Act, pairs: &[(&str, &str)]) -> Option<Command> {
        let sample = Sample::signed_off(8, "李婉儀", Twist::Conflict);
        let technicians = [PersonId::from("W101"), PersonId::from("W102")];
        let ground = Ground { order: &sample.order, technicians: &technicians };
        command(act, &fields(pairs), ground)
    }

    #[test]
    fn a_part_goes_back_when_it_is_ticked_or_written_about() {
        let form = [
            ("part", "payment"),
            ("note-payment", " 憑證號與存根不符 "),
            ("note-quote", "缺原因"),
            ("note-parts", ""),
        ];
        let expected = vec![
            (OrderPart::Quote, "缺原因".to_owned()),
            (OrderPart::Payment, "憑證號與存根不符".to_owned()),
        ];
        assert_eq!(read(Act::Return, &form), Some(Command::ReturnItems { items: expected }));
        let held = typed(Act::Return, &fields(&form));
        assert_eq!(held.parts.get("payment").map(String::as_str), Some("憑證號與存根不符"));
        assert!(held.void.is_empty() && held.approve.is_empty());
    }

    #[test]
    fn only_a_value_that_stood_there_can_be_picked() {
        let phone = SharedField::Phone;
        let pick = |value| read(Act::SettleField, &[("field", "phone"), ("value", value)]);
        let value = "142 0000 1777".to_owned();
        assert_eq!(pick("142 0000 1777"), Some(Command::SettleField { field: phone, value }));
        assert_eq!(pick("110"), None);
        assert_eq!(read(Act::SettleField, &[("field", "number"), ("value", "1")]), None);
        assert_eq!(read(Act::SettleItem, &[("visit", "1"), ("item", "tested"), ("value", "!")]), None);
        let item = ItemId::from("tested");
        let settled = read(Act::SettleItem, &[("visit", "1"), ("item", "tested"), ("value", "\"done\"")]);
        assert_eq!(settled, Some(Command::SettleItem { visit: 1, item, value: ItemValue::Done }));
    }

    #[test]
    fn what_no_page_of_ours_sends_is_no_command() {
        assert_eq!(read(Act::Waive, &[("rule", "x")]), None);
        assert_eq!(read(Act::ReviewQuote, &[("approved", "maybe")]), None);
        assert_eq!(read(Act::Assign, &[("technician", "G002")]), None, "not a technician");
        assert_eq!(read(Act::AcceptHandover, &[("item", "1")]), None);
        let chosen = Assignment { technician: "W102".into(), helpers: vec![] };
        assert_eq!(read(Act::Assign, &[("technician", "W102")]), Some(Command::Assign(chosen)));
        for act in Act::ALL {
            assert_eq!(Act::from_code(act.code()), Some(act));
        }
    }
}
