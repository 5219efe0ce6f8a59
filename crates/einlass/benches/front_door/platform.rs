//! Ours: `einlass dev` as it is built for release, in front of a bare upstream, with many clients of each
//! algorithm. Everything is on: secrets, limits, policy, installations, log at info.

use crate::load::{Load, request};
use base64::Engine as _;
use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId, TenantId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{App, NewApp, NewSecret, Organisation, Store};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// How many clients of each algorithm ask for tokens.
const CLIENTS: u128 = 256;
const SCOPES: &str = "items.read";
const OPENAPI: &str = r#"{"openapi":"3.1.0","paths":{"/v2/items":{"get":{"security":[
    {"oauth2-cloud-id-accessCode":[],"Wawi":["items.read"]},{"oauth2-application":[],"Wawi":["items.read"]}]}}}}"#;

/// A running platform. It ends with its handle.
pub(crate) struct Platform {
    address: String,
    tenant: String,
    child: Child,
    _folder: TempDir,
}

pub(crate) fn start(upstream: &str) -> Platform {
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("platform");
    let document = folder.path().join("items.json");
    let log = folder.path().join("log");
    fs::write(&document, OPENAPI).unwrap();
    let executable = std::env::current_exe().unwrap();
    let executable = executable.ancestors().nth(2).unwrap().join("einlass");
    let spawn = || {
        Command::new(&executable)
            .args(["dev", "--listen", "127.0.0.1:0", "--upstream", &format!("http://{upstream}"), "--data"])
            .arg(data)
            .arg("--openapi")
            .arg(&document)
            .stdout(Stdio::null())
            .stderr(File::options().create(true).append(true).open(&log).unwrap())
            .spawn()
            .unwrap()
    };
    // The first start makes tables and tenant; the clients are recorded while nobody uses them.
    let mut child = spawn();
    let tenant = value(data, "TENANT_ID");
    child.kill().unwrap();
    child.wait().unwrap();
    fs::remove_file(data.join("dev.env")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(record_clients(data, tenant.parse().unwrap()));

    let child = spawn();
    let address = value(data, "EINLASS_URL").strip_prefix("http://").unwrap().to_owned();
    Platform { address, tenant, child, _folder: folder }
}

impl Platform {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Token requests of all clients of an algorithm.
    pub(crate) fn tokens(&self, algorithm: &str) -> Load {
        let requests = (0..CLIENTS).map(|number| self.token_request(algorithm, number)).collect();
        Load::of(&self.address, requests)
    }

    /// Gateway calls with one token of each of a few clients.
    pub(crate) fn calls(&self, algorithm: &str) -> Load {
        let requests = (0..32).map(|number| {
            let authorization = format!("Bearer {}", self.token(algorithm, number));
            let headers = [("authorization", authorization.as_str()), ("x-tenant-id", &self.tenant)];
            request(&self.address, "GET", "/erp/v2/items", &headers, "")
        });
        Load::of(&self.address, requests.collect())
    }

    /// Resident memory in MiB.
    pub(crate) fn resident_mib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    fn token_request(&self, algorithm: &str, number: u128) -> Vec<u8> {
        let joined = format!("{}:{}", client_id(algorithm, number), secret(number).expose());
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(joined));
        let headers =
            [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        request(&self.address, "POST", "/oauth2/token", &headers, "grant_type=client_credentials")
    }

    fn token(&self, algorithm: &str, number: u128) -> String {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&self.address).unwrap();
        stream.write_all(&self.token_request(algorithm, number)).unwrap();
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let count = stream.read(&mut piece).unwrap();
            answer.extend_from_slice(&piece[..count]);
            let text = String::from_utf8_lossy(&answer);
            if let Some((_, body)) = text.split_once("\r\n\r\n")
                && body.ends_with('}')
            {
                let body: serde_json::Value = serde_json::from_str(body).unwrap();
                return body["access_token"].as_str().unwrap().to_owned();
            }
            assert!(count > 0, "no token: {text}");
        }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A value of `dev.env`, once it is there.
fn value(data: &Path, name: &str) -> String {
    for _ in 0..3_000 {
        if let Ok(file) = fs::read_to_string(data.join("dev.env")) {
            let line = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            return line.unwrap().to_owned();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("einlass dev did not start: {}", fs::read_to_string(data.with_file_name("log")).unwrap());
}

async fn record_clients(data: &Path, tenant: TenantId) {
    let store = Store::open(&Store::sqlite_url(&data.join("einlass.db"))).await.unwrap();
    let now = UnixTime::from_seconds(1_700_000_000);
    let organisation = OrganisationId::new(Uuid::from_u128(1));
    store.create_organisation(&Organisation { id: organisation, name: "Bench".into() }, now).await.unwrap();
    for (offset, algorithm) in [(1_000, Algorithm::Rs256), (2_000, Algorithm::EdDsa)] {
        for number in 0..CLIENTS {
            let app = App {
                id: AppId::new(Uuid::from_u128(offset + number)),
                organisation,
                technical_name: format!("{algorithm}-{number}"),
                name: "Bench".into(),
                scopes: SCOPES.parse().unwrap(),
            };
            let id = app.id;
            let client_id = client_id(algorithm.as_str(), number);
            store
                .register_app(&NewApp { app, client_id: client_id.clone(), algorithm, secret: None }, now)
                .await
                .unwrap();
            let hash = SecretHash::of(&secret(number));
            let credential = CredentialId::new(Uuid::from_u128(offset + number));
            let new = NewSecret { id: credential, client_id, name: "bench".into(), hash, expires_at: None };
            store.add_client_secret(&new, now).await.unwrap();
            store.consent_to_app(id, tenant, &SCOPES.parse().unwrap(), now).await.unwrap();
            store.complete_setup(id, tenant, now).await.unwrap_or_default();
        }
    }
    store.close().await;
}

fn client_id(algorithm: &str, number: u128) -> ClientId {
    format!("{algorithm}-client-{number}").parse().unwrap()
}

fn secret(number: u128) -> Secret {
    let mut entropy = [0; 32];
    entropy[16..].copy_from_slice(&number.to_be_bytes());
    Secret::from_entropy(SecretKind::ClientSecret, &entropy)
}
