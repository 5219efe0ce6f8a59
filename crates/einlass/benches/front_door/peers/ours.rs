//! Ours: `einlass dev` as it is built for release, with many clients of each algorithm. Everything is on: secrets,
//! limits, policy, installations, revocations, the log at info into a file.

use super::Peer;
use super::records::{self, client_id, secret};
use crate::cores::on_servers;
use crate::load::{Requests, in_turn, now, once, request};
use crate::process::Process;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use einlass_protocol::jose::Algorithm;
use serde_json::{Map, Value};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How many clients of each algorithm ask for tokens.
pub(crate) const CLIENTS: usize = 256;
pub(crate) const SCOPES: &str = "items.read";
pub(crate) const AUDIENCE: &str = "einlass-platform";
/// What is called if nothing else matters.
pub(crate) const ITEMS: &str = "/erp/v2/items";
/// How many connections fetch tokens when many are needed.
const FETCHERS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(30);
const OPENAPI: &str = r#"{"openapi":"3.1.0","paths":{
    "/v2/items":{"get":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]}},
    "/v2/bodies/{size}":{
        "get":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]},
        "post":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]}}}}"#;

/// A platform of ours. Most of what it is asked for needs it to run.
pub(crate) struct Ours {
    pub(crate) peer: Peer,
    /// Where its records are.
    pub(crate) store: String,
    tenant: String,
}

impl Ours {
    /// One in front of this upstream, with its keys, its tables and its clients.
    pub(crate) fn prepare(upstream: &str) -> Self {
        let fill = |store: &str, tenant: &str| {
            for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
                records::clients(store, algorithm, CLIENTS, tenant);
            }
        };
        Self::prepare_in(tempfile::tempdir().unwrap(), upstream, fill)
    }

    /// One in this folder, with what `fill` writes into its store; that gets to know the tenant that is there.
    pub(crate) fn prepare_in(folder: TempDir, upstream: &str, fill: impl FnOnce(&str, &str)) -> Self {
        let data = folder.path().join("platform");
        let document = folder.path().join("items.json");
        fs::write(&document, OPENAPI).unwrap();
        let command = command(&data, upstream, &document);

        // The first start makes keys, tables and the tenant; the clients are recorded while nobody uses them.
        let first = start(&command, &folder.path().join("first"));
        let value = |name| value(&data, name).unwrap_or_else(|| panic!("einlass dev does not start"));
        let (url, tenant) = (value("EINLASS_URL"), value("TENANT_ID"));
        drop(first);
        let store = records::sqlite(&data.join("einlass.db"));
        fill(&store, &tenant);
        let peer = Peer {
            name: format!("**Einlass {}**", env!("CARGO_PKG_VERSION")),
            address: url.trim_start_matches("http://").into(),
            folder,
            command: Box::new(command),
            probe: request("GET", "/readyz", &[], ""),
        };
        Self { peer, store, tenant }
    }

    /// The issuer of its tokens.
    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.peer.address)
    }

    /// New tokens of all clients, each other than every one before.
    pub(crate) fn mint(&self, algorithm: Algorithm, count: usize) -> Vec<String> {
        self.fetch(&(0..count).map(|number| token_request(algorithm, number)).collect::<Vec<_>>())
    }

    /// The tokens that these requests get from the token endpoint, as any client would.
    pub(crate) fn fetch(&self, requests: &[Vec<u8>]) -> Vec<String> {
        let share = requests.len().div_ceil(FETCHERS).max(1);
        std::thread::scope(|scope| {
            let fetchers: Vec<_> = requests
                .chunks(share)
                .map(|requests| scope.spawn(|| in_turn(&self.peer.address, requests).unwrap()))
                .collect();
            fetchers.into_iter().flat_map(|fetcher| fetcher.join().unwrap()).map(token_of).collect()
        })
    }

    /// A call with this token.
    pub(crate) fn call(&self, token: &str) -> Vec<u8> {
        call("GET", ITEMS, token, &self.tenant, "")
    }

    /// A call which sends or asks for so many bytes.
    pub(crate) fn call_of_size(&self, method: &str, size: usize, token: &str) -> Vec<u8> {
        let body = if method == "POST" { vec![b'x'; size] } else { Vec::new() };
        call(method, &format!("/erp/v2/bodies/{size}"), token, &self.tenant, body)
    }

    /// A call with each of so many new tokens.
    pub(crate) fn calls(&self, algorithm: Algorithm, tokens: usize) -> Requests {
        self.mint(algorithm, tokens).iter().map(|token| self.call(token)).collect()
    }

    /// The keys that check its tokens.
    pub(crate) fn key_set(&self) -> Value {
        let (_, body) = once(&self.peer.address, &request("GET", "/.well-known/jwks.json", &[], "")).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The key that checks this token.
    pub(crate) fn key_of(&self, token: &str) -> Value {
        let head = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let head: Value = serde_json::from_slice(&head).unwrap();
        let keys = self.key_set();
        keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == head["kid"]).unwrap().clone()
    }
}

fn token_of((status, body): (u16, Vec<u8>)) -> String {
    assert_eq!(status, 200, "no token: {}", String::from_utf8_lossy(&body));
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

/// A call of the API.
pub(crate) fn call(method: &str, path: &str, token: &str, tenant: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let authorization = format!("Bearer {token}");
    request(method, path, &[("authorization", &authorization), ("x-tenant-id", tenant)], body)
}

/// A token request of the client with this number, of those that there are.
pub(crate) fn token_request(algorithm: Algorithm, number: usize) -> Vec<u8> {
    let number = number % CLIENTS;
    token_request_as(client_id(algorithm, number).as_str(), secret(number).expose())
}

/// A token request with any credentials.
pub(crate) fn token_request_as(client: &str, secret: &str) -> Vec<u8> {
    let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
    let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    request("POST", "/oauth2/token", &headers, format!("grant_type=client_credentials&scope={SCOPES}"))
}

/// A token request of each client.
pub(crate) fn token_requests(algorithm: Algorithm) -> Requests {
    (0..CLIENTS).map(|number| token_request(algorithm, number)).collect()
}

/// The clients and their secrets, for the configuration of other servers.
pub(super) fn clients(algorithm: Algorithm) -> Map<String, Value> {
    let client = |number| (client_id(algorithm, number).to_string(), secret(number).expose().into());
    (0..CLIENTS).map(client).collect()
}

fn command(data: &Path, upstream: &str, document: &Path) -> impl Fn() -> Command + Send + Sync + use<> {
    let executable: PathBuf = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("einlass");
    let (data, document) = (data.to_owned(), document.to_owned());
    let upstream = format!("http://{upstream}");
    move || {
        let mut command = on_servers(&executable);
        command.args(["dev", "--listen", "127.0.0.1:0", "--upstream", &upstream, "--openapi"]);
        command.arg(&document).arg("--data").arg(&data);
        command
    }
}

fn start(command: &impl Fn() -> Command, log: &Path) -> Process {
    let log = File::create(log).unwrap();
    Process::start(command().stdout(Stdio::null()).stderr(log)).unwrap()
}

/// A value of `dev.env`, once it is there.
fn value(data: &Path, name: &str) -> Option<String> {
    let begun = now();
    while begun.elapsed() < PATIENCE {
        if let Ok(file) = fs::read_to_string(data.join("dev.env")) {
            return file
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
                .map(String::from);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    None
}
