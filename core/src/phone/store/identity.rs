//! Who this phone is: its key, its server and the person it was enrolled for.

use ed25519_dalek::SigningKey;
use rusqlite::Connection;

use super::meta::{self, key};
use crate::domain::ids::{OrgId, PersonId};
use crate::domain::person::{Actor, Role};
use crate::phone::error::{PhoneError, Result};

/// What the file knows of the phone itself.
#[derive(Clone, Default)]
pub(crate) struct Identity {
    /// The device key's seed, when it is kept in the file.
    pub(crate) seed: Option<[u8; 32]>,
    /// The enrolment, once there was one.
    pub(crate) enrolled: Option<Enrolled>,
}

/// An enrolment.
#[derive(Clone)]
pub(crate) struct Enrolled {
    pub(crate) server: String,
    pub(crate) token: String,
    pub(crate) org: OrgId,
    pub(crate) actor: Actor,
}

impl Identity {
    pub(crate) fn load(conn: &Connection) -> Result<Self> {
        let text = |key| meta::get::<String>(conn, key);
        let role = text(key::ROLE)?.as_deref().and_then(Role::from_code);
        let enrolled =
            match (text(key::SERVER)?, text(key::TOKEN)?, text(key::ORG)?, text(key::PERSON)?, role) {
                (Some(server), Some(token), Some(org), Some(person), Some(role)) => Some(Enrolled {
                    server,
                    token,
                    org: OrgId(org),
                    actor: Actor { person: PersonId(person), role },
                }),
                _ => None,
            };
        Ok(Self { seed: meta::get(conn, key::SEED)?, enrolled })
    }

    pub(crate) fn save(&self, conn: &Connection) -> Result<()> {
        if let Some(seed) = &self.seed {
            meta::set(conn, key::SEED, seed)?;
        }
        if let Some(enrolled) = &self.enrolled {
            meta::set(conn, key::SERVER, &enrolled.server)?;
            meta::set(conn, key::TOKEN, &enrolled.token)?;
            meta::set(conn, key::ORG, enrolled.org.as_str())?;
            meta::set(conn, key::PERSON, enrolled.actor.person.as_str())?;
            meta::set(conn, key::ROLE, enrolled.actor.role.code())?;
        }
        Ok(())
    }

    pub(crate) fn enrolled(&self) -> Result<&Enrolled> {
        self.enrolled.as_ref().ok_or(PhoneError::NotEnrolled)
    }

    /// The key that seals. `outside`: the seed the platform's key store gave.
    pub(crate) fn key(&self, outside: Option<&[u8; 32]>) -> Result<SigningKey> {
        outside
            .or(self.seed.as_ref())
            .map(SigningKey::from_bytes)
            .ok_or_else(|| PhoneError::BadInput("the key store gave no device key".to_owned()))
    }
}
