//! Enrolment: the code on the office's screen is exchanged for a token, under a device id of its own each time.

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::incarnation;
use super::rescue::sidecar;
use super::store::identity::{Enrolled, Identity};
use super::store::meta::{self, key};
use super::sync::answer::{self, Question};
use super::sync::transport::{HttpRequest, Transport};
use super::views::{Maker, check};
use crate::domain::ids::{DeviceId, Digest};
use crate::domain::person::Actor;
use crate::journal::EnrolCode;
use crate::journal::wire::{EnrolRequest, EnrolResponse};

impl Phone {
    /// Enrols this phone with the scanned text, also again after [`PhoneError::SignInAgain`]. Unsent entries are kept
    /// and sent under the new enrolment.
    ///
    /// # Errors
    /// [`PhoneError::BadInput`] when the text is no code, when it is not good any more, or when it is for another
    /// person than the one this phone holds records of; [`PhoneError::Offline`] and [`PhoneError::NotOurServer`].
    pub fn enrol(&self, transport: &dyn Transport, code: &str) -> Result<()> {
        let code: EnrolCode = code.parse().map_err(|e| PhoneError::BadInput(format!("{e}")))?;
        let device = DeviceId::new();
        let mut request = self.enrol_request(&code.server, "/v1/enrol", &code.code, device)?;
        let question = Question::mark(&mut request);
        let response = transport.send(request).map_err(PhoneError::from)?;
        let response: EnrolResponse = answer::json(&question, &response).map_err(|e| match e {
            PhoneError::SignInAgain => PhoneError::BadInput("the code is not good any more".to_owned()),
            other => other,
        })?;
        let rescue = response.rescue;
        let enrolled = Enrolled {
            server: code.server,
            token: response.token,
            org: response.org,
            actor: Actor { person: response.person, role: response.role },
        };
        self.run(|store| {
            let known = store.identity();
            if let Some(before) = &known.enrolled
                && (before.org != enrolled.org || before.actor.person != enrolled.actor.person)
            {
                let who = format!("{} of {}", before.actor.person, before.org);
                return Err(PhoneError::BadInput(format!("this phone holds the records of {who}")));
            }
            let identity = Identity { seed: known.seed, enrolled: Some(enrolled) };
            store.write(|tx, head| {
                incarnation::begin(tx, head, device, true)?;
                identity.save(tx)?;
                meta::clear(tx, key::SIGN_IN)?;
                if let Some(rescue) = &rescue {
                    sidecar::put(tx, rescue)?;
                }
                // Whose the orders are decides what the agenda shows.
                check::rebuild(tx, head, &Maker::new(&identity))
            })?;
            store.set_identity(identity);
            store.read(|conn| {
                sidecar::refresh(&self.config().path, conn);
                Ok(())
            })
        })?;
        self.changed_all();
        Ok(())
    }

    /// The request that makes a device id known: with a code, or with the token of the incarnation before.
    pub(crate) fn enrol_request(
        &self,
        server: &str,
        path: &str,
        code: &str,
        device: DeviceId,
    ) -> Result<HttpRequest> {
        let key = self.run(|store| store.identity().key(self.device_seed()))?;
        let body = EnrolRequest {
            code: code.to_owned(),
            device,
            public_key: Digest(key.verifying_key().to_bytes()).to_string(),
            app: self.app_version().to_owned(),
        };
        let body = serde_json::to_vec(&body).map_err(|e| PhoneError::Bug(e.to_string()))?;
        let json = || "application/json".to_owned();
        Ok(HttpRequest {
            server: server.to_owned(),
            method: "POST",
            path: path.to_owned(),
            headers: vec![("content-type".to_owned(), json()), ("accept".to_owned(), json())],
            body,
        })
    }
}
