//! Taking in a bundle: read whole, then checked, then judged like a push. Twice gives the same as once.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use doorstep_core::domain::ids::{DeviceId, Digest, OrgId, PersonId};
use doorstep_core::journal::bytes::Exact;
use doorstep_core::journal::wire::Verdict;
use doorstep_core::journal::{ChainHash, Entry, Renumbered};
use doorstep_core::rescue::{Bundle, BundleError, Found, Run};

use crate::admin::operator;
use crate::auth;
use crate::blobs::BlobKey;
use crate::error::Failure;
use crate::judge::{Batch, Ground, Judgement, judge};
use crate::state::AppState;
use crate::storage::{Device, Enrolment, NewDevice, StorageError};

/// How to take a bundle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Only say what would come of it.
    pub dry_run: bool,
    /// Take also what no enrolled phone signed, on the operator's word.
    pub unsigned: bool,
}

/// What came of a bundle. Counts entries.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Taken {
    /// The firm whose key it is sealed for.
    pub org: Option<OrgId>,
    /// Folded into their orders.
    pub applied: u64,
    /// Folded, and something waits for a person.
    pub conflicted: u64,
    /// Kept apart, for a reason.
    pub parked: u64,
    /// Known before.
    pub duplicate: u64,
    /// Taken under an incarnation of their own, because they continue no chain here.
    pub set_apart: u64,
    /// Photos that were not here.
    pub photos: u64,
}

/// Why a bundle was not taken. Nothing was written, unless storage failed in the middle; then it may be taken again.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The file.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// No phone that is enrolled here signed it.
    #[error(
        "no phone enrolled here signed this bundle; if you know where it comes from, take it with --unsigned"
    )]
    Unsigned,
    /// It says that a phone signed it, and that phone did not.
    #[error("the signature in the bundle is not its phone's: it is forged, and is not taken")]
    Forged,
    /// Nobody knows the phone, and the person it names is not among the firm's people.
    #[error("the bundle is of a person who is not among the firm's people; add them and take it again")]
    UnknownPerson,
    /// Storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Enrolling the incarnation.
    #[error(transparent)]
    Enrol(#[from] Failure),
}

/// Whose a run is.
struct Owner {
    /// The device it may continue the chain of.
    device: Option<Device>,
    /// Another device of the same phone.
    phone: Option<Device>,
}

/// Takes a bundle. The server may run meanwhile.
///
/// # Errors
/// See [`TakeError`].
pub async fn take(state: &AppState, file: &Path, options: Options) -> Result<Taken, TakeError> {
    let (keys, path) = (state.rescue_keys().clone(), file.to_owned());
    let reading = tokio::task::spawn_blocking(move || {
        let file = File::open(&path).map_err(|e| BundleError::Io(e.to_string()))?;
        read(BufReader::new(file), &keys)
    });
    let (org, runs) = reading.await.map_err(|e| BundleError::Io(e.to_string()))??;
    let mut taken = Taken { org: Some(org.clone()), ..Taken::default() };
    let mut owners = Vec::new();
    for run in &runs {
        owners.push(owner(state, &org, run, options).await?);
    }
    for (run, owner) in runs.into_iter().zip(owners) {
        one(state, &org, run, owner, options, &mut taken).await?;
    }
    taken.photos = photos(state, &org, file, options).await?;
    if !options.dry_run {
        let Taken { applied, conflicted, parked, duplicate, photos, .. } = taken;
        let what = format!(
            "import-bundle: {applied} applied, {conflicted} conflicted, {parked} parked, {duplicate} duplicate, \
             {photos} photos"
        );
        let what = if options.unsigned { format!("{what} (--unsigned)") } else { what };
        state.storage().audit(org, state.now_ms(), operator().person, what).await?;
    }
    Ok(taken)
}

/// Reads a bundle to its end before anything of it is believed.
fn read(file: impl std::io::Read, keys: &super::RescueKeys) -> Result<(OrgId, Vec<Run>), BundleError> {
    let mut org = None;
    let mut bundle = Bundle::open(file, |id| {
        let (of, key) = keys.find(id)?;
        org = Some(of);
        Some(key)
    })?;
    let mut runs = Vec::new();
    while let Some(found) = bundle.next()? {
        match found {
            Found::Run(run) => runs.push(run),
            // Kept in a second pass, when the bundle is known to be whole.
            Found::Photo(_) => {}
        }
    }
    let org = org.ok_or_else(|| BundleError::Malformed("it names no key".to_owned()))?;
    Ok((org, runs))
}

/// Keeps the photos that are not here yet, under their SHA-256; gives how many. A photo is shown where a fact names it, so
/// that one nobody names does no harm.
async fn photos(state: &AppState, org: &OrgId, file: &Path, options: Options) -> Result<u64, TakeError> {
    let (keys, store, org, path) = (state.rescue_keys().clone(), state.blobs(), org.clone(), file.to_owned());
    let keeping = tokio::task::spawn_blocking(move || {
        let failed = |e: std::io::Error| BundleError::Io(e.to_string());
        let file = BufReader::new(File::open(&path).map_err(failed)?);
        let mut bundle = Bundle::open(file, |id| Some(keys.find(id)?.1))?;
        let mut new = HashSet::new();
        while let Some(found) = bundle.next()? {
            let Found::Photo(bytes) = found else { continue };
            let digest = Digest::of(&bytes);
            if store.size(&org, digest).map_err(failed)?.is_some() || !new.insert(digest) || options.dry_run {
                continue;
            }
            // No phone has this id: its own uploads are not disturbed.
            let key = BlobKey { org: org.clone(), device: DeviceId(uuid::Uuid::nil()), digest };
            let mut upload = store.upload(&key, 0).map_err(failed)?;
            upload.write(&bytes).map_err(failed)?;
            upload.finish().map_err(failed)?;
        }
        Ok::<_, BundleError>(new.len() as u64)
    });
    Ok(keeping.await.map_err(|e| BundleError::Io(e.to_string()))??)
}

/// Finds whose a run is, and whether its phone vouches for it.
async fn owner(state: &AppState, org: &OrgId, run: &Run, options: Options) -> Result<Owner, TakeError> {
    let device = match run.head.device {
        Some(id) => state.storage().device(org.clone(), id).await?,
        None => None,
    };
    let phone = match (&device, run.head.key) {
        (Some(_), _) | (None, None) => None,
        // An incarnation the server was not told of yet, or forgot: the same phone has the same key.
        (None, Some(Digest(key))) => {
            let devices = state.storage().devices(org.clone()).await?.into_iter().map(|known| known.device);
            devices.filter(|known| known.public_key == key).min_by_key(|known| known.id)
        }
    };
    let vouched = device.as_ref().or(phone.as_ref()).map(|phone| run.is_signed_by(&phone.public_key));
    match vouched {
        Some(true) => {}
        Some(false) if run.is_signed() => return Err(TakeError::Forged),
        _ if options.unsigned => {}
        _ => return Err(TakeError::Unsigned),
    }
    if device.is_none() && phone.is_none() {
        person(state, org, run).await?;
    }
    Ok(Owner { device, phone })
}

/// The member of staff whose entries these are, by the entries' own word.
async fn person(state: &AppState, org: &OrgId, run: &Run) -> Result<PersonId, TakeError> {
    let named =
        run.entries.iter().find_map(|bytes| Entry::decode(bytes).ok()).map(|entry| entry.actor.person);
    let people = state.storage().people(org.clone()).await?;
    let known = named.filter(|named| people.iter().any(|person| &person.id == named));
    known.ok_or(TakeError::UnknownPerson)
}

/// Takes a run: where it continues its device's chain, as a push; else under an incarnation of its own.
async fn one(
    state: &AppState,
    org: &OrgId,
    run: Run,
    owner: Owner,
    options: Options,
    taken: &mut Taken,
) -> Result<(), TakeError> {
    // A device nobody heard of may begin here, at its beginning.
    let may_continue = run.is_chained() && (owner.device.is_some() || run.head.first == 1);
    let own = run.head.device.filter(|_| may_continue);
    if let Some(id) = own {
        let device = match owner.device.clone() {
            Some(device) => device,
            None => enrol(state, org, &run, id, &owner, options).await?,
        };
        let entries = run.entries.iter().cloned().map(Exact).collect();
        if push(state, org, device, run.head.first, run.before(), entries, options, taken).await? {
            return Ok(());
        }
    }
    let id = run.own_device();
    let device = match state.storage().device(org.clone(), id).await? {
        Some(device) => device,
        None => enrol(state, org, &run, id, &owner, options).await?,
    };
    let again = |(n, bytes): (u64, &Vec<u8>)| {
        Exact(Renumbered::of(bytes, n).map_or_else(|| bytes.clone(), |again| again.bytes))
    };
    let entries: Vec<Exact> = (1..).zip(&run.entries).map(again).collect();
    taken.set_apart += entries.len() as u64;
    push(state, org, device, 1, ChainHash::default(), entries, options, taken).await?;
    Ok(())
}

/// Judges entries as those of a device. Gives `false`, and did nothing, when they do not continue its chain.
#[expect(clippy::too_many_arguments, reason = "a push is a device, a place and entries")]
async fn push(
    state: &AppState,
    org: &OrgId,
    device: Device,
    first: u64,
    before: ChainHash,
    entries: Vec<Exact>,
    options: Options,
    taken: &mut Taken,
) -> Result<bool, TakeError> {
    if entries.is_empty() {
        return Ok(true);
    }
    let last = first + entries.len() as u64 - 1;
    let rulebook = state.rulebook(org).await?;
    let ground = Ground {
        org: org.clone(),
        numbering: rulebook.policy.numbering.clone(),
        now: state.now(&rulebook),
        epoch: 0,
        cursor: 0,
    };
    let batch = tokio::task::spawn_blocking(move || Batch::read(device, first, before, entries));
    let batch = batch.await.map_err(|e| StorageError::Database(Box::new(e)))?;
    let want = batch.want();
    let dry_run = options.dry_run;
    let (have, told) = state
        .storage()
        .decide_with(org.clone(), want, move |loaded, write| {
            let have = loaded.device.as_ref().map_or(0, |tail| tail.n);
            let told = judge(loaded, batch, &ground, &mut |writes| {
                if !dry_run {
                    write(writes);
                }
            });
            (have, told)
        })
        .await?;
    if told.chain.is_some() {
        return Ok(false);
    }
    count(first, last, have, &told, taken);
    Ok(true)
}

fn count(first: u64, last: u64, have: u64, told: &Judgement, taken: &mut Taken) {
    let all = last + 1 - first;
    let known = (have + 1).saturating_sub(first).min(all);
    taken.duplicate += known;
    let mut other = 0;
    for (_, verdict) in told.verdicts.iter().filter(|(n, _)| *n > have && (first..=last).contains(n)) {
        other += 1;
        match verdict {
            Verdict::Applied => taken.applied += 1,
            Verdict::Conflicted => taken.conflicted += 1,
            Verdict::Parked(_) => taken.parked += 1,
            Verdict::Duplicate => taken.duplicate += 1,
        }
    }
    taken.applied += all - known - other;
}

/// Makes a device known: one more incarnation of a phone that is, or of a person's on the operator's word.
async fn enrol(
    state: &AppState,
    org: &OrgId,
    run: &Run,
    id: DeviceId,
    owner: &Owner,
    options: Options,
) -> Result<Device, TakeError> {
    let from = owner.device.as_ref().or(owner.phone.as_ref());
    if options.dry_run {
        // As it would be.
        return Ok(match from {
            Some(from) => Device { id, ..from.clone() },
            None => unknown(state, org, run, id).await?,
        });
    }
    let now = state.now_ms();
    let public_key = match from {
        Some(from) => from.public_key,
        None => unknown(state, org, run, id).await?.public_key,
    };
    // Nobody has this token: the phone, if it comes, asks for its own.
    let device =
        NewDevice { id, public_key, token: auth::Secret::new(org)?.hash, app: "(rescue bundle)".to_owned() };
    let done = match from {
        Some(from) => state.storage().incarnate(org.clone(), from.id, device, now).await?,
        None => {
            let person = person(state, org, run).await?;
            let code = auth::make_code(state, org, &operator(), &person).await?;
            let (_, code) = auth::split(&code).ok_or(TakeError::UnknownPerson)?;
            state.storage().enrol(org.clone(), code, device, now).await?
        }
    };
    match done {
        Enrolment::Done(..) => {}
        Enrolment::NoSuchCode | Enrolment::DeviceTaken => return Err(TakeError::Forged),
    }
    let known = state.storage().device(org.clone(), id).await?;
    known.ok_or(TakeError::UnknownPerson)
}

/// The device of a phone nobody knows, as it would be enrolled.
async fn unknown(state: &AppState, org: &OrgId, run: &Run, id: DeviceId) -> Result<Device, TakeError> {
    let named = person(state, org, run).await?;
    let people = state.storage().people(org.clone()).await?;
    let known = people.into_iter().find(|person| person.id == named).ok_or(TakeError::UnknownPerson)?;
    // Without a key nothing verifies: these bytes are no point on the curve.
    let public_key = run.head.key.map_or(NO_KEY, |Digest(key)| key);
    Ok(Device { id, person: known.id, role: known.role, public_key, revoked: false, used_ms: 0 })
}

/// What stands for the key of a phone whose key could not be read. Tested: it verifies nothing.
const NO_KEY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 2;
    bytes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_stands_for_none_is_none() {
        assert!(ed25519_dalek::VerifyingKey::from_bytes(&NO_KEY).is_err());
    }

    #[test]
    fn counts_tell_known_from_new() {
        let told = Judgement {
            verdicts: vec![(2, Verdict::Conflicted), (4, Verdict::Duplicate), (5, Verdict::Conflicted)],
            ..Judgement::default()
        };
        let mut taken = Taken::default();
        count(2, 6, 3, &told, &mut taken);
        let expected = Taken { duplicate: 3, conflicted: 1, applied: 1, ..Taken::default() };
        assert_eq!(taken, expected);
        let mut taken = Taken::default();
        count(2, 6, 9, &told, &mut taken);
        assert_eq!(taken, Taken { duplicate: 5, ..Taken::default() });
    }
}
