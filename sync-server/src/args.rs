//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use doorstep_server::storage::postgres::DatabaseUrl;
use lexopt::prelude::*;

/// How to use the binary.
pub(crate) const USAGE: &str = "\
doorstep-server demo [--from FOLDER] [--data DIR] [--port N] [--once] [--json] [--ready-json]
doorstep-server serve [--data DIR] [--listen ADDR] [--public-url URL] [--metrics ADDR]
doorstep-server backup DIR [--data DIR]                                  while the server runs
doorstep-server restore DIR [--data DIR]                                 into an empty data folder
doorstep-server verify [DIR] [--data DIR]                                a data folder, or a backup
doorstep-server admin init --org ID
doorstep-server admin import FOLDER [--dry-run] [--lang zh-Hant|zh-Hans|en]
doorstep-server admin user add --org ID --person CODE [--role ROLE]      password from standard input
doorstep-server admin enrol-code --org ID --person CODE
doorstep-server admin revoke-device --org ID --device ID [--yes] [--lang zh-Hant|zh-Hans|en]
doorstep-server admin import-bundle FILE [--dry-run] [--unsigned] [--lang zh-Hant|zh-Hans|en]
doorstep-server admin restored --org ID                                  after another kind of copy was put back
doorstep-server admin copy DIR                                           a PostgreSQL database as DIR/doorstep.db
doorstep-server admin schema [--citus]                                   what is made in a PostgreSQL database

--data DIR         where everything is kept (default: doorstep-data)
--database URL     a PostgreSQL database instead of a file in DIR: postgres://USER:PASSWORD@HOST/NAME
                   (default: DOORSTEP_DATABASE, where a password is out of other users' sight)
--replica URL      a copy that follows it, to answer phones from (default: DOORSTEP_REPLICA)
--photos URL       the bucket photos are kept in, s3://BUCKET/PREFIX, by the usual AWS_... variables
                   (default: DOORSTEP_PHOTOS, else in DIR)
--listen ADDR      where to listen (default: 127.0.0.1:8080)
--metrics ADDR     where figures for Prometheus are, at /metrics (default: DOORSTEP_METRICS, else nowhere)
--public-url URL   the address phones reach the server under (default: http:// and the one it listens on)
ROLE               front_desk, technician, supervisor, director (default: as in the firm's people)";

/// Where the demo's page is, unless a port is given.
#[cfg(feature = "demo")]
const DEMO_PORT: u16 = 8080;

/// What to do.
pub(crate) enum Job {
    Help,
    Serve,
    #[cfg(feature = "demo")]
    Demo(doorstep_server::demo::DemoOptions),
    Admin(Act),
    Backup(PathBuf),
    Restore(PathBuf),
    /// The data folder when none is named.
    Verify(Option<PathBuf>),
}

impl Job {
    /// What is logged unless the environment says otherwise: people read the demo's own text.
    pub(crate) fn log_level(&self) -> &'static str {
        match self {
            #[cfg(feature = "demo")]
            Self::Demo(_) => "warn",
            _ => "info",
        }
    }
}

/// An operator's act.
pub(crate) enum Act {
    Init { org: String },
    Import { folder: PathBuf, dry_run: bool, lang: String },
    AddUser { org: String, person: String, role: Option<String> },
    EnrolCode { org: String, person: String },
    RevokeDevice { org: String, device: String, yes: bool, lang: String },
    ImportBundle { file: PathBuf, dry_run: bool, unsigned: bool, lang: String },
    Restored { org: String },
    Copy { to: PathBuf },
    Schema { citus: bool },
}

/// The command line, read.
pub(crate) struct Order {
    pub(crate) data: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<String>,
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) database: Option<DatabaseUrl>,
    pub(crate) replica: Option<DatabaseUrl>,
    pub(crate) photos: Option<String>,
    pub(crate) job: Job,
}

#[derive(Default)]
struct Given {
    words: Vec<String>,
    data: Option<PathBuf>,
    listen: Option<String>,
    public_url: Option<String>,
    metrics: Option<String>,
    database: Option<String>,
    replica: Option<String>,
    photos: Option<String>,
    citus: bool,
    org: Option<String>,
    person: Option<String>,
    role: Option<String>,
    device: Option<String>,
    lang: Option<String>,
    from: Option<PathBuf>,
    port: Option<u16>,
    once: bool,
    json: bool,
    ready_json: bool,
    dry_run: bool,
    unsigned: bool,
    yes: bool,
    help: bool,
}

impl Order {
    /// Reads the command line.
    pub(crate) fn parse() -> Result<Self, String> {
        let mut given = read(lexopt::Parser::from_env()).map_err(|e| e.to_string())?;
        let listen = given.listen.take().unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen = listen.parse().map_err(|_| format!("--listen {listen} is not an address and port"))?;
        let metrics = given.metrics.take().or_else(|| std::env::var("DOORSTEP_METRICS").ok());
        let metrics = metrics.map(|text| {
            text.parse().map_err(|_| format!("{text}, for the figures, is not an address and port"))
        });
        let url =
            |given: Option<String>, name| given.or_else(|| std::env::var(name).ok()).map(DatabaseUrl::new);
        Ok(Self {
            database: url(given.database.take(), "DOORSTEP_DATABASE"),
            replica: url(given.replica.take(), "DOORSTEP_REPLICA"),
            photos: given.photos.take().or_else(|| std::env::var("DOORSTEP_PHOTOS").ok()),
            metrics: metrics.transpose()?,
            data: given.data.clone().unwrap_or_else(|| PathBuf::from("doorstep-data")),
            listen,
            public_url: given.public_url.take(),
            job: job(given)?,
        })
    }
}

fn read(mut parser: lexopt::Parser) -> Result<Given, lexopt::Error> {
    let mut given = Given::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("data") => given.data = Some(parser.value()?.into()),
            Long("listen") => given.listen = Some(parser.value()?.string()?),
            Long("public-url") => given.public_url = Some(parser.value()?.string()?),
            Long("metrics") => given.metrics = Some(parser.value()?.string()?),
            Long("database") => given.database = Some(parser.value()?.string()?),
            Long("replica") => given.replica = Some(parser.value()?.string()?),
            Long("photos") => given.photos = Some(parser.value()?.string()?),
            Long("citus") => given.citus = true,
            Long("org") => given.org = Some(parser.value()?.string()?),
            Long("person") => given.person = Some(parser.value()?.string()?),
            Long("role") => given.role = Some(parser.value()?.string()?),
            Long("device") => given.device = Some(parser.value()?.string()?),
            Long("lang") => given.lang = Some(parser.value()?.string()?),
            Long("from") => given.from = Some(parser.value()?.into()),
            Long("port") => given.port = Some(parser.value()?.parse()?),
            Long("once") => given.once = true,
            Long("json") => given.json = true,
            Long("ready-json") => given.ready_json = true,
            Long("dry-run") => given.dry_run = true,
            Long("unsigned") => given.unsigned = true,
            Long("yes") => given.yes = true,
            Long("help") | Short('h') => given.help = true,
            Value(word) => given.words.push(word.string()?),
            _ => return Err(arg.unexpected()),
        }
    }
    Ok(given)
}

fn job(given: Given) -> Result<Job, String> {
    if given.help {
        return Ok(Job::Help);
    }
    let need = |what: &Option<String>, name: &str| what.clone().ok_or_else(|| format!("{name} is missing"));
    let org = || need(&given.org, "--org");
    let person = || need(&given.person, "--person");
    let words: Vec<&str> = given.words.iter().map(String::as_str).collect();
    let act = match words.as_slice() {
        #[cfg(feature = "demo")]
        ["demo"] => {
            return Ok(Job::Demo(doorstep_server::demo::DemoOptions {
                from: given.from,
                data: given.data,
                port: given.port.unwrap_or(DEMO_PORT),
                once: given.once,
                json: given.json,
                ready_json: given.ready_json,
            }));
        }
        ["serve"] => return Ok(Job::Serve),
        ["help"] => return Ok(Job::Help),
        ["backup", to] => return Ok(Job::Backup(PathBuf::from(to))),
        ["restore", from] => return Ok(Job::Restore(PathBuf::from(from))),
        ["verify"] => return Ok(Job::Verify(None)),
        ["verify", folder] => return Ok(Job::Verify(Some(PathBuf::from(folder)))),
        ["admin", "init"] => Act::Init { org: org()? },
        ["admin", "import", folder] => Act::Import {
            folder: PathBuf::from(folder),
            dry_run: given.dry_run,
            lang: given.lang.clone().unwrap_or_else(|| "zh-Hant".to_owned()),
        },
        ["admin", "user", "add"] => Act::AddUser { org: org()?, person: person()?, role: given.role.clone() },
        ["admin", "enrol-code"] => Act::EnrolCode { org: org()?, person: person()? },
        ["admin", "revoke-device"] => Act::RevokeDevice {
            org: org()?,
            device: need(&given.device, "--device")?,
            yes: given.yes,
            lang: given.lang.clone().unwrap_or_else(|| "zh-Hant".to_owned()),
        },
        ["admin", "import-bundle", file] => Act::ImportBundle {
            file: PathBuf::from(file),
            dry_run: given.dry_run,
            unsigned: given.unsigned,
            lang: given.lang.clone().unwrap_or_else(|| "zh-Hant".to_owned()),
        },
        ["admin", "copy", to] => Act::Copy { to: PathBuf::from(to) },
        ["admin", "schema"] => Act::Schema { citus: given.citus },
        ["admin", "restored"] => Act::Restored { org: org()? },
        [] => return Err("say what to do".to_owned()),
        other => return Err(format!("`{}` is not a command", other.join(" "))),
    };
    Ok(Job::Admin(act))
}
