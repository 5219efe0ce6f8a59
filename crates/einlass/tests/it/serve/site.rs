//! A site: a configuration, a database of its own, and the nodes that run on them.

use crate::kit::{einlass, send, text};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

/// How long anything may take before a test gives up.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(5);
/// How often to look for something with a pause in between: for a minute.
const LOOKS: usize = 12_000;

const EVERYTHING: &str = r#"["identity", "api", "admin", "management"]"#;

/// Which database a site has.
#[derive(Clone, Copy, Debug)]
pub(super) enum Engine {
    Postgres,
    Sqlite,
}

/// What is durable of a platform, and what its nodes are started with.
pub(super) struct Site {
    folder: TempDir,
    /// Where its first node is.
    pub(super) url: String,
}

impl Site {
    /// A site whose first node is at a free port. `more` is added to its configuration.
    pub(super) fn new(engine: Engine, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("http://127.0.0.1:{}", free_port());
        let master_key = einlass().args(["key", "generate-master"]).output().unwrap().stdout;
        fs::write(folder.path().join("master.key"), master_key).unwrap();
        fs::write(folder.path().join("erp.yaml"), include_str!("erp.yaml")).unwrap();
        let site = Self { folder, url };
        fs::write(site.path("database.url"), site.database(engine)).unwrap();
        site.configure(more);
        site
    }

    /// Writes the configuration anew, for the next start. Nodes end without a grace unless `more` says something else.
    pub(super) fn configure(&self, more: &str) {
        let url = &self.url;
        let grace = if more.contains("[shutdown]") { "" } else { "[shutdown]\ngrace = \"0s\"\n" };
        let config = format!(
            "public_url = \"{url}\"\n\
             [store]\nurl_file = \"database.url\"\n\
             [keys]\nmaster_key_file = \"master.key\"\n\
             {grace}{more}"
        );
        fs::write(self.path("einlass.toml"), config).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a node at the site's own URL.
    pub(super) fn start(&self) -> Node {
        self.start_at(&self.url)
    }

    /// The same, with something more in its environment.
    pub(super) fn start_with(&self, change: impl FnOnce(&mut Command)) -> Node {
        self.launch(&self.url, change)
    }

    /// Starts one more node, at a port of its own.
    pub(super) fn start_beside(&self) -> Node {
        self.start_at(&format!("http://127.0.0.1:{}", free_port()))
    }

    /// Starts a node at this URL.
    pub(super) fn start_at(&self, url: &str) -> Node {
        self.launch(url, |_| {})
    }

    fn launch(&self, url: &str, change: impl FnOnce(&mut Command)) -> Node {
        let address = url.strip_prefix("http://").unwrap();
        let own = self.path(&format!("{address}.toml"));
        let config = fs::read_to_string(self.path("einlass.toml")).unwrap();
        let surfaces = if config.contains("[scx]") {
            EVERYTHING.replace("\"api\"", "\"api\", \"scx\"")
        } else {
            EVERYTHING.into()
        };
        fs::write(&own, format!("{config}\n[[listener]]\naddress = \"{address}\"\nsurfaces = {surfaces}\n"))
            .unwrap();
        Node::start(&own, url.to_owned(), self.path(&format!("{address}.log")), change)
    }

    fn database(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => format!("sqlite:{}", self.path("einlass.db").display()),
            Engine::Postgres => new_postgres_database(self.folder.path()),
        }
    }
}

/// A database of its own on the test's server.
fn new_postgres_database(folder: &Path) -> String {
    // `cargo xtask test` starts it and says where it is.
    let server = std::env::var("EINLASS_TEST_POSTGRES").unwrap();
    let name = format!(
        "site_{}",
        folder.file_name().unwrap().to_str().unwrap().trim_start_matches('.').to_lowercase()
    );
    let created = Command::new("psql")
        .args([&server, "--quiet", "--command", &format!("CREATE DATABASE \"{name}\"")])
        .output()
        .unwrap();
    assert!(created.status.success(), "{}", text(&created.stderr));
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running `einlass serve`. It is killed when it is dropped.
pub(super) struct Node {
    pub(super) url: String,
    child: Child,
    printed: Receiver<String>,
    log: PathBuf,
}

impl Node {
    pub(super) fn start(config: &Path, url: String, log: PathBuf, change: impl FnOnce(&mut Command)) -> Self {
        let made = |command: &mut Command| {
            command.args(["serve", "--config"]).arg(config);
            change(command);
        };
        Self::begin(made, url, log, "/readyz")
    }

    /// Starts what `make` makes of the executable, and waits until it answers at this path.
    pub(super) fn begin(
        make: impl FnOnce(&mut Command),
        url: String,
        log: PathBuf,
        answers_at: &str,
    ) -> Self {
        let mut command = einlass();
        command.stdout(Stdio::piped());
        command.stderr(File::options().create(true).append(true).open(&log).unwrap());
        make(&mut command);
        let mut child = command.spawn().unwrap();
        let (say, printed) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| _ = say.send(line)));
        let mut node = Self { url, child, printed, log };
        node.await_ready(answers_at);
        node
    }

    fn await_ready(&mut self, path: &str) {
        let url = format!("{}{path}", self.url);
        for _ in 0..LOOKS {
            if send("GET", &url, &[], "").0 == 200 {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}: {}", self.log());
            std::thread::sleep(PAUSE);
        }
        panic!("not ready: {}", self.log());
    }

    /// What it has logged so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// The one-time link that it printed.
    pub(super) fn first_link(&self) -> String {
        let lines = std::iter::from_fn(|| self.printed.recv_timeout(PATIENCE).ok());
        let words = lines.flat_map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        words.into_iter().find(|word| word.contains("/admin/first#")).unwrap()
    }

    /// Becomes the first operator.
    pub(super) fn claim(&self) -> Admin {
        let link = self.first_link();
        let code = link.split_once('#').unwrap().1;
        let claim = json!({"code": code, "name": "test"}).to_string();
        let url = format!("{}/admin/api/admin-tokens/claim", self.url);
        let (status, body) = send("POST", &url, &[("Content-Type", "application/json")], &claim);
        assert_eq!(status, 201, "{body}");
        let created: Value = serde_json::from_str(&body).unwrap();
        Admin { token: created["token"].as_str().unwrap().to_owned() }
    }

    pub(super) fn token(&self, client_id: &str, secret: &str) -> (u16, String) {
        Client(&self.url).token(client_id, secret)
    }

    pub(super) fn call(&self, path: &str, token: &str, tenant: &str) -> u16 {
        Client(&self.url).call(path, token, tenant)
    }

    /// Ends it as an operator would.
    pub(super) fn end(self) {
        self.ask_to_end();
        self.await_end();
    }

    /// The first half of it.
    pub(super) fn ask_to_end(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// The second half.
    pub(super) fn await_end(mut self) {
        assert!(self.child.wait().unwrap().success(), "{}", self.log());
    }

    /// Ends it as a power cut would.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An app's backend, that talks to the node at this URL.
pub(super) struct Client<'a>(pub(super) &'a str);

impl Client<'_> {
    /// A token for this client; the status and the access token.
    pub(super) fn token(&self, client_id: &str, secret: &str) -> (u16, String) {
        let body = format!("grant_type=client_credentials&client_id={client_id}&client_secret={secret}");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let (status, body) = send("POST", &format!("{}/oauth2/token", self.0), &headers, &body);
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        (status, answer["access_token"].as_str().unwrap_or_default().to_owned())
    }

    /// The status of a call.
    pub(super) fn call(&self, path: &str, token: &str, tenant: &str) -> u16 {
        let authorization = format!("Bearer {token}");
        let headers = [("Authorization", authorization.as_str()), ("X-Tenant-ID", tenant)];
        send("GET", &format!("{}{path}", self.0), &headers, "").0
    }
}

/// Somebody with an admin token, who talks to any node.
#[derive(Clone)]
pub(super) struct Admin {
    pub(super) token: String,
}

impl Admin {
    /// A request; the status (0 when nobody answers) and the answer.
    pub(super) fn ask(
        &self,
        node_url: &str,
        method: &str,
        path: &str,
        body: impl Into<Value>,
    ) -> (u16, Value) {
        let authorization = format!("Bearer {}", self.token);
        let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        let body = body.into();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = send(method, &format!("{node_url}/admin/api{path}"), &headers, &body);
        (status, serde_json::from_str(&answer).unwrap_or_default())
    }

    /// The same, where only success will do.
    pub(super) fn must(&self, node_url: &str, method: &str, path: &str, body: impl Into<Value>) -> Value {
        let (status, answer) = self.ask(node_url, method, path, body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }
}

/// Waits until something holds.
pub(super) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if holds() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("never: {what}");
}
