//! The firm with its server: its files imported, its people able to sign in, and what the supervisor does.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{OrderId, OrgId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::{Actor, Role};
use serde_json::json;

use super::{DemoError, DemoOptions, files};
use crate::import::{Office, PersonRow, PriceRow, RegistrationRow, read_folder, report_text};
use crate::office::OfficeError;
use crate::storage::{OrderFilter, StoredOrder};
use crate::{Running, ServerConfig, admin, office};

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
    pub(super) register: Vec<RegistrationRow>,
    pub(super) rulebook: Rulebook,
    pub(super) folder: PathBuf,
    passwords: Vec<(PersonRow, String)>,
}

impl Firm {
    /// Reads the files, starts the server on 127.0.0.1, imports as an operator would, and lets everybody of the office
    /// sign in. The register is read and kept back: the front desk's device writes it in at its own hour.
    pub(super) async fn open(options: &DemoOptions, data: &Path) -> Result<Self, DemoError> {
        let folder = match &options.from {
            Some(folder) => folder.clone(),
            None => files::lay(data)?,
        };
        let read = read_folder(&folder).map_err(|e| DemoError::Files(e.to_string()))?;
        let mut office = read.complete().map_err(|files| DemoError::Files(report_text(&files, Lang::En)))?;
        let files = told(&office);
        let register = std::mem::take(&mut office.registrations);
        // Nobody looks at the page of a demo that ends by itself: any port will do.
        let port = if options.once { 0 } else { options.port };
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let running = crate::start(ServerConfig::new(data.join("server"), listen)).await?;
        admin::import::import(&running.state, &office, &folder).await?;
        let org = office.org.id.clone();
        let mut passwords = Vec::new();
        for person in office.people.iter().filter(|person| person.role != Role::Technician) {
            let password = password()?;
            admin::add_user(&running.state, &org, &person.code, None, &password).await?;
            passwords.push((person.clone(), password));
        }
        let rulebook = running.state.rulebook(&org).await?;
        Ok(Self {
            rulebook: (*rulebook).clone(),
            name: format!("{} {}", office.org.name.zh_hant, office.org.name.en),
            people: office.people,
            prices: office.prices,
            files,
            register,
            passwords,
            running,
            org,
            folder,
        })
    }

    pub(super) fn person(&self, role: Role) -> Result<&PersonRow, DemoError> {
        let found = self.people.iter().find(|person| person.role == role);
        found.ok_or(DemoError::Nobody(role.code()))
    }

    /// The technicians that go out.
    pub(super) fn crew(&self) -> Vec<PersonRow> {
        self.people.iter().filter(|p| p.role == Role::Technician).take(CREW).cloned().collect()
    }

    /// The text of an enrolment code for somebody's device.
    pub(super) async fn enrol_code(&self, person: &PersonRow) -> Result<String, DemoError> {
        Ok(admin::enrol_code(&self.running.state, &self.org, &person.code).await?.1)
    }

    /// Something the supervisor does on the page. What the procedure says no to stays undone.
    pub(super) async fn supervisor_does(&self, id: OrderId, command: Command) -> Result<(), DemoError> {
        let person = self.person(Role::Supervisor)?.code.clone();
        let actor = Actor { person, role: Role::Supervisor };
        match office::execute(&self.running.state, &self.org, &actor, id, command).await {
            Ok(_) | Err(OfficeError::Refused(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
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
