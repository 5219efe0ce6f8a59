//! The token endpoint of npm's `oidc-provider`: clients and keys in its memory, nothing stored.

use super::ours::{AUDIENCE, SCOPES, clients, token_request};
use super::{Peer, free_address, keys, packages, port_of};
use crate::cores::on_servers;
use einlass_protocol::jose::Algorithm;
use serde_json::json;
use std::fs;

/// One that signs with this algorithm, in so many processes.
pub(crate) fn oidc_provider(algorithm: Algorithm, processes: usize) -> Result<Peer, String> {
    let package = packages("node").join("node_modules/oidc-provider/package.json");
    let package = fs::read(package).map_err(|_| "npm's oidc-provider is not installed")?;
    let package: serde_json::Value = serde_json::from_slice(&package).map_err(|fault| fault.to_string())?;
    let version = package["version"].as_str().unwrap_or("of no version");
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let key = folder.path().join("key.pem");
    fs::write(&key, keys::private_pem(algorithm)).unwrap();
    let plan = folder.path().join("plan.json");
    let content = json!({
        "port": port_of(&address), "processes": processes, "algorithm": algorithm.as_str(), "key": key,
        "audience": AUDIENCE, "scope": SCOPES, "clients": clients(algorithm),
    });
    fs::write(&plan, content.to_string()).unwrap();
    let in_words = if processes == 1 { "1 process".into() } else { format!("{processes} processes") };
    Ok(Peer {
        name: format!("oidc-provider {version}, {in_words}"),
        probe: token_request(algorithm, 0),
        address,
        folder,
        command: Box::new(move || {
            let mut command = on_servers("node");
            command.arg(packages("node").join("server.mjs")).arg(&plan);
            command
        }),
    })
}
