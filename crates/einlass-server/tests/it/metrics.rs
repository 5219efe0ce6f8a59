//! What an operator measures.

use crate::support::{ISSUER, TestPlatform};
use einlass_protocol::metrics::Page;
use einlass_protocol::time::Clock;
use einlass_server::PlatformSettings;

impl TestPlatform {
    fn measure(&self, name: &str, part: Option<&str>) -> u64 {
        let mut page = Page::default();
        self.platform.write_metrics(&mut page);
        let begins = |line: &str| match part {
            Some(part) => line.starts_with(&format!("{name}{{")) && line.contains(&format!("\"{part}\"")),
            None => line.starts_with(&format!("{name} ")),
        };
        let page = page.to_string();
        let mut fitting = page.lines().filter(|line| begins(line));
        let line = fitting.next().expect("it is measured");
        assert!(fitting.next().is_none(), "{name} is there once");
        line.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn tokens(&self, outcome: &str) -> u64 {
        self.measure("einlass_token_requests_total", Some(outcome))
    }
}

#[tokio::test]
async fn token_requests_are_counted_by_what_became_of_them() {
    let settings = PlatformSettings { token_requests_per_second: 1, ..PlatformSettings::new(ISSUER) };
    let platform = TestPlatform::start_with(settings).await;
    for _ in 0..5 {
        platform.token().await;
    }
    platform.post_token(&[("authorization", "Basic !")], "grant_type=client_credentials").await;
    platform.post_token(&[], "grant_type=client_credentials&grant_type=x").await;
    let outcomes = ["issued", "client_limit", "authentication", "request", "address_limit"];
    assert_eq!(outcomes.map(|outcome| platform.tokens(outcome)), [4, 1, 1, 1, 0]);
    // A job is over a moment after its signature was handed over.
    while platform.measure("einlass_signing_jobs", None) > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(platform.measure("einlass_signing_refused_total", None), 0);
    assert!(platform.measure("einlass_store_connections", Some("idle")) > 0);
}

#[tokio::test]
async fn how_far_a_node_is_behind_is_known_when_it_could_not_follow() {
    let platform = TestPlatform::start().await;
    let scopes = "items.read".parse().unwrap();
    let (app, tenant) = (platform.demo.app, platform.demo.other_tenant);
    platform.platform.follow().await.unwrap();
    platform.store.consent_to_app(app, tenant, &scopes, platform.clock.wall()).await.unwrap();
    platform.behind_its_back(&["ALTER TABLE changes RENAME TO away"]).await;
    platform.platform.follow().await.unwrap_err();
    assert_eq!(platform.measure("einlass_changes_behind", None), 1);
    platform.behind_its_back(&["ALTER TABLE away RENAME TO changes"]).await;
    platform.platform.follow().await.unwrap();
    assert_eq!(platform.measure("einlass_changes_behind", None), 0);
}
