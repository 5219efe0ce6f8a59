//! A PostgreSQL server of our own, from Debian's packages, in a temporary folder. It ends with its handle.

use crate::shell::{Outcome, program, run, succeeds};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A running server.
pub(crate) struct Server {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
}

/// Where Debian puts the newest server's programs.
pub(crate) fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let programs =
        versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    programs.max()
}

impl Server {
    /// Starts a server on a free loopback port. Nothing in it is meant to last, so it does not sync.
    pub(crate) fn start() -> Outcome<Self> {
        let binaries = binaries().ok_or("PostgreSQL is not installed")?;
        let folder = tempfile::tempdir().map_err(|fault| fault.to_string())?;
        let port = free_port().map_err(|fault| fault.to_string())?;
        let server = Self { folder, binaries, port };
        if is_root() {
            // The server refuses to run as root.
            run(program("chown", ["postgres"]).arg(server.folder.path()))?;
        }
        let data = server.data();
        let init = ["--auth=trust", "--username=einlass", "--no-sync", "--no-instructions", "--pgdata"];
        run(server.program("initdb").args(init).arg(&data).stdout(std::process::Stdio::null()))?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off \
             -c max_connections=500"
        );
        let log = server.folder.path().join("log");
        run(server
            .control("start", &data)
            .arg("--wait")
            .arg("--log")
            .arg(log)
            .args(["--options", &options]))?;
        Ok(server)
    }

    /// Where its administrator connects.
    pub(crate) fn url(&self) -> String {
        format!("postgres://einlass@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn control(&self, action: &str, data: &Path) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg(action).arg("--pgdata").arg(data).stdout(std::process::Stdio::null());
        command
    }

    fn program(&self, name: &str) -> Command {
        let path = self.binaries.join(name);
        let mut command = if is_root() {
            let mut command = program("runuser", ["--user", "postgres", "--"]);
            command.arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If it cannot be stopped there is nothing more to do about it.
        let _ = succeeds(self.control("stop", &self.data()).args(["--mode", "immediate"]));
    }
}

fn is_root() -> bool {
    succeeds(&mut program("sh", ["-c", "test \"$(id -u)\" = 0"]))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
