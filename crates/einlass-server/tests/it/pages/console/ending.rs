//! What the console ends, and lets in again: who may, what is said before, and what becomes of a second end.

use super::{PLACES, platform};
use crate::support::FORM;
use axum::body::Body;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::oauth::FirstParty;
use einlass_protocol::time::Clock as _;
use einlass_protocol::usage::{UsageCaller, UsageCounts, UsageKey, UsageRow, UsedCredential};
use einlass_server::peer::Peer;
use http::Request;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn what_ends_something_needs_an_admin_of_the_operators_with_a_fresh_proof() {
    let (platform, held) = platform().await;
    let ends = platform.ends().await;
    for path in &ends {
        let page = platform.page(path, &held).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let text = page.text();
        assert!(text.contains(&format!("action=\"{path}\"")), "{path} leads elsewhere");
    }
    platform.nothing_has_ended().await;

    let member = platform.operators_member().await;
    for place in PLACES {
        let page = platform.page(place, &member).await;
        assert_eq!(page.status, 200, "{place}");
        assert!(!page.text().contains("/admin/end/") || place == "/admin/tokens", "{place} offers an end");
    }
    let merchant = platform.merchant().await;
    let merchant = platform.at_surface(FirstParty::Console, &merchant).await;
    for path in &ends {
        for who in [&member, &merchant] {
            assert_eq!(platform.page(path, who).await.status, 403, "{path}");
            assert_eq!(platform.end(path, who).await.status, 403, "{path}");
        }
        // A form of another site comes with the operator's cookie too.
        let foreign = Request::post(path.as_str()).header("content-type", FORM).header("cookie", &held);
        let foreign = foreign.header("origin", "https://evil.example");
        let foreign = foreign.extension(Peer("192.0.2.1:1234".parse().unwrap()));
        assert_eq!(platform.send(foreign.body(Body::empty()).unwrap()).await.status, 403, "{path}");
    }
    for place in PLACES {
        assert_eq!(platform.page(place, &merchant).await.status, 403, "{place}");
        assert_eq!(platform.page(place, "").await.status, 303, "{place}");
    }
    platform.clock.advance(Duration::from_mins(11));
    for path in &ends {
        for reply in [platform.page(path, &held).await, platform.end(path, &held).await] {
            assert_eq!(reply.status, 303, "{path}");
            assert!(reply.header("location").contains("fresh=true"), "{path}: {}", reply.header("location"));
        }
    }
    platform.nothing_has_ended().await;
}

#[tokio::test]
async fn what_is_not_there_is_not_ended() {
    let (platform, held) = platform().await;
    let nobody = Uuid::nil();
    let kinds = [
        "app",
        "client",
        "secret",
        "installation",
        "tenant",
        "registration",
        "channel",
        "refresh-token",
        "person",
        "grant",
        "admin-token",
        "key",
        "token",
        "organisation",
        "",
    ];
    for kind in kinds {
        for named in
            [nobody.to_string(), format!("{nobody}@{nobody}"), "-".into(), "%E2%80%AE".into(), "a%2Fb".into()]
        {
            let path = format!("/admin/end/{kind}/{named}");
            assert_eq!(platform.page(&path, &held).await.status, 404, "{path}");
            assert_eq!(platform.end(&path, &held).await.status, 404, "{path}");
        }
    }
    for place in ["organisations", "tenants", "apps", "channels", "sites", "people"] {
        for named in [nobody.to_string(), "-".into(), "%E2%80%AE".into()] {
            assert_eq!(
                platform.page(&format!("/admin/{place}/{named}"), &held).await.status,
                404,
                "{place} {named}"
            );
        }
    }
    platform.nothing_has_ended().await;
}

#[tokio::test]
async fn how_much_rests_on_something_is_said_before_it_ends() {
    let (platform, held) = platform().await;
    let secret: CredentialId = platform.secret_id().await.parse().unwrap();
    let caller = UsageCaller { app: Some(platform.demo.app), credential: UsedCredential::Secret(secret) };
    let row = |minute, calls| UsageRow {
        key: UsageKey { minute, caller: Some(caller), tenant: Some(platform.demo.tenant), scope: None },
        counts: UsageCounts { tokens: 0, calls, errors: 0 },
    };
    let now = platform.clock.wall();
    let yesterday = now.day().minus(Duration::from_mins(1));
    platform.store.add_usage(&[row(now.minute(), 4_711), row(yesterday, 9)]).await.unwrap();
    let app = platform.demo.app;
    let said = [
        (format!("app/{app}"), ["<dd>1</dd>", "<dd>4711</dd>"]),
        (format!("client/{}", platform.demo.client_id), ["<dd>1</dd>", "<dd>4711</dd>"]),
        (format!("secret/{secret}"), ["<dd>1</dd>", "<dd>4711</dd>"]),
        (format!("installation/{app}@{}", platform.demo.tenant), ["Anna&#39;s Bikes", "<dd>4711</dd>"]),
        (format!("tenant/{}", platform.demo.tenant), ["<dd>1</dd>", "<dd>4711</dd>"]),
    ];
    for (path, expected) in said {
        let page = platform.page(&format!("/admin/end/{path}"), &held).await.text().to_owned();
        for text in expected {
            assert!(page.contains(text), "{path} does not say {text}: {page}");
        }
    }
    let key = platform.ends().await.pop().unwrap();
    let page = platform.page(&key, &held).await.text().to_owned();
    assert!(page.contains("<dd>4711</dd>"), "what rests on a key is everything: {page}");
}

#[tokio::test]
async fn to_end_something_again_does_no_harm() {
    let (platform, held) = platform().await;
    let secret = format!("/admin/end/secret/{}", platform.secret_id().await);
    for _ in 0..2 {
        let reply = platform.end(&secret, &held).await;
        let back = format!("/admin/apps/{}?done=ended", platform.demo.app);
        assert_eq!((reply.status.as_u16(), reply.header("location")), (303, &*back));
        let said = platform.page(&back, &held).await;
        assert!(!said.text().contains("Ended."), "a link says that something ended");
    }
    assert_eq!(platform.token().await.status, 401);
    assert_eq!(platform.page(&secret, &held).await.status, 200, "one may look what it was");
    let key = platform.ends().await.pop().unwrap();
    assert_eq!(platform.end(&key, &held).await.status, 303);
    assert_eq!(platform.end(&key, &held).await.status, 404, "a key that is distrusted is no key any more");
}

#[tokio::test]
async fn what_is_shut_out_is_let_in_again_by_an_admin_of_the_operators() {
    let (platform, held) = platform().await;
    let channel = platform.demo.channel.name.to_string();
    let member = platform.operators_member().await;
    for (kind, subject, place) in [
        ("app", platform.demo.app.to_string(), format!("/admin/apps/{}", platform.demo.app)),
        ("channel", channel.clone(), format!("/admin/channels/{channel}")),
    ] {
        let readmit = format!("{place}/readmit");
        let is_offered = async || platform.page(&place, &held).await.text().contains(&readmit);
        assert!(!is_offered().await);
        assert_eq!(platform.end(&format!("/admin/end/{kind}/{subject}"), &held).await.status, 303);
        assert!(is_offered().await);
        assert!(!platform.page(&place, &member).await.text().contains(&readmit));
        assert_eq!(platform.end(&readmit, &member).await.status, 403);
        assert!(is_offered().await, "it is shut out still");
        assert_eq!(platform.end(&readmit, &held).await.status, 303);
        assert!(!is_offered().await);
        let events = platform.ask(&format!("/audit?subject={subject}&action=readmit+{kind}")).await;
        assert_eq!(events["items"].as_array().unwrap().len(), 1);
    }
}
