//! From the admin who waits to the key that opens something, and its end.

use super::{CODE, manifest};
use crate::support::TestPlatform;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use einlass_protocol::secret::{Secret, SecretHash};
use http::Request;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

impl TestPlatform {
    /// What a key opens.
    async fn opened(&self, key: &str) -> Option<String> {
        let found = self.store.api_key(&SecretHash::of(&Secret::new(key.into()))).await.unwrap();
        found.map(|key| format!("{} {} {}", key.database, key.app_id, key.granted))
    }
}

#[tokio::test]
async fn an_app_registers_is_let_in_and_reads_its_key_once() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    let pending = platform.poll(&id).await;
    let info = json!({"AppId": "parcels/v1", "RegistrationRequestId": id, "Status": 0});
    assert_eq!((pending.status.as_u16(), pending.json()), (200, json!({ "RequestStatusInfo": info })));

    let accepted = platform.accept(&id).await.json();
    assert_eq!(
        (&accepted["state"], &accepted["granted"]),
        (&json!("accepted"), &json!("items.read items.write returns.print"))
    );
    let answer = platform.poll(&id).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    let told = answer.json();
    assert_eq!(told["RequestStatusInfo"]["Status"], 2);
    assert_eq!(told["GrantedScopes"], json!(["items.read", "items.write", "returns.print"]));
    let key = told["Token"]["ApiKey"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(key).unwrap().get_version_num(), 4);
    assert_eq!(
        platform.opened(key).await.unwrap(),
        "eazybusiness parcels/v1 items.read items.write returns.print"
    );

    let again = platform.poll(&id).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["ErrorCode"]),
        (410, &json!("RegistrationAlreadyAnswered"))
    );
    let audit = platform.administer("GET", "/audit?limit=100", "").await;
    assert!(
        audit.text().contains("read api key") && !audit.text().contains(key) && !audit.text().contains(CODE)
    );
}

#[tokio::test]
async fn version_two_writes_names_as_it_does() {
    let platform = TestPlatform::start().await;
    platform.wait().await;
    let camel = manifest()
        .to_string()
        .replace("\"AppId\"", "\"appId\"")
        .replace("\"DisplayName\"", "\"displayName\"");
    let path = "EAZYBUSINESS/v2/authentication";
    let made = platform.app_from("192.0.2.9", "POST", path, Some(CODE), camel).await;
    assert_eq!((made.status.as_u16(), &made.json()["status"]), (201, &json!(0)));
    let id = made.json()["registrationRequestId"].as_str().unwrap().to_owned();
    let polled =
        platform.app_from("192.0.2.9", "GET", &format!("{path}/{id}"), Some(CODE), String::new()).await;
    assert_eq!(polled.json()["requestStatusInfo"]["appId"], "parcels/v1");
    let missing =
        platform.app_from("192.0.2.9", "GET", &format!("{path}/x"), Some(CODE), String::new()).await;
    assert_eq!(missing.json()["errorCode"], "UnknownRegistration");
}

#[tokio::test]
async fn an_app_may_write_its_paths_in_any_case() {
    let platform = TestPlatform::start().await;
    let send = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header("x-challengecode", CODE);
        let request = request.header("content-type", "application/json");
        platform.send(request.body(Body::from(manifest().to_string())).unwrap()).await
    };
    for base in ["/API/EazyBusiness/Authentication", "/api/eazybusiness/V1/authentication"] {
        assert_eq!(send("POST", base).await.json()["ErrorCode"], "NoRegistrationExpected", "{base}");
        assert_eq!(send("DELETE", base).await.status, 405, "{base}");
    }
    platform.wait().await;
    let made = send("POST", "/Api/eazybusiness/V2/AUTHENTICATION").await;
    let id = made.json()["registrationRequestId"].as_str().unwrap().to_uppercase();
    let polled = send("GET", &format!("/api/EAZYBUSINESS/v1/Authentication/{id}")).await;
    assert_eq!((polled.status.as_u16(), &polled.json()["RequestStatusInfo"]["Status"]), (200, &json!(0)));
    assert_eq!(send("GET", "/api/eazybusiness/Authentications").await.status, 404);
}

#[tokio::test]
async fn an_admin_chooses_what_is_optional_and_nothing_else() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    let accept = |optional: &str| json!({ "optional": optional }).to_string();
    let path = format!("/registrations/{id}/accept");
    assert_eq!(platform.administer("POST", &path, &accept("orders.write")).await.status, 409);
    let accepted = platform.administer("POST", &path, &accept("returns.print")).await;
    assert_eq!(accepted.json()["granted"], "items.read returns.print");
    assert_eq!(platform.administer("POST", &path, "").await.status, 409, "it was decided");
    assert_eq!(platform.administer("POST", &format!("/registrations/{id}/reject"), "").await.status, 409);
}

#[tokio::test]
async fn who_is_turned_away_is_told_so_and_may_ask_again() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    assert_eq!(platform.administer("POST", &format!("/registrations/{id}/reject"), "").await.status, 200);
    for _ in 0..2 {
        let told = platform.poll(&id).await;
        assert_eq!((told.status.as_u16(), &told.json()["RequestStatusInfo"]["Status"]), (200, &json!(1)));
        assert_eq!(told.json().get("Token"), None);
    }
    platform.registered(&manifest()).await;
}

#[tokio::test]
async fn a_lost_key_is_handed_out_again_by_the_admin_and_the_lost_one_opens_nothing() {
    let platform = TestPlatform::start().await;
    let (id, lost) = platform.with_key(&manifest()).await;
    assert_eq!(platform.administer("POST", &format!("/registrations/{id}/hand-out"), "").await.status, 200);
    assert_eq!(platform.opened(&lost).await, None);
    let guess = format!("eazybusiness/authentication/{id}");
    let guessed = platform.app_from("192.0.2.10", "GET", &guess, Some("another"), String::new()).await;
    assert_eq!(guessed.status, 404, "it is for who registered");
    let found = platform.poll(&id).await.json()["Token"]["ApiKey"].as_str().unwrap().to_owned();
    assert!(platform.opened(&found).await.is_some() && found != lost);
    assert_eq!(platform.poll(&id).await.status, 410);
}

#[tokio::test]
async fn a_revoked_app_is_out_and_may_register_anew() {
    let platform = TestPlatform::start().await;
    let (id, key) = platform.with_key(&manifest()).await;
    platform.wait().await;
    assert_eq!(platform.register(&manifest()).await.status, 409, "it is there");
    assert_eq!(platform.administer("DELETE", &format!("/registrations/{id}"), "").await.status, 204);
    assert_eq!(platform.opened(&key).await, None);
    assert_eq!(platform.administer("DELETE", &format!("/registrations/{id}"), "").await.status, 409);
    assert_eq!(platform.poll(&id).await.status, 410);
    let (_, new) = platform.with_key(&manifest()).await;
    assert!(platform.opened(&new).await.is_some());
}

#[tokio::test]
async fn instances_of_one_app_have_a_key_each() {
    let platform = TestPlatform::start().await;
    let mut several = manifest();
    several["RegistrationType"] = json!(1);
    let (first, key) = platform.with_key(&several).await;
    let path = format!("eazybusiness/authentication/{first}");
    let ask = async || platform.app_from("192.0.2.9", "POST", &path, Some(CODE), String::new()).await;
    assert_eq!(ask().await.status, 403, "nobody waits");
    platform.wait().await;
    let made = ask().await;
    assert_eq!((made.status.as_u16(), &made.json()["Status"]), (200, &json!(0)));
    let second = made.json()["RegistrationRequestId"].as_str().unwrap().to_owned();
    assert_eq!(platform.accept(&second).await.status, 200);
    let other = platform.poll(&second).await.json()["Token"]["ApiKey"].as_str().unwrap().to_owned();
    assert!(other != key && platform.opened(&key).await.is_some() && platform.opened(&other).await.is_some());

    let mut one = manifest();
    one["AppId"] = json!("alone/v1");
    let (only, _) = platform.with_key(&one).await;
    platform.wait().await;
    let path = format!("eazybusiness/authentication/{only}");
    let refused = platform.app_from("192.0.2.9", "POST", &path, Some(CODE), String::new()).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["ErrorCode"]), (403, &json!("OneInstance")));
}

#[tokio::test]
async fn a_window_closes_by_itself_and_with_the_first_app() {
    let platform = TestPlatform::start().await;
    assert_eq!(platform.register(&manifest()).await.status, 403);
    platform.wait().await;
    platform.clock.advance(Duration::from_mins(9));
    platform.wait().await;
    platform.clock.advance(Duration::from_mins(9));
    assert_eq!(platform.register(&manifest()).await.status, 201, "it was prolonged");
    let mut other = manifest();
    other["AppId"] = json!("other/v1");
    assert_eq!(platform.register(&other).await.status, 403, "one app came");
    platform.wait().await;
    platform.clock.advance(Duration::from_mins(10));
    assert_eq!(platform.register(&other).await.status, 403, "ten minutes are over");
    platform.wait().await;
    assert_eq!(platform.administer("DELETE", "/sites/eazybusiness/wait", "").await.status, 204);
    assert_eq!(platform.register(&other).await.status, 403, "nobody waits any more");
}

#[tokio::test]
async fn what_nobody_decided_goes_away_and_an_unread_key_too() {
    let platform = TestPlatform::start().await;
    let id = platform.registered(&manifest()).await;
    platform.clock.advance(Duration::from_hours(1));
    assert_eq!(platform.accept(&id).await.status, 409, "it waited for too long");
    let next = platform.registered(&manifest()).await;
    assert_eq!(platform.poll(&id).await.status, 404, "it is gone");
    assert_eq!(platform.accept(&next).await.status, 200);
    platform.clock.advance(Duration::from_hours(24));
    platform
        .platform
        .store()
        .forget_registrations(einlass_protocol::time::Clock::wall(&*platform.clock))
        .await
        .unwrap();
    assert_eq!(platform.poll(&next).await.status, 410, "nobody fetched the key");
    platform.registered(&manifest()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_polls_at_once_one_reads_the_key() {
    let platform = Arc::new(TestPlatform::start().await);
    let id = platform.registered(&manifest()).await;
    assert_eq!(platform.accept(&id).await.status, 200);
    let mut polls = JoinSet::new();
    for _ in 0..16 {
        let (platform, id) = (Arc::clone(&platform), id.clone());
        polls.spawn(async move { platform.poll(&id).await.json() });
    }
    let told = polls.join_all().await;
    let keys = told.iter().filter(|told| told.get("Token").is_some()).count();
    let gone = told.iter().filter(|told| told["ErrorCode"] == "RegistrationAlreadyAnswered").count();
    assert_eq!((keys, gone), (1, 15));
}

#[tokio::test]
async fn where_an_apps_key_is_known_only_its_own_signature_counts() {
    let platform = TestPlatform::start().await;
    let pair = Ed25519KeyPair::generate().unwrap();
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der.as_ref()));
    let recorded =
        platform.administer("PUT", "/app-keys/Parcels%2Fv1", &json!({"public_key": pem}).to_string()).await;
    assert_eq!((recorded.status.as_u16(), &recorded.json()["app_id"]), (200, &json!("Parcels/v1")));
    let broken = json!({"public_key": "no key"}).to_string();
    assert_eq!(platform.administer("PUT", "/app-keys/Parcels%2Fv1", &broken).await.status, 400);
    assert_eq!(platform.ask("/app-keys").await["items"][0]["public_key"], pem);

    let at = "2027-01-15T08:00:00Z";
    let signed = |words: &str| {
        let mut app = manifest();
        app["Signature"] = json!(STANDARD.encode(pair.sign(words.as_bytes()).as_ref()));
        app["SignatureData"] = json!(at);
        app
    };
    platform.wait().await;
    let wrong = platform.register(&signed("another.words")).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()["Errors"]["Signature"].is_array()), (400, true));
    assert_eq!(platform.register(&manifest()).await.status, 400, "this app signs");
    let made = platform.register(&signed(&format!("parcels/v1.{at}"))).await;
    let id = made.json()["RegistrationRequestId"].as_str().unwrap().to_owned();
    assert_eq!(platform.ask(&format!("/registrations/{id}")).await["signature"], "valid");
    assert_eq!(platform.administer("DELETE", "/app-keys/parcels%2Fv1", "").await.status, 204);
    assert_eq!(platform.administer("DELETE", "/app-keys/parcels%2Fv1", "").await.status, 404);
}
