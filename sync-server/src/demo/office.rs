//! The firm with its server: its files imported, its people able to sign in, and what the office does.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::{Actor, Role};
use doorstep_core::domain::time::Stamp;
use serde_json::json;

use super::clock::WalkingClock;
use super::day::Day;
use super::desk;
use super::plan::{Job, plan};
use super::{DemoError, DemoOptions, files};
use crate::import::{Office, PersonRow, PriceRow, read_folder, report_text};
use crate::storage::{OrderFilter, StoredOrder};
use crate::{Running, ServerConfig, WallClock, admin, office};

/// The most technicians that go out.
const CREW: usize = 2;

/// The firm with its server.
pub(super) struct Firm {
    pub(super) running: Running,
    pub(super) org: OrgId,
    /// In Chinese and in English.
    pub(super) name: String,
    /// What its files held, in words.
    pub(super) files: String,
    pub(super) people: Vec<PersonRow>,
    pub(super) prices: Vec<PriceRow>,
    pub(super) rulebook: Rulebook,
    pub(super) folder: PathBuf,
    /// What the server reads while the day is played.
    pub(super) clock: Arc<WalkingClock>,
    /// The time outside when the demo began, in the firm's zone.
    pub(super) opened: Stamp,
    passwords: Vec<(PersonRow, String)>,
}

impl Firm {
    /// Reads the files, starts the server on 127.0.0.1, imports them as an operator would, on the eve of the day that is
    /// played, and lets everybody of the office sign in. Gives what is to be played; nothing for a folder where there
    /// was a day before.
    pub(super) async fn open(
        options: &DemoOptions,
        data: &Path,
    ) -> Result<(Self, Option<Vec<Job>>), DemoError> {
        let folder = match &options.from {
            Some(folder) => folder.clone(),
            None => files::lay(data)?,
        };
        let read = read_folder(&folder).map_err(|e| DemoError::Files(e.to_string()))?;
        let mut office = read.complete().map_err(|files| DemoError::Files(report_text(&files, Lang::En)))?;
        let files = told(&office);
        let rulebook = admin::rulebook(&office, &folder)?;
        let opened = Stamp::new(WallClock::default().now_ms(), rulebook.policy.offset_min);
        let clock = WalkingClock::at(opened);
        // Nobody looks at the page of a demo that ends by itself: any port will do.
        let port = if options.once { 0 } else { options.port };
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let running = crate::start(ServerConfig {
            clock: clock.of_server(),
            ..ServerConfig::new(data.join("server"), listen)
        });
        let running = running.await?;
        let org = office.org.id.clone();
        let one = OrderFilter { limit: 1, ..OrderFilter::default() };
        let is_played = !running.state.storage().orders(org.clone(), one).await?.is_empty();
        let mut jobs = Vec::new();
        if is_played {
            // Its register was imported with the wished times of another day.
            office.registrations.clear();
        } else {
            let day = Day::last_over(&rulebook, opened);
            jobs = plan(&org, &mut office.registrations, crew(&office.people).count(), &day);
            clock.set(desk::register_at(&day));
        }
        let imported = admin::import::import(&running.state, &office, &folder).await?;
        for job in &mut jobs {
            let no = imported.refused.iter().find(|(line, _)| *line == job.line);
            job.refused = no.map(|(_, no)| format!("register: {no}"));
        }
        let mut passwords = Vec::new();
        for person in office.people.iter().filter(|person| person.role != Role::Technician) {
            let password = password()?;
            admin::add_user(&running.state, &org, &person.code, None, &password).await?;
            passwords.push((person.clone(), password));
        }
        let firm = Self {
            rulebook,
            name: format!("{} {}", office.org.name.zh_hant, office.org.name.en),
            people: office.people,
            prices: office.prices,
            files,
            passwords,
            running,
            org,
            folder,
            clock,
            opened,
        };
        Ok((firm, (!is_played).then_some(jobs)))
    }

    pub(super) fn person(&self, role: Role) -> Result<&PersonRow, DemoError> {
        let found = self.people.iter().find(|person| person.role == role);
        found.ok_or(DemoError::Nobody(role.code()))
    }

    /// The technicians that go out.
    pub(super) fn crew(&self) -> Vec<PersonRow> {
        crew(&self.people).cloned().collect()
    }

    /// The text of an enrolment code for somebody's device.
    pub(super) async fn enrol_code(&self, person: &PersonRow) -> Result<String, DemoError> {
        Ok(admin::enrol_code(&self.running.state, &self.org, &person.code).await?.1)
    }

    /// Something the office does on the page.
    pub(super) async fn does(&self, role: Role, id: OrderId, command: Command) -> Result<(), DemoError> {
        let actor = Actor { person: self.person(role)?.code.clone(), role };
        let step = command.kind().code();
        let done = office::execute(&self.running.state, &self.org, &actor, id, command).await;
        done.map(|_| ()).map_err(|why| DemoError::Act { step, why })
    }

    pub(super) async fn stored(&self) -> Result<Vec<StoredOrder>, DemoError> {
        let filter = OrderFilter { limit: 100_000, ..OrderFilter::default() };
        Ok(self.running.state.storage().orders(self.org.clone(), filter).await?)
    }

    fn supervisor(&self) -> Option<&(PersonRow, String)> {
        self.passwords.iter().find(|(person, _)| person.role == Role::Supervisor)
    }

    /// Address and login, for programs.
    pub(super) fn ready_json(&self) -> String {
        let (user, password) = self.supervisor().map(|(person, password)| (&person.code, password)).unzip();
        let login = json!({"org": self.org, "user": user, "password": password});
        json!({"url": self.running.url(), "login": login}).to_string()
    }

    /// Address and logins, for people: the supervisor first.
    pub(super) fn invitation(&self) -> String {
        let mut logins: Vec<&(PersonRow, String)> = self.passwords.iter().collect();
        logins.sort_by_key(|(person, _)| person.role != Role::Supervisor);
        let mut text = format!("The office's page: {}    firm: {}\n", self.running.url(), self.org);
        for (person, password) in logins {
            let role = person.role.code().replace('_', " ");
            text.push_str(&format!(
                "  {} {role}: staff code {}, password {password}\n",
                person.name, person.code
            ));
        }
        text.push_str("Ctrl-C ends the demo.");
        text
    }
}

/// Who of a firm goes out.
fn crew(people: &[PersonRow]) -> impl Iterator<Item = &PersonRow> {
    people.iter().filter(|person| person.role == Role::Technician).take(CREW)
}

fn told(office: &Office) -> String {
    format!(
        "{} units, {} prices, {} people, {} registrations",
        office.units.len(),
        office.prices.len(),
        office.people.len(),
        office.registrations.len()
    )
}

/// A password nobody has used before.
fn password() -> Result<String, DemoError> {
    let mut bytes = [0; 9];
    getrandom::fill(&mut bytes).map_err(|e| DemoError::Ended(e.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
