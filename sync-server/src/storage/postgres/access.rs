//! Devices, users, sessions and one-time codes.

use deadpool_postgres::Pool;
use doorstep_core::domain::ids::{DeviceId, Digest, OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;
use doorstep_core::journal::ChainHash;
use tokio_postgres::Row;
use uuid::Uuid;

use super::conn::{Conn, Value};
use super::decide::under_lock;
use super::sql::{self, Sql};
use super::values::{get, hash, key, text};
use crate::storage::codes::role;
use crate::storage::{
    Device, DeviceRecord, Enrolment, NewDevice, NewEnrolCode, NewSession, Session, StorageError, User,
};

/// The one device a statement finds.
pub(super) async fn device_by(
    conn: &Conn,
    sql: Sql,
    org: &OrgId,
    by: Value<'_>,
) -> Result<Option<Device>, StorageError> {
    let rows = conn.find(sql, &[&key(org.as_str()).as_ref(), by]).await?;
    rows.first().map(device).transpose()
}

/// A device from its id, person, role, key, whether it was revoked, and when its token was used.
pub(super) fn device(row: &Row) -> Result<Device, StorageError> {
    Ok(Device {
        id: DeviceId(get(row, 0)?),
        person: PersonId(get(row, 1)?),
        role: role(get(row, 2)?)?,
        public_key: hash(row, 3)?,
        revoked: get(row, 4)?,
        used_ms: get(row, 5)?,
    })
}

pub(super) async fn devices(conn: &Conn, org: &OrgId) -> Result<Vec<DeviceRecord>, StorageError> {
    let rows = conn.find(sql::DEVICES, &[&key(org.as_str()).as_ref()]).await?;
    let record = |row: &Row| {
        Ok(DeviceRecord {
            device: device(row)?,
            app: get(row, 6)?,
            enrolled_ms: get(row, 7)?,
            revoked_ms: get(row, 8)?,
            heard_ms: get(row, 9)?,
        })
    };
    rows.iter().map(record).collect()
}

pub(super) async fn put_enrol_code(
    conn: &Conn,
    org: &OrgId,
    code: &NewEnrolCode,
) -> Result<(), StorageError> {
    let values: [Value<'_>; 5] = [
        &key(org.as_str()).into_owned(),
        &code.code.0.as_slice(),
        &key(code.person.as_str()).into_owned(),
        &code.role.code(),
        &code.expires_ms,
    ];
    conn.act(sql::PUT_CODE, &values).await?;
    Ok(())
}

/// A code is used once. The same phone may ask again with it while it is good: its answer may have been lost.
pub(super) async fn enrol(
    pool: &Pool,
    org: &OrgId,
    code: &Digest,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Enrolment, StorageError> {
    under_lock(pool, org, async |conn, _| {
        let org_key = key(org.as_str()).into_owned();
        let code = code.0.as_slice();
        let rows = conn.find(sql::CODE, &[&org_key, &code, &now_ms]).await?;
        let Some(row) = rows.first() else { return Ok(Enrolment::NoSuchCode) };
        let (person, role) = (PersonId(get(row, 0)?), role(get(row, 1)?)?);
        let used_by: Option<Uuid> = get(row, 2)?;
        let known = key_of(conn, &org_key, device.id).await?;
        let again = used_by == Some(device.id.0) && known == Some(device.public_key);
        if used_by.is_some() && !again {
            return Ok(Enrolment::NoSuchCode);
        }
        if known.is_some() && !again {
            return Ok(Enrolment::DeviceTaken);
        }
        if again {
            set_token(conn, &org_key, device).await?;
        } else {
            insert_device(conn, &org_key, device, &person, role, now_ms, (None, now_ms)).await?;
            conn.act(sql::USE_CODE, &[&org_key, &code, &device.id.0]).await?;
        }
        Ok(Enrolment::Done(person, role))
    })
    .await
}

/// The same phone may ask again for the same incarnation: its answer may have been lost.
pub(super) async fn incarnate(
    pool: &Pool,
    org: &OrgId,
    from: DeviceId,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Enrolment, StorageError> {
    under_lock(pool, org, async |conn, _| {
        let org_key = key(org.as_str()).into_owned();
        let rows = conn.find(sql::DEVICE_OWNER, &[&org_key, &from.0]).await?;
        let Some(row) = rows.first() else { return Ok(Enrolment::NoSuchCode) };
        let (person, role) = (PersonId(get(row, 0)?), role(get(row, 1)?)?);
        // A new name makes an old token no younger.
        let (revoked_ms, used_ms): (Option<i64>, i64) = (get(row, 2)?, get(row, 3)?);
        match key_of(conn, &org_key, device.id).await? {
            Some(known) if known == device.public_key && from != device.id => {
                set_token(conn, &org_key, device).await?;
            }
            Some(_) => return Ok(Enrolment::DeviceTaken),
            None => {
                insert_device(conn, &org_key, device, &person, role, now_ms, (revoked_ms, used_ms)).await?
            }
        }
        Ok(Enrolment::Done(person, role))
    })
    .await
}

async fn key_of(conn: &Conn, org: &str, device: DeviceId) -> Result<Option<[u8; 32]>, StorageError> {
    let rows = conn.find(sql::DEVICE_KEY, &[&org, &device.0]).await?;
    rows.first().map(|row| hash(row, 0)).transpose()
}

async fn set_token(conn: &Conn, org: &str, device: &NewDevice) -> Result<(), StorageError> {
    conn.act(sql::SET_TOKEN, &[&org, &device.id.0, &device.token.0.as_slice()]).await?;
    Ok(())
}

async fn insert_device(
    conn: &Conn,
    org: &str,
    device: &NewDevice,
    person: &PersonId,
    role: Role,
    now_ms: i64,
    (revoked_ms, used_ms): (Option<i64>, i64),
) -> Result<(), StorageError> {
    let chain = ChainHash::default().0;
    let values: [Value<'_>; 11] = [
        &org,
        &device.id.0,
        &key(person.as_str()).into_owned(),
        &role.code(),
        &device.public_key.as_slice(),
        &device.token.0.as_slice(),
        &text(&device.app).into_owned(),
        &chain.0.as_slice(),
        &now_ms,
        &revoked_ms,
        &used_ms,
    ];
    conn.act(sql::NEW_DEVICE, &values).await?;
    Ok(())
}

pub(super) async fn user(conn: &Conn, org: &OrgId, person: &PersonId) -> Result<Option<User>, StorageError> {
    let person_key = key(person.as_str());
    let rows = conn.find(sql::USER, &[&key(org.as_str()).as_ref(), &person_key.as_ref()]).await?;
    rows.first().map(|row| read_user(row, person.clone())).transpose()
}

/// A user from their role, name, language and password.
fn read_user(row: &Row, person: PersonId) -> Result<User, StorageError> {
    Ok(User {
        person,
        role: role(get(row, 0)?)?,
        name: get(row, 1)?,
        lang: Lang::from_tag(get(row, 2)?),
        password: get(row, 3)?,
    })
}

pub(super) async fn put_user(conn: &Conn, org: &OrgId, user: &User) -> Result<(), StorageError> {
    let values: [Value<'_>; 6] = [
        &key(org.as_str()).into_owned(),
        &key(user.person.as_str()).into_owned(),
        &user.role.code(),
        &text(&user.name).into_owned(),
        &user.lang.tag(),
        &user.password,
    ];
    conn.act(sql::PUT_USER, &values).await?;
    Ok(())
}

/// Keeps a session; those that are over make room.
pub(super) async fn put_session(
    conn: &Conn,
    org: &OrgId,
    session: &NewSession,
    now_ms: i64,
) -> Result<(), StorageError> {
    let org_key = key(org.as_str()).into_owned();
    conn.act(sql::END_OLD_SESSIONS, &[&org_key, &now_ms]).await?;
    let values: [Value<'_>; 5] = [
        &org_key,
        &session.token.0.as_slice(),
        &key(session.person.as_str()).into_owned(),
        &session.csrf,
        &session.expires_ms,
    ];
    conn.act(sql::PUT_SESSION, &values).await?;
    Ok(())
}

pub(super) async fn session(
    conn: &Conn,
    org: &OrgId,
    token: &Digest,
    now_ms: i64,
) -> Result<Option<Session>, StorageError> {
    let values: [Value<'_>; 3] = [&key(org.as_str()).into_owned(), &token.0.as_slice(), &now_ms];
    let rows = conn.find(sql::SESSION, &values).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Session { user: read_user(row, PersonId(get(row, 4)?))?, csrf: get(row, 5)? }))
}

pub(super) async fn audit(
    pool: &Pool,
    org: &OrgId,
    at_ms: i64,
    who: &PersonId,
    what: &str,
) -> Result<(), StorageError> {
    under_lock(pool, org, async |conn, _| {
        let org_key = key(org.as_str()).into_owned();
        let rows = conn.find(sql::NEXT_ACT, &[&org_key]).await?;
        let row = rows.first().ok_or_else(|| StorageError::NoOrg(org.clone()))?;
        let values: [Value<'_>; 5] = [
            &org_key,
            &get::<i64>(row, 0)?,
            &at_ms,
            &text(who.as_str()).into_owned(),
            &text(what).into_owned(),
        ];
        conn.act(sql::ACT, &values).await?;
        Ok(())
    })
    .await
}
