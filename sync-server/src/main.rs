//! The `doorstep-server` binary: serve, and what an operator does beside it.

mod args;
mod operate;

use std::process::ExitCode;

use doorstep_server::ServerConfig;

use crate::args::{Job, Order};

/// Threads that answer requests, and the most that wait for the disk or hash: each has its memory.
const WORKERS: usize = 2;
const BLOCKING: usize = 8;

fn main() -> ExitCode {
    let order = match Order::parse() {
        Ok(order) => order,
        Err(why) => {
            eprintln!("{why}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    log(order.job.log_level());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(BLOCKING)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(order)),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Log lines go to standard error; `DOORSTEP_LOG` says how many, else `level`; `DOORSTEP_LOG_JSON=1` makes them JSON.
fn log(level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("DOORSTEP_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var_os("DOORSTEP_LOG_JSON").is_some() {
        lines.json().init();
    } else {
        lines.init();
    }
}

async fn run(order: Order) -> Result<(), operate::AnyError> {
    let config = ServerConfig {
        public_url: order.public_url,
        metrics: order.metrics,
        database: order.database,
        replica: order.replica,
        photos: order.photos,
        ..ServerConfig::new(order.data, order.listen)
    };
    match order.job {
        Job::Help => {
            println!("{}", args::USAGE);
            Ok(())
        }
        Job::Serve => serve(config).await,
        #[cfg(feature = "demo")]
        Job::Demo(options) => Ok(doorstep_server::demo::run(options).await?),
        Job::Admin(act) => operate::operate(&config, act).await,
        Job::Backup(_) | Job::Restore(_) if config.database.is_some() => {
            Err("a PostgreSQL database is backed up with its own tools: docs/operations.md, PostgreSQL"
                .into())
        }
        Job::Backup(to) => operate::backup(&config, &to),
        Job::Restore(from) => operate::restore(&from, &config.data).await,
        Job::Verify(folder) => operate::verify(&config, folder.as_ref().unwrap_or(&config.data)),
    }
}

/// As many open files as the system allows: each connection is one, and thousands of phones listen.
fn allow_many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, ?current, ?maximum, "no more open files than that");
    }
}

async fn serve(config: ServerConfig) -> Result<(), operate::AnyError> {
    allow_many_files();
    let running = doorstep_server::start(config).await?;
    println!("Doorstep listens on {}", running.url());
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended?,
        _ = terminate.recv() => {}
    }
    running.shutdown().await;
    Ok(())
}
