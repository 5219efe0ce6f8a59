//! HAProxy, as a bare proxy and with everything that it can check of a token: RS256 signature, issuer, audience,
//! expiry, and the presence of a tenant, which it hands on.

use super::ours::{AUDIENCE, Ours, call_with};
use super::{Peer, free_address, keys, version};
use crate::cores::{of_servers, on_servers};
use einlass_protocol::jose::Algorithm;
use std::fs;

/// One in front of this upstream; with `ours` it checks our tokens.
pub(crate) fn haproxy(upstream: &str, ours: &Ours, checks: bool) -> Result<Peer, String> {
    let does = if checks { "`jwt_verify` RS256" } else { "checks nothing" };
    let name = format!("HAProxy {}, {does}", version("haproxy", "-v")?);
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let token = &ours.mint(Algorithm::Rs256, 1)[0];
    let rules = if checks {
        let key = folder.path().join("key.pem");
        fs::write(&key, keys::public_pem(&ours.key_of(token))).unwrap();
        format!(
            "http-request set-var(txn.bearer) http_auth_bearer
            http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
            http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')
            http-request set-var(txn.aud) var(txn.bearer),jwt_payload_query('$.aud')
            http-request set-var(txn.exp) var(txn.bearer),jwt_payload_query('$.exp','int')
            http-request set-var(txn.now) date()
            http-request deny deny_status 401 unless {{ var(txn.alg) -m str RS256 }}
            http-request deny deny_status 401 unless {{ var(txn.iss) -m str {issuer} }}
            http-request deny deny_status 401 unless {{ var(txn.aud) -m str {AUDIENCE} }}
            http-request deny deny_status 401 if {{ var(txn.exp),sub(txn.now) -m int lt 0 }}
            http-request deny deny_status 401 unless {{ var(txn.bearer),jwt_verify(txn.alg,\"{key}\") -m int 1 }}
            http-request deny deny_status 400 unless {{ req.hdr(x-tenant-id) -m found }}
            http-request set-header X-Einlass-Tenant %[req.hdr(x-tenant-id)]
            http-request del-header Authorization",
            issuer = ours.issuer(),
            key = key.display(),
        )
    } else {
        String::new()
    };
    let configuration = format!(
        "global
            nbthread {threads}
            maxconn 8192
            tune.maxrewrite 2048
        defaults
            mode http
            timeout client 60s
            timeout server 60s
            timeout connect 5s
        frontend door
            bind {address}
            {rules}
            default_backend api
        backend api
            http-reuse always
            server api {upstream}
",
        threads = of_servers(),
    );
    let file = folder.path().join("haproxy.cfg");
    fs::write(&file, configuration).unwrap();
    Ok(Peer {
        name,
        probe: call_with(token),
        address,
        folder,
        command: Box::new(move || {
            let mut command = on_servers("haproxy");
            command.args(["-q", "-db", "-f"]).arg(&file);
            command
        }),
    })
}
