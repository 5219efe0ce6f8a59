//! A running `einlass dev`, and the command line beside it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How often to look for something that takes a fraction of a second: for a minute.
const PATIENCE: usize = 6_000;
const PAUSE: Duration = Duration::from_millis(10);

/// The executable under test, with nothing of our own environment that it would read.
pub(crate) fn einlass() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_einlass"));
    let ours = ["CLIENT_ID", "CLIENT_SECRET", "PUBLIC_CLIENT_ID", "TENANT_ID", "ADMIN_TOKEN"];
    for name in ours {
        command.env_remove(name);
    }
    let is_ours =
        |name: &str| ["EINLASS_", "JTL_", "SCX_", "ONPREM_"].iter().any(|ours| name.starts_with(ours));
    for (name, _) in std::env::vars().filter(|(name, _)| is_ours(name)) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// A data folder that goes when the test does.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A platform that runs until it is ended or dropped.
pub(crate) struct Dev {
    pub(crate) env: BTreeMap<String, String>,
    child: Child,
}

impl Dev {
    /// Starts on this folder, at a port of its own.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub(crate) fn start_with(data: &Path, arguments: &[&str]) -> Self {
        // A file from an earlier start must not be taken for this one's.
        let _ = fs::remove_file(env_file(data));
        let log = fs::File::options().create(true).append(true).open(data.join("test.log")).unwrap();
        let child = einlass()
            .args(["dev", "--listen", "127.0.0.1:0", "--data"])
            .arg(platform(data))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut dev = Self { env: BTreeMap::new(), child };
        dev.await_ready(data);
        dev
    }

    /// Ready is who answers 200 at `/readyz`; by then the file must be there, whole.
    fn await_ready(&mut self, data: &Path) {
        for _ in 0..PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!(
                    "einlass dev ended with {status}: {}",
                    fs::read_to_string(data.join("test.log")).unwrap()
                );
            }
            if env_file(data).is_file() {
                self.env = read_env(data);
                if get(&format!("{}/readyz", self.env["EINLASS_URL"]), &[]).0 == 200 {
                    return;
                }
            }
            std::thread::sleep(PAUSE);
        }
        panic!("einlass dev is not ready");
    }

    pub(crate) fn url(&self) -> &str {
        &self.env["EINLASS_URL"]
    }

    /// A command with this platform's values in its environment.
    pub(crate) fn einlass(&self, arguments: &[&str]) -> Output {
        einlass().args(arguments).envs(&self.env).output().unwrap()
    }

    /// A token by the command line.
    pub(crate) fn token(&self) -> String {
        self.printed(&["token"])
    }

    /// A session token by the command line.
    pub(crate) fn session_token(&self) -> String {
        self.printed(&["token", "--session"])
    }

    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.einlass(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    }

    /// The status of a call with this token for the tenant that has the app.
    pub(crate) fn call(&self, path: &str, token: &str) -> u16 {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("X-Tenant-ID", &self.env["TENANT_ID"])];
        get(&format!("{}{path}", self.url()), &headers).0
    }

    /// Ends it as a terminal would, and gives what it printed.
    pub(crate) fn end(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut printed = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        assert!(self.child.wait().unwrap().success());
        printed
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a platform keeps its data; what a test puts beside it is not its own.
pub(crate) fn platform(data: &Path) -> PathBuf {
    data.join("platform")
}

pub(crate) fn env_file(data: &Path) -> PathBuf {
    platform(data).join("dev.env")
}

pub(crate) fn read_env(data: &Path) -> BTreeMap<String, String> {
    let file = fs::read_to_string(env_file(data)).unwrap();
    file.lines()
        .map(|line| {
            let (name, value) = line.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// A `GET` by hand. Status 0 when nobody answers.
pub(crate) fn get(url: &str, headers: &[(&str, &str)]) -> (u16, String) {
    send("GET", url, headers, "")
}

/// The status of a form that is sent by hand.
pub(crate) fn post_form(url: &str, body: &str) -> u16 {
    send("POST", url, &[("Content-Type", "application/x-www-form-urlencoded")], body).0
}

/// Any request by hand. Status 0 when nobody answers.
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    use std::io::Write;
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let Ok(mut stream) = std::net::TcpStream::connect(host) else { return (0, String::new()) };
    let length = body.len();
    let names_host = headers.iter().any(|(name, _)| *name == "Host");
    let host = [("Host", host)];
    let headers = headers.iter().chain(host.iter().filter(|_| !names_host));
    let headers: Vec<String> = headers.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    let mut answer = String::new();
    if stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer)).is_err() {
        return (0, String::new());
    }
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    (status, body)
}

/// An `einlass dev` on this folder that does not start: its exit code and what it says.
pub(crate) fn refused_start(platform: &Path, listen: &str, arguments: &[&str]) -> (i32, String) {
    let output =
        einlass().args(["dev", "--listen", listen, "--data"]).arg(platform).args(arguments).output().unwrap();
    (output.status.code().unwrap(), text(&output.stderr).to_owned())
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
