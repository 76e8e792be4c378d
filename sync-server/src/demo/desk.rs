//! The front desk on the office's page: it answers, assigns, corrects a number, and takes over what is handed in.

use chrono::NaiveTime;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::person::Role;
use doorstep_core::domain::time::Stamp;

use super::DemoError;
use super::day::Day;
use super::device::told_no;
use super::office::Firm;
use super::plan::Job;
use super::stories::Story;

/// When the register is imported, on the day before.
const REGISTER_AT: Option<NaiveTime> = NaiveTime::from_hms_opt(14, 5, 0);

/// When the register is imported.
pub(super) fn register_at(day: &Day<'_>) -> Stamp {
    day.stamp(day.eve, REGISTER_AT.unwrap_or_default())
}

/// The day before: let go where the policy asks for it (R17), answered, and given to the technicians (R13 to R15).
pub(super) async fn answer_and_assign(firm: &Firm, jobs: &mut [Job]) -> Result<(), DemoError> {
    let open = |job: &&mut Job| job.story != Story::Waiting && job.refused.is_none();
    if firm.rulebook.policy.intake.visit_approval {
        for job in jobs.iter_mut().filter(open) {
            firm.clock.pass(60);
            job.refused = told_no(firm.does(Role::Supervisor, job.id, Command::ApproveVisit).await)?;
        }
    }
    let crew = firm.crew();
    for job in jobs.iter_mut().filter(open) {
        let Some(technician) = crew.get(job.technician) else { continue };
        firm.clock.pass(60);
        let accept = Command::Accept { materials: "請備好購買憑證或保修單".to_owned() };
        job.refused = told_no(firm.does(Role::FrontDesk, job.id, accept).await)?;
        if job.refused.is_none() {
            let assignment = Assignment { technician: technician.code.clone(), helpers: Vec::new() };
            let assign = Command::Assign(assignment);
            job.refused = told_no(firm.does(Role::FrontDesk, job.id, assign).await)?;
        }
    }
    Ok(())
}

/// During the day the desk corrects a phone number that a technician, without network, corrects too.
pub(super) async fn meanwhile(firm: &Firm, jobs: &mut [Job], day: &Day<'_>) -> Result<(), DemoError> {
    firm.clock.set(day.opening);
    for job in jobs.iter_mut().filter(|job| job.story == Story::Odd && job.refused.is_none()) {
        if let Some(start) = job.start {
            firm.clock.reach(start.plus_minutes(20));
        }
        let to = other_number(&job.intake.phone, 1);
        let edit = Command::EditField { field: SharedField::Phone, to };
        job.refused = told_no(firm.does(Role::FrontDesk, job.id, edit).await)?;
    }
    Ok(())
}

/// In the evening the desk counts what was handed in and takes it over (R97).
pub(super) async fn take_over(firm: &Firm) -> Result<(), DemoError> {
    let desk = &firm.person(Role::FrontDesk)?.code;
    for stored in firm.stored().await? {
        let offered = stored.order.open_custody().filter(|(_, item)| item.offered_to.as_ref() == Some(desk));
        let items: Vec<_> = offered.map(|(id, _)| *id).collect();
        if !items.is_empty() {
            firm.clock.pass(120);
            firm.does(Role::FrontDesk, stored.id, Command::AcceptHandover { items }).await?;
        }
    }
    Ok(())
}

/// A phone number that differs in its last digit.
pub(super) fn other_number(phone: &str, by: u32) -> String {
    let last = phone.char_indices().rfind(|(_, c)| c.is_ascii_digit());
    let digit = |c: char| c.to_digit(10).and_then(|digit| char::from_digit((digit + by) % 10, 10));
    match last.and_then(|(at, c)| Some((at, digit(c)?))) {
        Some((at, digit)) => format!("{}{digit}{}", &phone[..at], &phone[at + 1..]),
        None => format!("{phone}{by}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_keeps_the_form_of_the_first() {
        assert_eq!(other_number("142 0000 1359", 1), "142 0000 1350");
        assert_eq!(other_number("+852 0555 0105", 2), "+852 0555 0107");
        assert_eq!(other_number("1420001（分機）", 1), "1420002（分機）");
        assert_eq!(other_number("", 2), "2");
    }
}
