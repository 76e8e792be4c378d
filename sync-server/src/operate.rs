//! The operator's commands, from the command line.

use std::io::BufRead as _;
use std::path::Path;
use std::sync::Arc;

use doorstep_core::domain::ids::{OrgId, PersonId};
use doorstep_core::domain::lang::Lang;
use doorstep_core::domain::person::Role;
use doorstep_server::blobs::BlobStore;
use doorstep_server::import::{read_folder, report_text};
use doorstep_server::storage::postgres::{self, schema};
use doorstep_server::storage::sqlite;
use doorstep_server::{AppState, ServerConfig, admin, backup, open, rescue};

use crate::args::Act;

pub(crate) type AnyError = Box<dyn std::error::Error>;

/// Carries out an operator's act.
pub(crate) async fn operate(config: &ServerConfig, act: Act) -> Result<(), AnyError> {
    if let Act::Import { folder, dry_run: true, lang } = &act {
        let files = read_folder(folder)?;
        println!("{}", report_text(&files, Lang::from_tag(lang)));
        return if files.faults().next().is_none() { Ok(()) } else { Err("the files have faults".into()) };
    }
    match &act {
        Act::Schema { citus } => {
            print!("{}", schema::text(*citus));
            return Ok(());
        }
        Act::Copy { to } => return copy(config, to).await,
        _ => {}
    }
    let state = open(config).await?;
    match act {
        Act::Init { org } => {
            admin::init(&state, &OrgId(org)).await?;
            println!("done");
        }
        Act::Import { folder, lang, .. } => import(&state, &folder, Lang::from_tag(&lang)).await?,
        Act::AddUser { org, person, role } => {
            let role = role.map(|code| Role::from_code(&code).ok_or(format!("there is no role {code}")));
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']);
            let person = PersonId(person);
            let role = admin::add_user(&state, &OrgId(org), &person, role.transpose()?, password).await?;
            println!("{person} may sign in as {}", role.code());
        }
        Act::EnrolCode { org, person } => {
            let (code, qr) = admin::enrol_code(&state, &OrgId(org), &PersonId(person)).await?;
            println!("{code}\n{qr}");
        }
        Act::RevokeDevice { org, device, yes, lang } => {
            let (org, device) = (OrgId(org), device.parse()?);
            let open = doorstep_server::office::of_device(&state, &org, device).await?;
            if !open.is_empty() && !yes {
                let now = state.now(&*state.rulebook(&org).await?);
                for visit in &open {
                    println!("{}", visit.text(visit.person.as_str(), now, Lang::from_tag(&lang)));
                }
                return Err("nothing was revoked: add --yes to do it all the same".into());
            }
            let revoked = admin::revoke_device(&state, &org, device).await?;
            println!(
                "{}",
                if revoked { "revoked" } else { "there is no such device, or it was revoked before" }
            );
        }
        Act::ImportBundle { file, dry_run, unsigned, lang } => {
            let lang = Lang::from_tag(&lang);
            let options = rescue::Options { dry_run, unsigned };
            match rescue::take(&state, &file, options).await {
                Ok(taken) => println!("{}", taken.text(options, lang)),
                Err(error) => return Err(error.text(lang).into()),
            }
        }
        Act::Schema { .. } | Act::Copy { .. } => {}
        Act::Restored { org } => {
            admin::restored(&state, &OrgId(org)).await?;
            println!("phones will compare what they have and send it again");
        }
    }
    Ok(())
}

async fn import(state: &AppState, folder: &Path, lang: Lang) -> Result<(), AnyError> {
    let office = match read_folder(folder)?.complete() {
        Ok(office) => office,
        Err(files) => {
            println!("{}", report_text(&files, lang));
            return Err("the files have faults; nothing was written".into());
        }
    };
    let done = admin::import::import(state, &office, folder).await?;
    println!(
        "{}: {} documents changed, {} orders registered, {} known from before, {} refused",
        office.org.id,
        done.documents,
        done.registered.len(),
        done.known,
        done.refused.len()
    );
    for (line, refusal) in &done.refused {
        println!("  line {line}: {}", refusal.text(lang));
    }
    Ok(())
}

/// Copies a PostgreSQL database into a folder's file.
async fn copy(config: &ServerConfig, to: &Path) -> Result<(), AnyError> {
    let url =
        config.database.as_ref().ok_or("say which PostgreSQL database: --database or DOORSTEP_DATABASE")?;
    std::fs::create_dir_all(to)?;
    let file = to.join(sqlite::FILE);
    postgres::copy(url, &file).await?;
    println!("{}", file.display());
    Ok(())
}

/// The bucket of photos, when there is one.
fn photos(config: &ServerConfig) -> Result<Option<Arc<dyn BlobStore>>, AnyError> {
    Ok(config.photos.as_ref().map(|_| doorstep_server::photos(config)).transpose()?)
}

/// Takes a backup.
pub(crate) fn backup(config: &ServerConfig, to: &Path) -> Result<(), AnyError> {
    let store = photos(config)?;
    let bucket = config.photos.as_deref().zip(store.as_deref());
    let taken = backup::backup_with(&config.data, bucket, to, chrono::Utc::now())?;
    let (photos, copied) = (taken.manifest.photos.len(), taken.copied);
    match &taken.manifest.bucket {
        None => println!("{}: {photos} photos, {copied} of them new", taken.folder.display()),
        Some(bucket) => println!("{}: {photos} photos noted, which stay in {bucket}", taken.folder.display()),
    }
    for org in &taken.manifest.orgs {
        println!("  {}: seq {}, epoch {}", org.org, org.seq, org.epoch);
    }
    said(&taken.wrong, "these photos are not in the backup")
}

/// Puts a backup back.
pub(crate) async fn restore(from: &Path, data: &Path) -> Result<(), AnyError> {
    let done = backup::restore(from, data).await?;
    println!("{}, taken {}, is in {} now", done.from.display(), done.manifest.taken, data.display());
    if let Some(bucket) = &done.manifest.bucket {
        println!("  its photos are in {bucket}: serve with --photos");
    }
    for org in &done.orgs {
        println!("  {org}: a new epoch; phones will compare what they have and send it again");
    }
    Ok(())
}

/// Looks a data folder or a backup over.
pub(crate) fn verify(config: &ServerConfig, folder: &Path) -> Result<(), AnyError> {
    let report = backup::verify_with(folder, photos(config)?.as_deref())?;
    println!(
        "{}: {} entries, {} orders, {} photos",
        report.folder.display(),
        report.entries,
        report.orders,
        report.photos
    );
    said(&report.wrong, "not everything holds")
}

/// Prints what is wrong; an error with this summary when anything is.
fn said(wrong: &[backup::Wrong], summary: &str) -> Result<(), AnyError> {
    for wrong in wrong {
        println!("  {wrong}");
    }
    if wrong.is_empty() { Ok(()) } else { Err(summary.into()) }
}
