//! Devices, users, sessions and one-time codes.

use doorstep_core::domain::ids::{DeviceId, Digest, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::ChainHash;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::codes;
use crate::storage::{
    Device, DeviceRecord, Enrolment, NewDevice, NewEnrolCode, NewSession, Session, StorageError, User,
};

/// The columns [`device`] reads, of `device d`. A person who left is one whose document was withdrawn: a firm without
/// documents of its people has them all.
pub(super) const DEVICE: &str = "d.device_id, d.person, d.role, d.public_key,
    d.revoked_ms IS NOT NULL OR EXISTS (
      SELECT 1 FROM document p WHERE p.org = d.org AND p.kind = 'person' AND p.key = d.person AND length(p.body) = 0),
    d.used_ms";

pub(super) fn device_by_token(
    conn: &Connection,
    org: &OrgId,
    token: &Digest,
) -> Result<Option<Device>, StorageError> {
    let mut find = conn
        .prepare_cached(&format!("SELECT {DEVICE} FROM device d WHERE d.org = ?1 AND d.token_hash = ?2"))?;
    let mut rows = find.query(params![org.as_str(), token.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    device(row).map(Some)
}

pub(super) fn device_by_id(
    conn: &Connection,
    org: &OrgId,
    id: DeviceId,
) -> Result<Option<Device>, StorageError> {
    let mut find =
        conn.prepare_cached(&format!("SELECT {DEVICE} FROM device d WHERE d.org = ?1 AND d.device_id = ?2"))?;
    let mut rows = find.query(params![org.as_str(), id.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    device(row).map(Some)
}

pub(super) fn devices(conn: &Connection, org: &OrgId) -> Result<Vec<DeviceRecord>, StorageError> {
    let mut find = conn.prepare_cached(&format!(
        "SELECT {DEVICE}, d.app, d.enrolled_ms, d.revoked_ms, d.heard_ms
         FROM device d WHERE d.org = ?1 ORDER BY d.enrolled_ms, d.device_id"
    ))?;
    let mut rows = find.query([org.as_str()])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        devices.push(DeviceRecord {
            device: device(row)?,
            app: row.get(6)?,
            enrolled_ms: row.get(7)?,
            revoked_ms: row.get(8)?,
            heard_ms: row.get(9)?,
        });
    }
    Ok(devices)
}

pub(super) fn has_device_key(conn: &Connection, org: &OrgId, key: &[u8; 32]) -> Result<bool, StorageError> {
    let mut find = conn.prepare_cached("SELECT 1 FROM device WHERE org = ?1 AND public_key = ?2")?;
    Ok(find.exists(params![org.as_str(), key])?)
}

/// A device from the columns of [`DEVICE`].
pub(super) fn device(row: &Row<'_>) -> Result<Device, StorageError> {
    let (id, role): (Vec<u8>, String) = (row.get(0)?, row.get(2)?);
    let id = DeviceId::from_slice(&id).ok_or_else(|| codes::unreadable("device id", "not sixteen bytes"))?;
    Ok(Device {
        id,
        person: PersonId(row.get(1)?),
        role: codes::role(&role)?,
        public_key: row.get(3)?,
        revoked: row.get(4)?,
        used_ms: row.get(5)?,
    })
}

pub(super) fn put_enrol_code(
    conn: &Connection,
    org: &OrgId,
    code: &NewEnrolCode,
) -> Result<(), StorageError> {
    conn.execute(
        "INSERT INTO enrol_code (org, code_hash, person, role, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![org.as_str(), code.code.0, code.person.as_str(), code.role.code(), code.expires_ms],
    )?;
    Ok(())
}

/// A code is used once. The same phone may ask again with it while it is good: its answer may have been lost.
pub(super) fn enrol(
    conn: &Connection,
    org: &OrgId,
    code: &Digest,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Enrolment, StorageError> {
    let found = conn
        .query_row(
            "SELECT person, role, used_by FROM enrol_code
             WHERE org = ?1 AND code_hash = ?2 AND expires_ms > ?3",
            params![org.as_str(), code.0, now_ms],
            |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, Option<Vec<u8>>>(2)?)),
        )
        .optional()?;
    let Some((person, role, used_by)) = found else { return Ok(Enrolment::NoSuchCode) };
    let key = key_of(conn, org, device.id)?;
    let again = used_by.as_deref() == Some(device.id.as_bytes()) && key == Some(device.public_key);
    if used_by.is_some() && !again {
        return Ok(Enrolment::NoSuchCode);
    }
    if key.is_some() && !again {
        return Ok(Enrolment::DeviceTaken);
    }
    let (person, role) = (PersonId(person), codes::role(&role)?);
    if again {
        set_token(conn, org, device)?;
    } else {
        insert_device(conn, org, device, &person, role, now_ms, None)?;
        conn.execute(
            "UPDATE enrol_code SET used_by = ?3 WHERE org = ?1 AND code_hash = ?2",
            params![org.as_str(), code.0, device.id.as_bytes()],
        )?;
    }
    Ok(Enrolment::Done(person, role))
}

/// The same phone may ask again for the same incarnation: its answer may have been lost.
pub(super) fn incarnate(
    conn: &Connection,
    org: &OrgId,
    from: DeviceId,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Enrolment, StorageError> {
    let found = conn
        .query_row(
            "SELECT person, role, revoked_ms, used_ms FROM device WHERE org = ?1 AND device_id = ?2",
            params![org.as_str(), from.as_bytes()],
            |row| {
                let person = PersonId(row.get(0)?);
                Ok((person, row.get::<_, String>(1)?, row.get::<_, Option<i64>>(2)?, row.get(3)?))
            },
        )
        .optional()?;
    let Some((person, role, revoked_ms, used_ms)) = found else { return Ok(Enrolment::NoSuchCode) };
    let role = codes::role(&role)?;
    match key_of(conn, org, device.id)? {
        Some(key) if key == device.public_key && from != device.id => set_token(conn, org, device)?,
        Some(_) => return Ok(Enrolment::DeviceTaken),
        // A new name makes an old token no younger.
        None => {
            insert_device(conn, org, device, &person, role, now_ms, revoked_ms)?;
            use_token(conn, org, device.id, used_ms)?;
        }
    }
    Ok(Enrolment::Done(person, role))
}

fn key_of(conn: &Connection, org: &OrgId, device: DeviceId) -> Result<Option<[u8; 32]>, StorageError> {
    let mut find = conn.prepare_cached("SELECT public_key FROM device WHERE org = ?1 AND device_id = ?2")?;
    Ok(find.query_row(params![org.as_str(), device.as_bytes()], |row| row.get(0)).optional()?)
}

fn set_token(conn: &Connection, org: &OrgId, device: &NewDevice) -> Result<(), StorageError> {
    conn.execute(
        "UPDATE device SET token_hash = ?3 WHERE org = ?1 AND device_id = ?2",
        params![org.as_str(), device.id.as_bytes(), device.token.0],
    )?;
    Ok(())
}

fn insert_device(
    conn: &Connection,
    org: &OrgId,
    device: &NewDevice,
    person: &PersonId,
    role: Role,
    now_ms: i64,
    revoked_ms: Option<i64>,
) -> Result<(), StorageError> {
    conn.execute(
        "INSERT INTO device
           (org, device_id, person, role, public_key, token_hash, app, chain, enrolled_ms, revoked_ms, used_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?9)",
        params![
            org.as_str(),
            device.id.as_bytes(),
            person.as_str(),
            role.code(),
            device.public_key,
            device.token.0,
            device.app,
            ChainHash::default().0.0,
            now_ms,
            revoked_ms
        ],
    )?;
    Ok(())
}

pub(super) fn use_token(
    conn: &Connection,
    org: &OrgId,
    device: DeviceId,
    now_ms: i64,
) -> Result<(), StorageError> {
    let mut note = conn.prepare_cached("UPDATE device SET used_ms = ?3 WHERE org = ?1 AND device_id = ?2")?;
    note.execute(params![org.as_str(), device.as_bytes(), now_ms])?;
    Ok(())
}

pub(super) fn revoke_device(
    conn: &Connection,
    org: &OrgId,
    device: DeviceId,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let changed = conn.execute(
        "UPDATE device SET revoked_ms = ?3 WHERE org = ?1 AND device_id = ?2 AND revoked_ms IS NULL",
        params![org.as_str(), device.as_bytes(), now_ms],
    )?;
    Ok(changed > 0)
}

pub(super) fn user(conn: &Connection, org: &OrgId, person: &PersonId) -> Result<Option<User>, StorageError> {
    let mut find = conn
        .prepare_cached("SELECT role, name, lang, password FROM app_user WHERE org = ?1 AND person = ?2")?;
    let mut rows = find.query(params![org.as_str(), person.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (role, lang): (String, String) = (row.get(0)?, row.get(2)?);
    Ok(Some(User {
        person: person.clone(),
        role: codes::role(&role)?,
        name: row.get(1)?,
        lang: Lang::from_tag(&lang),
        password: row.get(3)?,
    }))
}

pub(super) fn put_user(conn: &Connection, org: &OrgId, user: &User) -> Result<(), StorageError> {
    conn.execute(
        "INSERT INTO app_user (org, person, role, name, lang, password) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org, person) DO UPDATE SET
           role = excluded.role, name = excluded.name, lang = excluded.lang, password = excluded.password",
        params![
            org.as_str(),
            user.person.as_str(),
            user.role.code(),
            user.name,
            user.lang.tag(),
            user.password
        ],
    )?;
    Ok(())
}

/// Keeps a session; those that are over make room.
pub(super) fn put_session(
    conn: &Connection,
    org: &OrgId,
    session: &NewSession,
    now_ms: i64,
) -> Result<(), StorageError> {
    let over = "DELETE FROM session WHERE org = ?1 AND expires_ms <= ?2";
    conn.execute(over, params![org.as_str(), now_ms])?;
    conn.execute(
        "INSERT INTO session (org, token_hash, person, csrf, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![org.as_str(), session.token.0, session.person.as_str(), session.csrf, session.expires_ms],
    )?;
    Ok(())
}

pub(super) fn session(
    conn: &Connection,
    org: &OrgId,
    token: &Digest,
    now_ms: i64,
) -> Result<Option<Session>, StorageError> {
    let mut find = conn.prepare_cached(
        "SELECT person, csrf FROM session WHERE org = ?1 AND token_hash = ?2 AND expires_ms > ?3",
    )?;
    let found = find
        .query_row(params![org.as_str(), token.0, now_ms], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((person, csrf)) = found else { return Ok(None) };
    Ok(user(conn, org, &PersonId(person))?.map(|user| Session { user, csrf }))
}

pub(super) fn end_session(conn: &Connection, org: &OrgId, token: &Digest) -> Result<(), StorageError> {
    conn.execute("DELETE FROM session WHERE org = ?1 AND token_hash = ?2", params![org.as_str(), token.0])?;
    Ok(())
}

pub(super) fn audit(
    conn: &Connection,
    org: &OrgId,
    at_ms: i64,
    who: &PersonId,
    what: &str,
) -> Result<(), StorageError> {
    conn.execute(
        "INSERT INTO audit (org, at_ms, who, what) VALUES (?1, ?2, ?3, ?4)",
        params![org.as_str(), at_ms, who.as_str(), what],
    )?;
    Ok(())
}
