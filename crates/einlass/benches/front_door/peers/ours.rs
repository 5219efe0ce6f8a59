//! Ours: `einlass serve` as it is built for release, with many clients of each algorithm. Everything is on: secrets,
//! limits, policy, installations, revocations, usage, the log at info into a file.

use super::records::{self, DATABASE, client_id, secret, tenant_id};
use super::{Peer, free_address};
use crate::cores::on_servers;
use crate::load::{Requests, in_turn, once, request};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use einlass_protocol::jose::Algorithm;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// How many clients of each algorithm ask for tokens.
pub(crate) const CLIENTS: usize = 256;
/// How many refresh tokens of a channel there are.
const REFRESH_TOKENS: usize = 6_000;
pub(crate) const SCOPES: &str = "items.read";
pub(crate) const AUDIENCE: &str = "einlass-platform";
/// What is called if nothing else matters.
pub(crate) const ITEMS: &str = "/erp/v2/items";
/// How many connections fetch tokens when many are needed.
const FETCHERS: usize = 16;
const OPENAPI: &str = r#"{"openapi":"3.1.0","paths":{
    "/v2/items":{"get":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]}},
    "/v2/bodies/{size}":{
        "get":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]},
        "post":{"security":[{"oauth2-application":[],"Wawi":["items.read"]}]}}}}"#;

/// What a platform of ours is configured with.
pub(crate) struct Plan {
    pub(crate) folder: TempDir,
    /// Where its records are; in its folder unless said otherwise.
    pub(crate) store: Option<String>,
    /// Whether the limit of one address holds. The whole load comes from one.
    pub(crate) limits_addresses: bool,
}

/// A platform of ours. Most of what it is asked for needs it to run.
pub(crate) struct Ours {
    pub(crate) peer: Peer,
    /// Where its records are.
    pub(crate) store: String,
}

impl Ours {
    /// One in front of this upstream, with its clients, and without the limit of one address.
    pub(crate) fn prepare(upstream: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ours = Self::configure(Plan { folder, store: None, limits_addresses: false }, upstream);
        records::clients(&ours.store, CLIENTS);
        records::refresh_tokens(&ours.store, REFRESH_TOKENS);
        records::api_keys(&ours.store);
        ours
    }

    /// One in front of this upstream, with nothing recorded.
    pub(crate) fn configure(plan: Plan, upstream: &str) -> Self {
        let Plan { folder, store, limits_addresses } = plan;
        let (address, here) = (free_address(), folder.path());
        let store = store.unwrap_or_else(|| records::sqlite(&here.join("einlass.db")));
        let mut configuration = format!(
            r#"
            public_url = "http://{address}"
            [store]
            url = "{store}"
            [keys]
            master_key_file = "master.key"
            [[listener]]
            address = "{address}"
            surfaces = ["identity", "api", "scx", "hub", "partner", "onprem", "admin"]
            [scx]
            [[upstream]]
            prefix = "/erp"
            url = "http://{upstream}"
            openapi = ["items.json"]
            [[onprem]]
            database = "{DATABASE}"
            url = "http://{upstream}"
            openapi = ["items.json"]
            "#
        );
        if !limits_addresses {
            // Writing to a text cannot fail.
            let _ = writeln!(configuration, "[limits]\nrequests_per_second_per_address = 0");
        }
        let file = here.join("einlass.toml");
        fs::write(&file, configuration).unwrap();
        fs::write(here.join("items.json"), OPENAPI).unwrap();
        fs::write(here.join("master.key"), master_key()).unwrap();
        let executable: PathBuf =
            std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("einlass");
        let peer = Peer {
            name: format!("**Einlass {}**", env!("CARGO_PKG_VERSION")),
            address,
            folder,
            command: Box::new(move || {
                let mut command = on_servers(&executable);
                command.args(["serve", "--config"]).arg(&file);
                command
            }),
            probe: request("GET", "/.well-known/jwks.json", &[], ""),
        };
        Self { peer, store }
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

    /// A call with each of so many new tokens.
    pub(crate) fn calls(&self, algorithm: Algorithm, tokens: usize) -> Requests {
        self.mint(algorithm, tokens).iter().map(|token| call_with(token)).collect()
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

/// A call with this token.
pub(crate) fn call_with(token: &str) -> Vec<u8> {
    call("GET", ITEMS, token, 0, "")
}

/// A call which sends or asks for so many bytes.
pub(crate) fn call_of_size(method: &str, size: usize, token: &str) -> Vec<u8> {
    let body = if method == "POST" { vec![b'x'; size] } else { Vec::new() };
    call(method, &format!("/erp/v2/bodies/{size}"), token, 0, body)
}

/// A call of the API, for the tenant with this number.
pub(crate) fn call(method: &str, path: &str, token: &str, tenant: usize, body: impl AsRef<[u8]>) -> Vec<u8> {
    let (authorization, tenant) = (format!("Bearer {token}"), tenant_id(tenant).to_string());
    request(method, path, &[("authorization", &authorization), ("x-tenant-id", &tenant)], body)
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

/// An exchange of each refresh token.
pub(crate) fn exchange_requests() -> Requests {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let exchange = |number| {
        let token = records::refresh_token(number).expose().replace(':', "%3A");
        request("POST", "/v1/auth", &form, format!("refreshToken={token}"))
    };
    (0..REFRESH_TOKENS).map(exchange).collect()
}

/// A call with each on-premise key.
pub(crate) fn calls_with_keys() -> Requests {
    let call = |number| {
        let authorization = format!("Wawi {}", records::api_key(number).expose());
        request("GET", &format!("/api/{DATABASE}/v2/items"), &[("authorization", &authorization)], "")
    };
    (0..records::API_KEYS).map(call).collect()
}

/// The clients and their secrets, for the configuration of other servers.
pub(super) fn clients(algorithm: Algorithm) -> Map<String, Value> {
    let client = |number| (client_id(algorithm, number).to_string(), secret(number).expose().into());
    (0..CLIENTS).map(client).collect()
}

fn master_key() -> String {
    let mut key = [0; 32];
    aws_lc_rs::rand::fill(&mut key).unwrap();
    STANDARD.encode(key)
}
