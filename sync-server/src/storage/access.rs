//! Who may come in: devices, users, sessions and one-time codes. Secrets are only kept as hashes.

use doorstep_core::domain::ids::{DeviceId, Digest, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;

/// An enrolled phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// This incarnation.
    pub id: DeviceId,
    /// Whose phone it is.
    pub person: PersonId,
    /// The role it was enrolled in.
    pub role: Role,
    /// The public half of its key.
    pub public_key: [u8; 32],
    /// Whether it was revoked, or its person's document was withdrawn: it may still hand in what it holds.
    pub revoked: bool,
    /// When its token was last used for more than handing in, UTC milliseconds; at first its enrolment.
    pub used_ms: i64,
}

/// What is known of a phone, also of one that was revoked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRecord {
    /// The phone.
    pub device: Device,
    /// Its app version when it was enrolled.
    pub app: String,
    /// When it was enrolled, UTC milliseconds.
    pub enrolled_ms: i64,
    /// When it was revoked, UTC milliseconds.
    pub revoked_ms: Option<i64>,
    /// When something it recorded last came, UTC milliseconds; 0 for never.
    pub heard_ms: i64,
}

/// A phone that asks to be enrolled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDevice {
    /// The id it chose.
    pub id: DeviceId,
    /// The public half of its key.
    pub public_key: [u8; 32],
    /// The hash of the token it will be given.
    pub token: Digest,
    /// Its app version.
    pub app: String,
}

/// A one-time code that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewEnrolCode {
    /// Its hash.
    pub code: Digest,
    /// For whose phone.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// When it stops being good, UTC milliseconds.
    pub expires_ms: i64,
}

/// What became of an enrolment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Enrolment {
    /// Enrolled for this person in this role.
    Done(PersonId, Role),
    /// There is no such code, it is used, or its time is over.
    NoSuchCode,
    /// The device id is taken by another phone.
    DeviceTaken,
}

/// Somebody who may sign in at the office.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The staff code, also the name to sign in with.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// The name.
    pub name: String,
    /// The language of the pages.
    pub lang: Lang,
    /// The argon2id hash of the password, in PHC form; empty when the person cannot sign in.
    pub password: String,
}

/// A session to be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSession {
    /// The hash of its token.
    pub token: Digest,
    /// Whose it is.
    pub person: PersonId,
    /// What every form of it carries.
    pub csrf: String,
    /// When it ends, UTC milliseconds.
    pub expires_ms: i64,
}

/// A session that is good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Who is signed in, as they are now.
    pub user: User,
    /// What every form of it carries.
    pub csrf: String,
}
