//! The desk: registration, answer, assignment, shared fields, notes (R2 to R26).

use super::Case;
use crate::domain::command::{Command, CommandKind as C};
use crate::domain::fact::Fact;
use crate::domain::order::NoteKind;
use crate::domain::order::intake::{Assignment, Intake};
use crate::domain::person::Role;
use crate::domain::policy::IntakeField;
use crate::domain::refusal::{Reason, Refusal};

pub(super) fn gate(case: &Case<'_>, kind: C) -> Result<(), Refusal> {
    match kind {
        C::ApproveVisit => {
            let asked = case.policy().intake.visit_approval && case.order.visit_approved.is_none();
            if asked { Ok(()) } else { Err(case.refuse(Reason::ApprovalNotAsked, "")) }
        }
        C::Accept | C::Refuse => {
            if case.order.answer.is_some() {
                return Err(case.refuse(Reason::AlreadyAnswered, ""));
            }
            if kind == C::Accept {
                let approved = !case.policy().intake.visit_approval || case.order.visit_approved.is_some();
                case.require(approved, Reason::VisitNotApproved)?;
            }
            Ok(())
        }
        C::Assign => case.accepted(),
        C::RequestAssistance => case.recording().map(|_| ()),
        _ => Ok(()),
    }
}

pub(super) fn decide(case: &Case<'_>, command: &Command) -> Result<Vec<Fact>, Refusal> {
    match command {
        Command::Register(intake) => register(case, intake),
        Command::ApproveVisit => Ok(vec![Fact::VisitApproved]),
        Command::Accept { materials } => {
            case.limit_text(materials)?;
            Ok(vec![Fact::RequestAccepted(materials.clone())])
        }
        Command::Refuse { reason } => {
            case.require_text(reason, Reason::ReasonRequired)?;
            Ok(vec![Fact::RequestRefused(reason.clone())])
        }
        Command::Assign(assignment) => {
            case.require_text(assignment.technician.as_str(), Reason::NobodyAssigned)?;
            Ok(vec![Fact::Assigned(assignment.clone())])
        }
        Command::EditField { field, to } => {
            case.limit_text(to)?;
            let from = case.order.field(*field).to_owned();
            Ok(vec![Fact::FieldEdited { field: *field, from, to: to.clone() }])
        }
        Command::SettleField { field, value } => {
            case.limit_text(value)?;
            Ok(vec![Fact::FieldSettled { field: *field, value: value.clone() }])
        }
        Command::SettleItem { visit, item, value } => {
            let known = case.order.visits.get(visit).is_some_and(|v| v.answers.contains_key(item));
            if !known {
                return Err(case.refuse(Reason::UnknownItem, item.as_str()));
            }
            Ok(vec![Fact::ItemSettled { visit: *visit, item: item.clone(), value: value.clone() }])
        }
        Command::AddNote { text } => note(case, NoteKind::Note, text),
        Command::RequestAssistance { text } => note(case, NoteKind::Assistance, text),
        _ => Ok(Vec::new()),
    }
}

fn note(case: &Case<'_>, kind: NoteKind, text: &str) -> Result<Vec<Fact>, Refusal> {
    case.require_text(text, Reason::TextMissing)?;
    Ok(vec![Fact::NoteAdded { kind, text: text.to_owned() }])
}

fn register(case: &Case<'_>, intake: &Intake) -> Result<Vec<Fact>, Refusal> {
    for field in &case.policy().intake.required {
        let (given, reason) = match field {
            IntakeField::OwnerName => (!intake.resident.trim().is_empty(), Reason::FieldRequired),
            IntakeField::Unit => (!intake.unit.trim().is_empty(), Reason::FieldRequired),
            IntakeField::Fault => (!intake.fault.trim().is_empty(), Reason::FieldRequired),
            IntakeField::Symptom => (!intake.symptom.trim().is_empty(), Reason::FieldRequired),
            IntakeField::Company => (!intake.company.trim().is_empty(), Reason::RepairFieldRequired),
            IntakeField::Reporter => (!intake.reporter.trim().is_empty(), Reason::RepairFieldRequired),
            IntakeField::Phone => (!intake.phone.trim().is_empty(), Reason::RepairFieldRequired),
            IntakeField::WishedTime => (intake.wished.is_some(), Reason::RepairFieldRequired),
        };
        case.require_about(given, reason, field.label(crate::domain::lang::Lang::ZhHant))?;
    }
    let texts = [&intake.unit, &intake.resident, &intake.phone, &intake.company, &intake.reporter];
    let texts = texts.into_iter().chain([&intake.fault, &intake.symptom, &intake.access, &intake.remark]);
    texts.into_iter().try_for_each(|text| case.limit_text(text))?;
    let mut facts = vec![Fact::Registered(intake.clone())];
    // A technician who meets a resident with a fault takes it on there and then, unless visits need approval first (R17).
    if case.actor.role == Role::Technician && !case.policy().intake.visit_approval {
        facts.push(Fact::RequestAccepted(String::new()));
        let own = Assignment { technician: case.actor.person.clone(), helpers: Vec::new() };
        facts.push(Fact::Assigned(own));
    }
    Ok(facts)
}
