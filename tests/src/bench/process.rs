//! Servers in processes of their own, so that their memory is theirs alone and they can be killed.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A child process that serves.
pub struct Served {
    child: Child,
    pub addr: SocketAddr,
}

impl Served {
    /// Starts `program MODE DATA ADDR` and waits until it says where it listens.
    pub fn start(program: &Path, mode: &str, data: &Path, addr: Option<SocketAddr>) -> Self {
        Self::start_with(program, mode, data, addr, &[])
    }

    /// The same with more in its environment.
    pub fn start_with(
        program: &Path,
        mode: &str,
        data: &Path,
        addr: Option<SocketAddr>,
        env: &[(&str, &str)],
    ) -> Self {
        let addr = addr.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut command = Command::new(program);
        command.arg(mode).arg(data).arg(addr.to_string()).envs(env.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let addr = line.trim().parse().unwrap_or_else(|_| panic!("{mode} said {line:?}"));
        Self { child, addr }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The most memory it ever had resident, in megabytes.
    pub fn peak_rss_mb(&self) -> Option<f64> {
        self.memory("VmHWM:")
    }

    /// The memory it has resident now, in megabytes.
    pub fn rss_mb(&self) -> Option<f64> {
        self.memory("VmRSS:")
    }

    fn memory(&self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kb: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kb / 1024.0)
    }

    /// Ends it at once, as a crash or a lost power line would.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}

/// The runtime of the server's own binary.
pub fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).max_blocking_threads(8).enable_all().build().expect("a runtime")
}

/// What the child does: the server, as its own binary runs it, until it is killed.
pub fn serve(data: &Path, addr: SocketAddr) -> ! {
    let runtime = runtime();
    let running =
        runtime.block_on(doorstep_server::start(crate::database::config(data, addr))).expect("a server");
    println!("{}", running.addr);
    runtime.block_on(std::future::pending::<()>());
    drop(running);
    std::process::exit(0)
}
