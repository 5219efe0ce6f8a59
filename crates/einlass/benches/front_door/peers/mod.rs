//! The servers in the race, one file each: what configures it, in a folder of its own, and what starts it.

mod authlib;
mod envoy;
mod haproxy;
mod keys;
mod nginx;
mod oidc_provider;
pub(crate) mod ours;
pub(crate) mod records;

pub(crate) use authlib::authlib;
pub(crate) use envoy::{Envoy, envoy};
pub(crate) use haproxy::haproxy;
pub(crate) use nginx::nginx;
pub(crate) use oidc_provider::oidc_provider;

use crate::load::{now, once};
use crate::process::Process;
use crate::race::Contender;
use crate::report;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that is configured and can be started, again and again.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) address: String,
    folder: TempDir,
    command: Box<dyn Fn() -> Command + Send + Sync>,
    /// A request that it answers with 200 once it is ready.
    probe: Vec<u8>,
}

/// A running server. It ends with its handle.
pub(crate) struct Running<'a> {
    pub(crate) peer: &'a Peer,
    pub(crate) process: Process,
    /// How long it took from the start to the first good answer.
    pub(crate) start_took: Duration,
}

impl Peer {
    /// Starts it and waits for its first good answer.
    pub(crate) fn start(&self) -> Result<Running<'_>, String> {
        let log = self.folder.path().join("log");
        let file = || File::create(&log).map_err(|fault| fault.to_string());
        let begun = now();
        let mut process = Process::start((self.command)().stdout(Stdio::null()).stderr(file()?))?;
        while !once(&self.address, &self.probe).is_ok_and(|(status, _)| status == 200) {
            if process.has_ended() || begun.elapsed() > PATIENCE {
                let log = fs::read_to_string(&log).unwrap_or_default();
                let words: Vec<&str> = log.lines().rev().take(3).collect();
                return Err(format!("{} does not start: {}", self.name, words.join(" ")));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Running { peer: self, process, start_took: begun.elapsed() })
    }
}

impl Running<'_> {
    pub(crate) fn contender(&self) -> Contender<'_> {
        Contender { name: self.peer.name.clone(), address: &self.peer.address, process: &self.process }
    }
}

/// Starts those that can be, and says which cannot.
pub(crate) fn start(peers: &[Result<Peer, String>]) -> Vec<Running<'_>> {
    let started = peers.iter().map(|peer| peer.as_ref().map_err(Clone::clone).and_then(Peer::start));
    started
        .filter_map(|outcome| outcome.map_err(|why| report::print(&format!("Not measured: {why}\n"))).ok())
        .collect()
}

/// A loopback address that is free at the moment: these servers cannot say which they were given.
fn free_address() -> String {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().to_string()
}

fn port_of(address: &str) -> u16 {
    address.rsplit(':').next().unwrap().parse().unwrap()
}

/// The repository's folder of pinned packages.
fn packages(language: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/peers")).join(language)
}

/// The version that a program says, the first word with a digit at its beginning or after a slash.
fn version(program: impl AsRef<std::ffi::OsStr>, argument: &str) -> Result<String, String> {
    let output = Command::new(&program).arg(argument).output();
    let output = output.map_err(|_| format!("{} is not installed", program.as_ref().display()))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let words = said.split([' ', '/', '-', '+', '\n']);
    let number = words.filter(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()));
    number.take(1).next().map(String::from).ok_or_else(|| format!("no version: {said}"))
}
