//! Who does what: each line of the register becomes a job of one technician with a story, as many as the day holds.

use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::order::intake::Intake;
use doorstep_core::domain::time::Stamp;

use super::day::Day;
use super::stories::Story;
use crate::admin::import::order_id;
use crate::import::RegistrationRow;

/// Lines of the register that are played; a longer one goes on unplayed.
pub(super) const MOST_LINES: usize = 200;

/// One order of the day.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: OrderId,
    /// Its line in the file.
    pub(super) line: u64,
    /// Its place in the register, counted from nothing.
    pub(super) turn: usize,
    pub(super) intake: Intake,
    pub(super) story: Story,
    /// Its technician's place in the crew.
    pub(super) technician: usize,
    /// When the visit starts; for a later one, on the next date.
    pub(super) start: Option<Stamp>,
    /// What the procedure said no to.
    pub(super) refused: Option<String>,
}

/// Deals the register out to a crew. Wished times move, in the register too, to the days on which they are played.
pub(super) fn plan(org: &OrgId, register: &mut [RegistrationRow], crew: usize, day: &Day<'_>) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for (turn, row) in register.iter().take(MOST_LINES).enumerate() {
        jobs.push(Job {
            id: order_id(org, row),
            line: row.line,
            turn,
            intake: row.intake.clone(),
            story: Story::of(turn),
            technician: turn % crew.max(1),
            start: None,
            refused: None,
        });
    }
    for technician in 0..crew {
        place(&mut jobs, technician, day, |story| story != Story::Waiting && story != Story::Later);
        // What the day does not hold is agreed for the next date, and what that does not hold is only assigned.
        for job in of(&mut jobs, technician).filter(|job| job.start.is_none()) {
            job.story = if job.story == Story::Waiting { Story::Waiting } else { Story::Later };
        }
        place(&mut jobs, technician, &day.of_next(), |story| story == Story::Later);
        for job in of(&mut jobs, technician).filter(|job| job.story == Story::Later && job.start.is_none()) {
            job.story = Story::Assigned;
        }
    }
    for (job, row) in jobs.iter_mut().zip(register) {
        let date = if job.story.is_visited() { day.date } else { day.next };
        row.intake.wished = row.intake.wished.map(|wished| day.moved(wished, date));
        job.intake.wished = row.intake.wished;
        // The order the import makes of this line.
        job.id = order_id(org, row);
    }
    jobs
}

fn of(jobs: &mut [Job], technician: usize) -> impl Iterator<Item = &mut Job> {
    jobs.iter_mut().filter(move |job| job.technician == technician)
}

fn place(jobs: &mut [Job], technician: usize, day: &Day<'_>, takes: impl Fn(Story) -> bool) {
    let mut taken: Vec<&mut Job> = of(jobs, technician).filter(|job| takes(job.story)).collect();
    let wishes: Vec<_> = taken.iter().map(|job| job.intake.wished).collect();
    for (job, start) in taken.iter_mut().zip(day.agenda(&wishes)) {
        job.start = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_core::domain::decide::Rulebook;

    #[test]
    fn a_long_register_is_dealt_out_as_far_as_days_hold_it() {
        let rulebook = Rulebook::builtin();
        let day = Day::last_over(&rulebook, Stamp::parse("2026-11-24T18:00:00+08:00").unwrap());
        let row = |line| RegistrationRow { line, reference: String::new(), intake: Intake::default() };
        let mut register: Vec<RegistrationRow> = (0..300).map(row).collect();
        let org = OrgId::from("firm");
        let jobs = plan(&org, &mut register, 2, &day);
        assert_eq!(jobs.len(), MOST_LINES);
        for technician in 0..2 {
            let of = |takes: fn(&Job) -> bool| {
                jobs.iter().filter(|job| job.technician == technician && takes(job)).count()
            };
            assert_eq!(of(|job| job.story.is_visited()), 6);
            assert_eq!(of(|job| job.story == Story::Later), 6);
            assert!(of(|job| job.story == Story::Assigned) > 70);
            assert_eq!(of(|job| job.story == Story::Assigned && job.start.is_some()), 0);
            assert_eq!(of(|job| job.story.is_visited() && job.start.is_none()), 0);
        }
        assert!(plan(&org, &mut register, 0, &day).iter().all(|job| job.start.is_none()), "nobody to go");
        assert!(plan(&org, &mut [], 2, &day).is_empty());
    }
}
