//! nginx as a bare proxy: it checks nothing. What it forwards is what a gateway that checks is held against.

use super::{Peer, free_address, version};
use crate::cores::{of_servers, on_servers};
use crate::load::request;
use std::fs;

/// One in front of this upstream.
pub(crate) fn nginx(upstream: &str) -> Result<Peer, String> {
    let name = format!("nginx {}, checks nothing", version("nginx", "-v")?);
    let folder = tempfile::tempdir().unwrap();
    let (here, address) = (folder.path().display().to_string(), free_address());
    let configuration = format!(
        "daemon off;
        user root;
        worker_processes {workers};
        pid {here}/pid;
        error_log stderr error;
        events {{ worker_connections 8192; }}
        http {{
            access_log off;
            client_body_temp_path {here}/body;
            proxy_temp_path {here}/proxy;
            fastcgi_temp_path {here}/fastcgi;
            uwsgi_temp_path {here}/uwsgi;
            scgi_temp_path {here}/scgi;
            client_max_body_size 0;
            keepalive_requests 100000000;
            upstream api {{ server {upstream}; keepalive 256; keepalive_requests 100000000; }}
            server {{
                listen {address} reuseport backlog=4096;
                location / {{
                    proxy_pass http://api;
                    proxy_http_version 1.1;
                    proxy_set_header Connection '';
                    proxy_request_buffering off;
                    proxy_max_temp_file_size 0;
                }}
            }}
        }}",
        workers = of_servers(),
    );
    fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
    Ok(Peer {
        name,
        probe: request("GET", "/erp/v2/items", &[], ""),
        address,
        command: Box::new(move || {
            let mut command = on_servers("nginx");
            command.args(["-e", "stderr", "-p", &here, "-c", "nginx.conf"]);
            command
        }),
        folder,
    })
}
