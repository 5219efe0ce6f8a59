//! What is revoked is shut out at once, and nothing else is.

use super::{TestPlatform, refusal, settings};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::revocation::Subject;
use einlass_server::audit::Actor;

async fn revoke(platform: &TestPlatform, subject: Subject) {
    platform.platform.revoke(subject, &Actor::platform()).await.unwrap();
}

#[tokio::test]
async fn a_revoked_refresh_token_ends_with_what_it_got() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    revoke(&platform, Subject::Credential(CredentialId::new(platform.seed.uuid("channel token")))).await;
    let reply = platform.call(&channel, "GET", "/channel/seller/list", "").await;
    assert_eq!(
        (refusal(&reply), reply.header("www-authenticate")),
        ((401, "ATH000".into()), "Bearer realm=\"einlass\"")
    );
    let reply = platform.exchange(&platform.demo.channel.refresh_token).await;
    assert_eq!(refusal(&reply), (400, "ATH000".into()));
    let path = format!("/seller/channel/{}", platform.demo.channel.name);
    assert_eq!(platform.call(&seller, "POST", &path, "").await.status, 200);
}

#[tokio::test]
async fn a_revoked_channel_is_shut_out_and_a_tenants_sellers_with_the_tenant() {
    let platform = TestPlatform::start_with(settings()).await;
    let (channel, seller) = (platform.channel_token().await, platform.seller_token().await);
    revoke(&platform, Subject::Channel(platform.demo.channel.name.clone())).await;
    assert_eq!(platform.call(&channel, "GET", "/channel/seller/list", "").await.status, 401);
    assert_eq!(platform.exchange(&platform.demo.channel.refresh_token).await.status, 400);
    revoke(&platform, Subject::Tenant(platform.demo.tenant)).await;
    let path = format!("/seller/channel/{}", platform.demo.channel.name);
    assert_eq!(platform.call(&seller, "POST", &path, "").await.status, 401);
}

#[tokio::test]
async fn a_distrusted_key_of_channels_signs_nothing_any_more_and_another_one_does() {
    let platform = TestPlatform::start_with(settings()).await;
    let token = platform.channel_token().await;
    let access = platform.token().await;
    assert_eq!(access.status, 200);
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();
    assert!(platform.platform.distrust_key(&kid, &Actor::platform()).await.unwrap());
    assert_eq!(platform.call(&token, "GET", "/channel/seller/list", "").await.status, 401);
    let token = platform.channel_token().await;
    assert_eq!(platform.call(&token, "GET", "/channel/seller/list", "").await.status, 200);
}
