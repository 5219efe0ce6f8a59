//! Keys across restarts.

use crate::support::{ISSUER, TestPlatform, demonstration_api};
use einlass_protocol::time::Clock;
use einlass_server::emulator::Seed;
use einlass_server::keys::KeyError;
use einlass_server::platform::Parts;
use einlass_server::random::OsRandom;
use einlass_server::{Platform, PlatformSettings};
use std::sync::Arc;

#[tokio::test]
async fn after_a_restart_the_keys_are_the_same_and_old_tokens_still_verify() {
    let before = TestPlatform::start().await;
    let body = before.token().await.json();
    let key_set = before.get("/.well-known/jwks.json").await.body;
    let TestPlatform { folder, store, .. } = before;
    store.close().await;

    let after = TestPlatform::start_in(folder, PlatformSettings::new(ISSUER)).await;
    assert_eq!(after.get("/.well-known/jwks.json").await.body, key_set);
    let token = body["access_token"].as_str().unwrap();
    let verified = TestPlatform::verifier().verify(token, &after.key_set().await, after.clock.wall());
    assert_eq!(verified.unwrap().client_id, after.demo.client_id);
}

#[tokio::test]
async fn private_keys_do_not_lie_in_the_database() {
    let platform = TestPlatform::start().await;
    for key in platform.store.signing_keys(ISSUER).await.unwrap() {
        use base64::Engine as _;
        let sealed = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&key.sealed_private).unwrap();
        // Both forms of PKCS #8 name the algorithm in clear; a sealed one does not.
        let rsa_oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        let ed25519_oid = [0x2b, 0x65, 0x70];
        for oid in [&rsa_oid[..], &ed25519_oid] {
            assert!(!sealed.windows(oid.len()).any(|window| window == oid));
        }
    }
}

#[tokio::test]
async fn another_master_key_is_an_error_that_names_the_key_and_makes_no_new_one() {
    let platform = TestPlatform::start().await;
    let before = platform.store.signing_keys(ISSUER).await.unwrap();
    let parts = Parts {
        settings: PlatformSettings::new(ISSUER),
        store: platform.store.clone(),
        clock: platform.clock.clone(),
        random: Arc::new(OsRandom),
        master_key: Seed::new(&[1; 32]).master_key(),
        behind: demonstration_api(),
        feed: platform.told.clone(),
    };
    let Err(KeyError::Sealed { kid }) = Platform::open(parts).await else {
        panic!("the wrong master key opened the keys");
    };
    let of_second = platform.store.signing_keys(&format!("{ISSUER}/id")).await.unwrap();
    assert!(before.iter().chain(&of_second).any(|key| key.kid == kid));
    assert_eq!(platform.store.signing_keys(ISSUER).await.unwrap(), before);
}

#[tokio::test]
async fn the_same_seed_stands_for_the_same_platform() {
    let platform = TestPlatform::start().await;
    let again = einlass_server::emulator::Demonstration::of(&platform.seed, platform.demo.scopes.clone());
    assert_eq!(again.client_id, platform.demo.client_id);
    assert_eq!(again.client_secret.expose(), platform.demo.client_secret.expose());
}
