//! The resident's copies 客戶聯 of what was sealed on this phone, with the codes to scan.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};
use serde::Deserialize;

use super::error::{PhoneError, Result};
use super::front::Phone;
use super::views;
use crate::domain::ids::{Digest, OrderId};
use crate::domain::lang::Text;
use crate::domain::seal::Held;
use crate::evidence::copy::{Act, Copy, Issuer, Link, acts, link, make};
use crate::sheet::block::Code;

/// A copy that can be handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeCopy {
    /// The kind of its document: `sheet`, `quote`, `mismatch`, `liability`, `take_away` or `unsolved`.
    pub kind: &'static str,
    /// The copy.
    pub copy: Copy,
    /// The code the resident scans, leading to the server's page that checks it.
    pub link: Link,
}

#[derive(Deserialize)]
struct Named {
    name: Text,
}

impl Phone {
    /// The copies of everything sealed on this phone for an order, the latest sign-off first. What another device
    /// sealed is not among them: the server makes those.
    ///
    /// # Errors
    /// [`PhoneError::NotFound`]; [`PhoneError::NotEnrolled`]; when the storage fails.
    pub fn copies(&self, order_id: OrderId) -> Result<Vec<MadeCopy>> {
        self.copies_of(order_id, usize::MAX, |_| true)
    }

    /// The code of the copy of the sign-off in force, when it was sealed here.
    pub(super) fn sign_off_code(&self, order_id: OrderId) -> Result<Option<Code>> {
        let made = match self.copies_of(order_id, 1, |act| act.kind == "sheet") {
            Err(PhoneError::NotEnrolled) => Vec::new(),
            other => other?,
        };
        Ok(made.into_iter().next().map(|made| made.link.code))
    }

    /// The first `most` copies of the acts that are wanted.
    fn copies_of(
        &self,
        order_id: OrderId,
        most: usize,
        wanted: impl Fn(&Act<'_>) -> bool,
    ) -> Result<Vec<MadeCopy>> {
        self.run(|store| {
            let identity = store.identity();
            let enrolled = identity.enrolled()?;
            let key = identity.key(self.device_seed())?.verifying_key();
            store.read(|conn| {
                let found = views::shown(conn, order_id)?;
                let (_, order, _) = found.ok_or_else(|| PhoneError::NotFound(format!("order {order_id}")))?;
                let org_name = org_name(conn)?.unwrap_or_else(|| {
                    let code = enrolled.org.as_str();
                    Text::new(code, code, code)
                });
                let issuer = Issuer { org: enrolled.org.clone(), org_name, key };
                let page = format!("{}/verify", enrolled.server.trim_end_matches('/'));
                let mut made = Vec::new();
                for act in acts(&order).into_iter().filter(|act| wanted(act)) {
                    if made.len() == most {
                        break;
                    }
                    let kept = sealed_bytes(conn, &act.seals)?;
                    let find = |digest: &Digest| kept.get(digest).cloned();
                    // What is not here was sealed elsewhere.
                    let Ok(copy) = make(&issuer, &act.seals, find, find) else { continue };
                    let link = link(&copy, &page).map_err(|e| PhoneError::Bug(e.to_string()))?;
                    made.push(MadeCopy { kind: act.kind, copy, link });
                }
                Ok(made)
            })
        })
    }
}

/// Documents and strokes under seals, as far as they are kept here.
fn sealed_bytes(conn: &Connection, seals: &[Held<'_>]) -> Result<BTreeMap<Digest, Vec<u8>>> {
    let mut kept = BTreeMap::new();
    let mut keep = |sql: &str, digest: Digest| -> Result<()> {
        let found = conn.prepare_cached(sql)?.query_row([digest.0], |row| row.get(0)).optional()?;
        kept.extend(found.map(|bytes| (digest, bytes)));
        Ok(())
    };
    for seal in seals {
        if let Some((digest, _)) = seal.document() {
            keep("SELECT bytes FROM sealed_document WHERE digest = ?1", digest)?;
        }
        if let Held::Signature(signed) = seal {
            keep("SELECT bytes FROM ink WHERE digest = ?1", signed.ink.digest)?;
        }
    }
    Ok(kept)
}

fn org_name(conn: &Connection) -> Result<Option<Text>> {
    let mut find =
        conn.prepare_cached("SELECT body FROM document WHERE kind = 'org' ORDER BY key LIMIT 1")?;
    let body: Option<Vec<u8>> = find.query_row([], |row| row.get(0)).optional()?;
    Ok(body.and_then(|body| serde_json::from_slice::<Named>(&body).ok()).map(|named| named.name))
}
