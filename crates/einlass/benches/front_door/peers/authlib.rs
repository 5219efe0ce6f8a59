//! The token endpoint of PyPI's Authlib on Flask, served by granian with a worker for each core.

use super::ours::{AUDIENCE, SCOPES, clients, token_request};
use super::{Peer, free_address, keys, packages, port_of, version};
use crate::cores::{of_servers, on_servers};
use einlass_protocol::jose::Algorithm;
use serde_json::json;
use std::fs;

/// One that signs with RS256.
pub(crate) fn authlib() -> Result<Peer, String> {
    let granian = packages("python").join("venv/bin/granian");
    version(&granian, "--version")?;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let key = folder.path().join("key.pem");
    fs::write(&key, keys::private_pem(Algorithm::Rs256)).unwrap();
    let plan = folder.path().join("plan.json");
    let content = json!({
        "port": port_of(&address), "algorithm": "RS256", "key": key,
        "audience": AUDIENCE, "scope": SCOPES, "clients": clients(Algorithm::Rs256),
    });
    fs::write(&plan, content.to_string()).unwrap();
    let port = port_of(&address).to_string();
    let workers = of_servers();
    Ok(Peer {
        name: format!("Authlib {} on Flask, granian, {workers} workers", pinned("Authlib")),
        probe: token_request(Algorithm::Rs256, 0),
        address,
        folder,
        command: Box::new(move || {
            let mut command = on_servers(&granian);
            command
                .args([
                    "--interface",
                    "wsgi",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    &port,
                    "--log-level",
                    "warning",
                ])
                .args(["--workers", &workers.to_string(), "server:app"])
                .current_dir(packages("python"))
                .env("BENCH_PLAN", &plan);
            command
        }),
    })
}

/// The version that the list of packages asks for.
fn pinned(package: &str) -> String {
    let list = fs::read_to_string(packages("python").join("requirements.txt")).unwrap_or_default();
    let line = list.lines().find_map(|line| line.strip_prefix(package)?.strip_prefix("=="));
    line.unwrap_or("of no version").into()
}
