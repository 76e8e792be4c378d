//! The day itself: the office answers and assigns, the technicians' phones work without network, and then they sync.

use std::path::PathBuf;
use std::sync::Arc;

use doorstep_core::domain::person::Role;
use doorstep_core::domain::time::Stamp;
use doorstep_core::phone::Clock as _;
use tokio::runtime::Handle;

use super::DemoError;
use super::day::Day;
use super::desk;
use super::device::{Device, told_no};
use super::hand::Hand;
use super::office::Firm;
use super::plan::Job;
use super::report::Report;
use super::stories;

/// Everything the day needs. It blocks: phones do.
pub(super) struct Play {
    pub(super) firm: Arc<Firm>,
    /// Where the phones' files lie.
    pub(super) phones: PathBuf,
    /// The runtime the office's acts run on.
    pub(super) runtime: Handle,
}

impl Play {
    /// Plays the day the register was imported for.
    pub(super) fn day(self, mut jobs: Vec<Job>) -> Result<Report, DemoError> {
        let rulebook = Arc::new(self.firm.rulebook.clone());
        let firm = &*self.firm;
        let day = Day::last_over(&rulebook, firm.opened);
        self.runtime.block_on(desk::answer_and_assign(firm, &mut jobs))?;
        let mut report = Report { date: day.date.format("%A %-d %B %Y").to_string(), ..Report::default() };
        firm.clock.set(day.opening.plus_minutes(-30));
        let mut hands = Vec::new();
        for owner in &firm.crew() {
            let code = self.runtime.block_on(firm.enrol_code(owner))?;
            let device = Device::enrol(&self.phones, owner, &code, firm.clock.now())?;
            report.first.push(device.sync()?);
            let prices = Arc::new(firm.prices.clone());
            hands.push(Hand::new(device, rulebook.clone(), prices, firm.folder.clone()));
        }
        // From here on the technicians' phones make no request.
        for (place, hand) in hands.iter_mut().enumerate() {
            self.work(hand, place, &mut jobs, &day)?;
            report.photos += hand.photos;
            report.entries += hand.device.phone.status()?.waiting;
        }
        self.runtime.block_on(desk::meanwhile(firm, &mut jobs, &day))?;
        let evening = hands.iter().map(|hand| hand.device.clock.now()).max().unwrap_or(day.closing);
        firm.clock.reach(evening);
        for hand in &hands {
            hand.device.clock.reach(firm.clock.now());
            report.sync.push(hand.device.sync()?);
            report.photos_waiting += hand.device.send_photos()?;
        }
        self.runtime.block_on(desk::take_over(firm))?;
        for device in hands.iter().map(|hand| &hand.device) {
            report.still_waiting += device.phone.status()?.waiting;
            report.differing_views += device.phone.verify_views()?.len();
            device.phone.close();
        }
        report.jobs = jobs;
        Ok(report)
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
        let desk = &self.firm.person(Role::FrontDesk)?.code;
        for job in mine.iter().filter(|job| job.story.is_visited()) {
            hand.hand_in(job.id, desk)?;
        }
        Ok(())
    }
}
