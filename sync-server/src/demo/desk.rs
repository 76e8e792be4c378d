//! The front desk's own device: it writes the register into the system, answers, assigns, and takes over what is handed in.

use chrono::NaiveTime;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::time::Stamp;

use super::DemoError;
use super::day::Day;
use super::device::{Device, told_no};
use super::plan::Job;
use super::stories::Story;
use crate::import::PersonRow;

/// When the register is written on the day before, and when the last requests of the day come in.
const REGISTER_AT: Option<NaiveTime> = NaiveTime::from_hms_opt(14, 5, 0);
const LAST_REQUESTS_AT: Option<NaiveTime> = NaiveTime::from_hms_opt(16, 40, 0);

/// The day before: what the technicians will visit is registered.
pub(super) fn register_on_the_eve(desk: &Device, jobs: &mut [Job], day: &Day<'_>) -> Result<(), DemoError> {
    desk.clock.set(day.stamp(day.eve, REGISTER_AT.unwrap_or_default()));
    for job in jobs.iter_mut().filter(|job| job.story != Story::Waiting) {
        desk.clock.pass(180);
        job.refused = told_no(desk.does(job.id, Command::Register(job.intake.clone())))?;
    }
    Ok(())
}

/// And given to the technicians (R13 to R15).
pub(super) fn answer_and_assign(
    desk: &Device,
    jobs: &mut [Job],
    crew: &[PersonRow],
) -> Result<(), DemoError> {
    let open = |job: &&mut Job| job.story != Story::Waiting && job.refused.is_none();
    for job in jobs.iter_mut().filter(open) {
        let Some(technician) = crew.get(job.technician) else { continue };
        let materials = "請備好購買憑證或保修單".to_owned();
        let assignment = Assignment { technician: technician.code.clone(), helpers: Vec::new() };
        desk.clock.pass(60);
        let done = desk
            .does(job.id, Command::Accept { materials })
            .and_then(|()| desk.does(job.id, Command::Assign(assignment)));
        job.refused = told_no(done)?;
    }
    Ok(())
}

/// During the day, with network: the desk corrects a phone number that a technician corrects too, and the last
/// requests come in.
pub(super) fn meanwhile(desk: &Device, jobs: &mut [Job], day: &Day<'_>) -> Result<(), DemoError> {
    desk.clock.set(day.opening);
    for job in jobs.iter_mut().filter(|job| job.story == Story::Odd && job.refused.is_none()) {
        if let Some(start) = job.start {
            desk.clock.reach(start.plus_minutes(20));
        }
        let to = other_number(&job.intake.phone, 1);
        let edit = Command::EditField { field: SharedField::Phone, to };
        job.refused = told_no(desk.does(job.id, edit))?;
    }
    desk.clock.reach(day.stamp(day.date, LAST_REQUESTS_AT.unwrap_or_default()));
    for job in jobs.iter_mut().filter(|job| job.story == Story::Waiting) {
        desk.clock.pass(180);
        job.refused = told_no(desk.does(job.id, Command::Register(job.intake.clone())))?;
    }
    Ok(())
}

/// In the evening the desk counts what was handed in and takes it over (R97).
pub(super) fn take_over(desk: &Device, jobs: &[Job], evening: Stamp) -> Result<(), DemoError> {
    desk.clock.set(evening);
    for job in jobs {
        let Ok(order) = desk.order(job.id) else { continue };
        let offered = order.open_custody().filter(|(_, i)| i.offered_to.as_ref() == Some(&desk.owner.code));
        let items: Vec<_> = offered.map(|(id, _)| *id).collect();
        if !items.is_empty() {
            desk.does(job.id, Command::AcceptHandover { items })?;
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
