//! The office's side of the demo: import, people who may sign in, assignments, and what the desk does meanwhile.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_core::domain::command::Command;
use doorstep_core::domain::decide::Rulebook;
use doorstep_core::domain::ids::{OrderId, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::order::intake::{Assignment, SharedField};
use doorstep_core::domain::person::{Actor, Role};
use serde_json::json;

use super::stories::Story;
use super::{DemoError, DemoOptions, files};
use crate::import::{PersonRow, PriceRow, read_folder, report_text};
use crate::storage::OrderFilter;
use crate::{Running, ServerConfig, admin, office};

/// The firm with its server.
pub(super) struct Firm {
    pub(super) running: Running,
    pub(super) org: OrgId,
    pub(super) name: String,
    pub(super) people: Vec<PersonRow>,
    pub(super) prices: Vec<PriceRow>,
    pub(super) rulebook: Rulebook,
    pub(super) folder: PathBuf,
    /// Orders in the order of the register.
    pub(super) orders: Vec<OrderId>,
    login: (PersonId, String),
}

impl Firm {
    /// Reads the files, starts the server on 127.0.0.1, imports, and adds everybody of the office as a user.
    pub(super) async fn open(options: &DemoOptions, data: &Path) -> Result<Self, DemoError> {
        let folder = match &options.from {
            Some(folder) => folder.clone(),
            None => files::lay(data)?,
        };
        let read = read_folder(&folder).map_err(|e| DemoError::Files(e.to_string()))?;
        let office = read.complete().map_err(|files| DemoError::Files(report_text(&files, Lang::En)))?;
        let listen = SocketAddr::from(([127, 0, 0, 1], options.port));
        let running = crate::start(ServerConfig::new(data.join("server"), listen)).await?;
        let done = admin::import::import(&running.state, &office, &folder).await?;
        let org = office.org.id.clone();
        let password = password()?;
        let mut login = None;
        for person in office.people.iter().filter(|person| person.role != Role::Technician) {
            admin::add_user(&running.state, &org, &person.code, None, &password).await?;
            if person.role == Role::Supervisor {
                login.get_or_insert_with(|| person.code.clone());
            }
        }
        let supervisor = login.ok_or(DemoError::Nobody("supervisor"))?;
        let rulebook = running.state.rulebook(&org).await?;
        Ok(Self {
            rulebook: (*rulebook).clone(),
            name: format!("{} {}", office.org.name.zh_hant, office.org.name.en),
            people: office.people,
            prices: office.prices,
            orders: done.registered.iter().map(|(_, id)| *id).collect(),
            login: (supervisor, password),
            running,
            org,
            folder,
        })
    }

    /// The technicians and their jobs: place in the register and order, dealt in turn.
    pub(super) fn plan(&self) -> Vec<(&PersonRow, Vec<(usize, OrderId)>)> {
        let crew: Vec<&PersonRow> =
            self.people.iter().filter(|p| p.role == Role::Technician).take(2).collect();
        let jobs = |nth: usize| {
            let all = self.orders.iter().copied().enumerate();
            all.filter(|(line, _)| line % crew.len().max(1) == nth).collect()
        };
        crew.iter().enumerate().map(|(nth, person)| (*person, jobs(nth))).collect()
    }

    fn actor(&self, role: Role) -> Result<Actor, DemoError> {
        let person = self.people.iter().find(|person| person.role == role);
        let person = person.ok_or(DemoError::Nobody(role.code()))?;
        Ok(Actor { person: person.code.clone(), role })
    }

    async fn act(&self, who: &Actor, id: OrderId, command: Command) -> Result<(), DemoError> {
        office::execute(&self.running.state, &self.org, who, id, command).await?;
        Ok(())
    }

    /// The desk accepts and assigns; gives how many it leaves for the supervisor to see unanswered.
    pub(super) async fn assign(&self) -> Result<usize, DemoError> {
        let desk = self.actor(Role::FrontDesk)?;
        let supervisor = self.actor(Role::Supervisor)?;
        let mut waiting = 0;
        for (technician, jobs) in self.plan() {
            for (line, id) in jobs {
                if Story::of(line) == Story::Waiting {
                    waiting += 1;
                    continue;
                }
                if self.rulebook.policy.intake.visit_approval {
                    self.act(&supervisor, id, Command::ApproveVisit).await?;
                }
                let materials = "請備好購買憑證或保修單".to_owned();
                self.act(&desk, id, Command::Accept { materials }).await?;
                let assignment = Assignment { technician: technician.code.clone(), helpers: Vec::new() };
                self.act(&desk, id, Command::Assign(assignment)).await?;
            }
        }
        Ok(waiting)
    }

    /// While the phones are offline, the desk corrects a phone number that a technician corrects too.
    pub(super) async fn edit_meanwhile(&self, orders: &[OrderId]) -> Result<(), DemoError> {
        let desk = self.actor(Role::FrontDesk)?;
        for id in orders {
            let to = "142 0000 8888".to_owned();
            self.act(&desk, *id, Command::EditField { field: SharedField::Phone, to }).await?;
        }
        Ok(())
    }

    /// The desk counts what was handed in and takes it over (R97).
    pub(super) async fn accept_handovers(&self) -> Result<(), DemoError> {
        let desk = self.actor(Role::FrontDesk)?;
        for stored in self.stored().await? {
            let offered =
                stored.order.open_custody().filter(|(_, i)| i.offered_to.as_ref() == Some(&desk.person));
            let items: Vec<_> = offered.map(|(id, _)| *id).collect();
            if !items.is_empty() {
                self.act(&desk, stored.id, Command::AcceptHandover { items }).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn stored(&self) -> Result<Vec<crate::storage::StoredOrder>, DemoError> {
        let filter = OrderFilter { limit: 100_000, ..OrderFilter::default() };
        Ok(self.running.state.storage().orders(self.org.clone(), filter).await?)
    }

    /// Address and login, for programs.
    pub(super) fn ready_json(&self) -> String {
        let (user, password) = &self.login;
        let login = json!({"org": self.org, "user": user, "password": password});
        json!({"url": self.running.url(), "login": login}).to_string()
    }

    /// Address and login, for people.
    pub(super) fn invitation(&self) -> String {
        let (user, password) = &self.login;
        format!(
            "The supervisor's page is at {}\n  firm {}   staff code {user}   password {password}\nCtrl-C ends the demo.",
            self.running.url(),
            self.org
        )
    }
}

/// A password nobody has used before.
fn password() -> Result<String, DemoError> {
    let mut bytes = [0; 9];
    getrandom::fill(&mut bytes).map_err(|e| DemoError::Ended(e.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
