//! Linking sellers to channels.

use super::{TestPlatform, refusal, session_in, settings};
use serde_json::{Value, json};

/// A session for the demonstration's seller at its channel.
async fn sign_up(platform: &TestPlatform, seller: &str) -> String {
    let path = format!("/seller/channel/{}", platform.demo.channel.name);
    let reply = platform.call(seller, "POST", &path, "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    let url = body["signUpUrl"].as_str().unwrap();
    assert!(url.ends_with(&format!("&expiresAt={}", body["expiresAt"].as_i64().unwrap())), "{url}");
    let session = session_in(&body["signUpUrl"]);
    assert_eq!(session.len(), 64);
    session
}

fn link(session: &str, seller: &str) -> String {
    json!({ "session": session, "sellerId": seller, "companyName": "Anna's Bikes" }).to_string()
}

async fn sellers(platform: &TestPlatform, channel: &str) -> Vec<Value> {
    let reply = platform.call(channel, "GET", "/channel/seller/list", "").await;
    reply.json()["sellerList"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_seller_is_linked_changed_and_unlinked() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    let session = sign_up(&platform, &seller).await;
    // Looking does not use it up, under either name.
    for name in ["session", "sessionId"] {
        let path = format!("/channel/seller/signup-session?{name}={session}");
        let reply = platform.call(&channel, "GET", &path, "").await;
        assert_eq!((reply.status.as_u16(), reply.json()), (200, json!({ "jtlAccountId": 10_001 })));
    }
    let reply = platform.call(&channel, "POST", "/channel/seller", &link(&session, "4711")).await;
    assert_eq!((reply.status.as_u16(), reply.text()), (201, ""));
    let again = platform.call(&channel, "POST", "/channel/seller", &link(&session, "4712")).await;
    assert_eq!(refusal(&again), (404, "SES100".into()));
    let found = sellers(&platform, &channel).await;
    let names: Vec<_> = found[0].as_object().unwrap().keys().map(String::as_str).collect();
    let documented = [
        "companyName",
        "createdAt",
        "isActiveByChannel",
        "isActiveByJTL",
        "jtlAccountId",
        "sellerId",
        "updatedAt",
    ];
    assert_eq!((found.len(), &names[..]), (1, &documented[..]));

    let path = format!("/seller/channel/{}?sellerId=4711", platform.demo.channel.name);
    let body = platform.call(&seller, "PATCH", &path, "").await.json();
    assert_eq!(body["sellerId"], "4711");
    let session = session_in(&body["updateUrl"]);
    let path = format!("/channel/seller/update-session?session={session}");
    assert_eq!(platform.call(&channel, "GET", &path, "").await.json(), json!({ "sellerId": "4711" }));
    let change = json!({ "sessionId": session, "isActive": false }).to_string();
    // 201, where others would answer 200.
    assert_eq!(platform.call(&channel, "PATCH", "/channel/seller", &change).await.status, 201);
    assert_eq!(platform.call(&channel, "PATCH", "/channel/seller", &change).await.status, 404);
    assert_eq!(sellers(&platform, &channel).await[0]["isActiveByChannel"], false);

    let reply = platform.call(&channel, "DELETE", "/channel/seller/4711?reason=closed", "").await;
    assert!(reply.status.is_success());
    assert!(sellers(&platform, &channel).await.is_empty());
    let events = platform.store.take_channel_events(&platform.demo.channel.name, 10, 10).await.unwrap();
    assert_eq!(events[0].kind, "Seller:Channel.Unlinked");
    assert_eq!(events[0].body, r#"{"reason":"closed","sellerId":"4711"}"#);
    let reply = platform.call(&channel, "DELETE", "/channel/seller/4711", "").await;
    assert_eq!(refusal(&reply), (404, "SEL100".into()));
}

#[tokio::test]
async fn a_channels_token_on_a_sellers_path_is_told_whose_it_is() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    let path = format!("/seller/channel/{}", platform.demo.channel.name);
    let english = [("authorization", &*format!("Bearer {channel}")), ("accept-language", "en")];
    let reply = platform.scx("POST", &path, &english, "").await;
    assert_eq!(refusal(&reply), (403, "ATH102".into()));
    assert!(reply.json()["errorList"][0]["hint"].as_str().unwrap().contains("the seller's"));
    let reply = platform.call(&seller, "GET", "/channel/seller/list", "").await;
    assert_eq!(refusal(&reply).0, 403);
    assert!(reply.json()["errorList"][0]["hint"].as_str().unwrap().contains("gehört dem Kanal"));
}

#[tokio::test]
async fn one_session_used_by_many_at_once_links_one_seller() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    let session = sign_up(&platform, &seller).await;
    let bodies: Vec<String> = (0..8).map(|number| link(&session, &format!("s{number}"))).collect();
    let (channel, platform) = (&*channel, &platform);
    let uses = bodies.iter().map(|body| platform.call(channel, "POST", "/channel/seller", body));
    let mut statuses = Vec::new();
    for reply in join_all(uses).await {
        statuses.push(reply.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404, 404, 404, 404, 404, 404, 404]);
    assert_eq!(sellers(platform, channel).await.len(), 1);
}

/// Drives all of them together.
async fn join_all<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        pending.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn what_a_seller_or_a_channel_names_wrongly_is_refused() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    let session = sign_up(&platform, &seller).await;
    let name = &platform.demo.channel.name;
    for (token, method, path, body, expected) in [
        (&seller, "POST", "/seller/channel/NOWHERE", "{}".to_owned(), (404, "CHN100")),
        (&seller, "POST", "/seller/channel/a-b", "{}".into(), (404, "CHN100")),
        (&seller, "PATCH", &*format!("/seller/channel/{name}"), "{}".into(), (404, "SEL100")),
        (&seller, "PATCH", &*format!("/seller/channel/{name}?sellerId=a-b"), "{}".into(), (400, "VAL100")),
        (&channel, "GET", "/channel/seller/signup-session", String::new(), (400, "VAL100")),
        (&channel, "GET", "/channel/seller/signup-session?session=x", String::new(), (404, "SES100")),
        (
            &channel,
            "GET",
            &*format!("/channel/seller/update-session?session={session}"),
            String::new(),
            (404, "SES100"),
        ),
        (&channel, "POST", "/channel/seller", link(&session, "not-a-word"), (400, "VAL100")),
        (&channel, "POST", "/channel/seller", "no json".into(), (400, "VAL100")),
        (
            &channel,
            "PATCH",
            "/channel/seller",
            json!({ "session": session, "isActive": true }).to_string(),
            (404, "SES100"),
        ),
    ] {
        let reply = platform.call(token, method, path, &body).await;
        assert_eq!(refusal(&reply), (expected.0, expected.1.to_owned()), "{method} {path} {body}");
    }
    // None of it used the session up.
    assert_eq!(platform.call(&channel, "POST", "/channel/seller", &link(&session, "4711")).await.status, 201);
}

#[tokio::test]
async fn sessions_and_links_outlive_a_restart() {
    let platform = TestPlatform::start_with(settings()).await;
    let seller = platform.seller_token().await;
    let session = sign_up(&platform, &seller).await;
    let platform = TestPlatform::start_in(platform.folder, settings()).await;
    let channel = platform.channel_token().await;
    assert_eq!(platform.call(&channel, "POST", "/channel/seller", &link(&session, "4711")).await.status, 201);
    let platform = TestPlatform::start_in(platform.folder, settings()).await;
    assert_eq!(sellers(&platform, &channel).await[0]["sellerId"], "4711");
}
