//! How gateway and upstream know each other: certificates, a shared secret, assertions.

use crate::kit::{APP, CLIENT, Empty as _, Gate, Issuer, PERSON, Pki, Setup, TENANT, Upstream, call, text};
use einlass_proxy::forward::{ClientIdentity, UpstreamTls};
use einlass_proxy::gateway::{
    ASSERTION_TYPE, Assertions, Credential, SecretHeader, Signer, SigningUnavailable,
};
use http::Version;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

fn before(upstream: &Upstream, tls: UpstreamTls) -> Gate {
    let url = format!("https://{}", upstream.address);
    Gate::start(Setup { upstream: url, tls, ..Setup::before(upstream.address) })
}

async fn status(gate: &Gate) -> u16 {
    call(gate.good("GET", "/erp/v2/items").empty()).await.status.as_u16()
}

#[tokio::test]
async fn an_upstream_of_a_private_authority_is_reached_by_http_2() {
    let pki = Pki::new();
    let upstream = Upstream::secured(pki.server(false)).await;
    let tls = UpstreamTls { authority: Some(pki.authority()), client: None };
    assert_eq!(status(&before(&upstream, tls)).await, 200);
    assert_eq!(upstream.only().parts.version, Version::HTTP_2);
}

#[tokio::test]
async fn a_wish_for_websocket_goes_over_http_1_where_http_2_is_spoken_too() {
    let pki = Pki::new();
    let upstream = Upstream::secured(pki.server(false)).await;
    let gate = before(&upstream, UpstreamTls { authority: Some(pki.authority()), client: None });
    let wish =
        gate.good("GET", "/erp/v2/items").header("connection", "upgrade").header("upgrade", "websocket");
    assert_eq!(call(wish.empty()).await.status, 200, "an upstream that goes on as before");
    let seen = upstream.only().parts;
    assert_eq!((seen.version, &seen.headers["upgrade"]), (Version::HTTP_11, &"websocket".parse().unwrap()));
}

#[tokio::test]
async fn an_upstream_that_another_authority_vouches_for_gets_nothing() {
    let upstream = Upstream::secured(Pki::new().server(false)).await;
    let stranger = Pki::new();
    let other = UpstreamTls { authority: Some(stranger.authority()), client: None };
    for tls in [UpstreamTls::default(), other] {
        assert_eq!(status(&before(&upstream, tls)).await, 502);
    }
    assert_eq!(upstream.calls(), 0);
}

#[tokio::test]
async fn an_upstream_that_asks_who_we_are_sees_our_certificate() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    let upstream = Upstream::secured(pki.server(true)).await;
    let tls = |client| UpstreamTls { authority: Some(pki.authority()), client };
    for client in [None, Some(stranger.issue("gateway"))] {
        assert_eq!(status(&before(&upstream, tls(client))).await, 502);
    }
    assert_eq!(upstream.calls(), 0);
    assert_eq!(status(&before(&upstream, tls(Some(pki.issue("gateway"))))).await, 200);
}

#[tokio::test]
async fn certificates_for_the_upstream_are_read_again_when_they_change() {
    let (pki, stranger, files) = (Pki::new(), Pki::new(), tempfile::tempdir().unwrap());
    let upstream = Upstream::secured(pki.server(true)).await;
    let place = |name: &str| files.path().join(name);
    let client = ClientIdentity { certificate: place("gateway.pem"), key: place("gateway.key") };
    let put = |authority: &Pki| {
        let identity = authority.issue("gateway");
        fs::copy(authority.authority(), place("ca.pem")).unwrap();
        fs::copy(identity.certificate, &client.certificate).unwrap();
        fs::copy(identity.key, &client.key).unwrap();
    };
    put(&stranger);
    let tls = UpstreamTls { authority: Some(place("ca.pem")), client: Some(client.clone()) };
    let gate = before(&upstream, tls);
    assert_eq!(status(&gate).await, 502);
    put(&pki);
    let renewed = async {
        while status(&gate).await != 200 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), renewed).await.expect("the new ones are never used");
}

#[test]
fn certificates_that_cannot_be_used_are_named() {
    let (pki, empty) = (Pki::new(), tempfile::NamedTempFile::new().unwrap());
    let mismatched = ClientIdentity { key: pki.issue("other").key, ..pki.issue("gateway") };
    for (tls, file) in [
        (UpstreamTls { authority: Some("/nowhere.pem".into()), client: None }, "/nowhere.pem"),
        (UpstreamTls { authority: Some(empty.path().into()), client: None }, empty.path().to_str().unwrap()),
        (UpstreamTls { authority: None, client: Some(mismatched) }, "gateway.pem"),
    ] {
        let fault = tls.config().unwrap_err().to_string();
        assert!(fault.contains(file), "{fault}");
    }
}

fn with_credential(upstream: &Upstream, credential: Credential) -> Gate {
    Gate::start(Setup { credential, ..Setup::before(upstream.address) })
}

fn secret_header(file: &Path) -> std::io::Result<SecretHeader> {
    SecretHeader::open("x-api-key".parse().unwrap(), file.into())
}

#[tokio::test]
async fn a_secret_header_is_ours_and_follows_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, "first\n").unwrap();
    let upstream = Upstream::answering(|| text("served")).await;
    let header = secret_header(&file).unwrap();
    assert!(!format!("{header:?}").contains("first"));
    let gate = with_credential(&upstream, Credential::Header(header));
    let sent = async || {
        let forged =
            gate.good("GET", "/erp/v2/items").header("x-api-key", "forged").header("X_Api_Key", "forged");
        assert_eq!(call(forged.empty()).await.status, 200);
        let mut seen = upstream.take();
        let headers = seen.pop().unwrap().parts.headers;
        assert_eq!(headers.keys().filter(|name| name.as_str().contains("api")).count(), 1);
        headers["x-api-key"].to_str().unwrap().to_owned()
    };
    assert_eq!(sent().await, "first");
    let second = Duration::from_secs(1);
    for (content, expected) in
        [("second", "second"), ("", "second"), ("no\nheader", "second"), ("third", "third")]
    {
        fs::write(&file, content).unwrap();
        let later = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(content.len() as u64);
        fs::File::options().append(true).open(&file).unwrap().set_modified(later).unwrap();
        gate.clock.advance(second);
        assert_eq!(sent().await, expected, "{content:?}");
    }
}

#[test]
fn a_secret_that_cannot_be_used_is_a_fault_that_names_its_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    for content in ["", " \n", "two\nlines"] {
        fs::write(&file, content).unwrap();
        let fault = secret_header(&file).unwrap_err().to_string();
        assert!(fault.contains("secret: ") && !fault.contains("lines"), "{fault}");
    }
}

/// Signs, counts, and can be down.
#[derive(Clone, Default)]
struct Signatures {
    made: Arc<AtomicUsize>,
    down: Arc<AtomicBool>,
}

impl Signatures {
    fn signer(&self, key: &Arc<Issuer>) -> Signer {
        let (this, key) = (self.clone(), Arc::clone(key));
        Arc::new(move |claims| {
            let (this, key) = (this.clone(), Arc::clone(&key));
            Box::pin(async move {
                if this.down.load(Ordering::SeqCst) {
                    return Err(SigningUnavailable);
                }
                this.made.fetch_add(1, Ordering::SeqCst);
                let claims: Value = serde_json::from_str(&claims).unwrap();
                let header = Header { typ: Some(ASSERTION_TYPE.into()), ..Header::new(Algorithm::EdDSA) };
                Ok(key.sign(&header, &claims))
            })
        })
    }
}

fn read(assertion: &str, key: &Issuer) -> Value {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["erp"]);
    validation.set_issuer(&["https://platform.example"]);
    // The tests' clock stands still, long ago.
    validation.validate_exp = false;
    jsonwebtoken::decode(assertion, &DecodingKey::from_ed_der(key.public_key()), &validation).unwrap().claims
}

#[tokio::test]
async fn an_assertion_says_who_calls_and_is_used_for_half_its_life() {
    let (key, signatures) = (Arc::new(Issuer::new()), Signatures::default());
    let upstream = Upstream::answering(|| text("served")).await;
    let assertions = Assertions::new("https://platform.example", "erp", signatures.signer(&key));
    let gate = with_credential(&upstream, Credential::Assertion(assertions));
    let sent = async |token: &str| {
        let forged = gate.with_token("GET", "/erp/v2/items", token).header("x-einlass-assertion", "forged");
        assert_eq!(call(forged.empty()).await.status, 200);
        read(upstream.take()[0].parts.headers["x-einlass-assertion"].to_str().unwrap(), &key)
    };
    let machine = gate.issuer.machine("items.read items.write other.scope");
    let first = sent(&machine).await;
    let start = crate::kit::StillClock::START;
    assert_eq!(
        first,
        json!({
            "iss": "https://platform.example", "aud": "erp", "sub": CLIENT, "client_id": CLIENT, "app_id": APP,
            "tenant_id": TENANT, "scope": "items.read items.write", "iat": start, "exp": start + 60,
        })
    );
    gate.clock.advance(Duration::from_secs(29));
    assert_eq!(sent(&machine).await, first);
    let person = sent(&gate.issuer.person("items.read")).await;
    assert_eq!((&person["sub"], &person["scope"]), (&PERSON.into(), &"items.read".into()));
    assert_eq!(signatures.made.load(Ordering::SeqCst), 2);
    gate.clock.advance(Duration::from_secs(1));
    assert_eq!(sent(&machine).await["iat"], start + 30);
}

#[tokio::test]
async fn without_a_signature_the_call_is_not_forwarded() {
    let (key, signatures) = (Arc::new(Issuer::new()), Signatures::default());
    let upstream = Upstream::answering(|| text("served")).await;
    let assertions = Assertions::new("https://platform.example", "erp", signatures.signer(&key));
    let gate = with_credential(&upstream, Credential::Assertion(assertions));
    signatures.down.store(true, Ordering::SeqCst);
    let answer = call(gate.good("GET", "/erp/v2/items").empty()).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")));
    assert_eq!(upstream.calls(), 0);
    signatures.down.store(false, Ordering::SeqCst);
    assert_eq!(status(&gate).await, 200);
}
