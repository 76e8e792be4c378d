//! The day itself, on real devices that block: the desk registers, the technicians work without network, all sync.

use std::path::PathBuf;
use std::sync::Arc;

use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::Clock as _;
use tokio::runtime::Handle;

use super::DemoError;
use super::day::Day;
use super::desk;
use super::device::{Device, told_no};
use super::hand::Hand;
use super::office::Firm;
use super::plan::{Job, plan};
use super::report::Report;
use super::stories::{self, Story};
use crate::import::PersonRow;

/// Everything the day needs, with the codes its devices enrol with.
pub(super) struct Play {
    pub(super) firm: Arc<Firm>,
    pub(super) desk: (PersonRow, String),
    pub(super) crew: Vec<(PersonRow, String)>,
    /// Where the devices' files lie.
    pub(super) phones: PathBuf,
}

impl Play {
    /// Plays the day that was over last.
    pub(super) fn day(self) -> Result<Report, DemoError> {
        let rulebook = Arc::new(self.firm.rulebook.clone());
        let day = Day::last_over(&rulebook, crate::state::now(&rulebook));
        let mut jobs = plan(&self.firm.register, self.crew.len(), &day);
        let desk = self.device(&self.desk, &rulebook)?;
        desk.sync()?;
        self.morning(&desk, &mut jobs, &day)?;
        let mut report = Report { date: day.date.format("%A %-d %B %Y").to_string(), ..Report::default() };
        let mut hands = Vec::new();
        for owner in &self.crew {
            let device = self.device(owner, &rulebook)?;
            report.first.push(device.sync()?);
            let prices = Arc::new(self.firm.prices.clone());
            hands.push(Hand::new(device, rulebook.clone(), prices, self.firm.folder.clone()));
        }
        // From here on the technicians' phones make no request.
        for (place, hand) in hands.iter_mut().enumerate() {
            self.work(hand, place, &mut jobs, &day)?;
            report.photos += hand.photos;
            report.entries += hand.device.phone.status()?.waiting;
        }
        let evening = hands.iter().map(|hand| hand.device.clock.now()).max().unwrap_or(day.closing);
        desk::meanwhile(&desk, &mut jobs, &day)?;
        desk.sync()?;
        for hand in &hands {
            report.sync.push(hand.device.sync()?);
        }
        desk.sync()?;
        desk::take_over(&desk, &jobs, evening)?;
        desk.sync()?;
        for device in hands.iter().map(|hand| &hand.device).chain([&desk]) {
            report.still_waiting += device.phone.status()?.waiting;
            report.differing_views += device.phone.verify_views()?.len();
            device.phone.close();
        }
        report.jobs = jobs;
        Ok(report)
    }

    fn device(&self, (owner, code): &(PersonRow, String), rulebook: &Rulebook) -> Result<Device, DemoError> {
        Device::enrol(&self.phones, owner, code, rulebook.policy.offset_min)
    }

    /// The evening before: registered, let go where the policy asks for it (R17), answered and assigned.
    fn morning(&self, desk: &Device, jobs: &mut [Job], day: &Day<'_>) -> Result<(), DemoError> {
        desk::register_on_the_eve(desk, jobs, day)?;
        if self.firm.rulebook.policy.intake.visit_approval {
            let evening = desk.clock.now();
            desk.sync()?;
            let registered = jobs.iter().filter(|job| job.story != Story::Waiting && job.refused.is_none());
            for job in registered {
                Handle::current().block_on(self.firm.supervisor_does(job.id, Command::ApproveVisit))?;
            }
            desk.sync()?;
            desk.clock.set(evening);
        }
        let crew: Vec<PersonRow> = self.crew.iter().map(|(owner, _)| owner.clone()).collect();
        desk::answer_and_assign(desk, jobs, &crew)?;
        desk.sync()?;
        Ok(())
    }

    /// One technician's day: the calls, the visits in their order, and what is handed in at its end.
    fn work(&self, hand: &mut Hand, place: usize, jobs: &mut [Job], day: &Day<'_>) -> Result<(), DemoError> {
        hand.device.clock.set(day.opening.plus_minutes(-25));
        let next: Stamp = day.of_next().opening.plus_minutes(90);
        let mut mine: Vec<&mut Job> =
            jobs.iter_mut().filter(|job| job.technician == place && job.refused.is_none()).collect();
        mine.sort_by_key(|job| (job.start.is_none(), job.start, job.turn));
        for job in &mut mine {
            job.refused = told_no(stories::agree_window(hand, job))?;
        }
        for job in &mut mine {
            if job.story.is_visited() && job.refused.is_none() {
                job.refused = told_no(stories::play(hand, job, next))?;
            }
        }
        hand.wait(3);
        for job in mine.iter().filter(|job| job.story.is_visited()) {
            hand.hand_in(job.id, &self.desk.0.code)?;
        }
        Ok(())
    }
}
