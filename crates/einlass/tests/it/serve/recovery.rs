//! The way back in for an operator who has lost every admin token.

use super::site::{Admin, Engine, Site};
use crate::kit::{einlass, text};
use serde_json::Value;
use std::process::Output;

fn recover(site: &Site, name: &str) -> Output {
    let mut command = einlass();
    command.args(["admin-token", "recover", "--name", name, "--config"]).arg(site.path("einlass.toml"));
    command.output().unwrap()
}

#[test]
fn whoever_may_write_to_the_store_makes_a_token_that_running_nodes_know() {
    for engine in [Engine::Postgres, Engine::Sqlite] {
        let site = Site::new(engine, "");
        let node = site.start();
        let lost = node.claim();
        // The configuration of a site is without listeners, which are each node's own.
        site.configure("[[listener]]\naddress = \"127.0.0.1:1\"\n");
        let output = recover(&site, "found");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let token = text(&output.stdout).trim().strip_prefix("EINLASS_ADMIN_TOKEN=").unwrap().to_owned();
        assert!(!text(&output.stderr).contains(&token));

        let found = Admin { token };
        let (status, _) = found.ask(&node.url, "DELETE", "/admin-tokens/test", Value::Null);
        assert_eq!(status, 204);
        assert_eq!(lost.ask(&node.url, "GET", "/apps", Value::Null).0, 401);
        let audit = found.must(&node.url, "GET", "/audit?limit=5", Value::Null).to_string();
        assert!(audit.contains("recover admin token") && audit.contains("found, full"), "{audit}");

        for name in ["", "claim", "00000000-0000-0000-0000-000000000001", "a\u{202e}b"] {
            assert_eq!(recover(&site, name).status.code(), Some(2), "{name:?}");
        }
        let again = recover(&site, "found");
        let complaint = "einlass: there is an admin token found already; choose another --name\n";
        assert_eq!((again.status.code(), text(&again.stderr)), (Some(2), complaint));
    }
}
