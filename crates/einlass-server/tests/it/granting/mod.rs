//! What people let apps do for them: asked for, granted, renewed, ended.

mod account;
mod asking;
mod ends;
mod floods;
mod hints;
mod leaving;
mod remembered;
mod renewing;
mod replays;
mod requests;

use crate::support::{FORM, Reply, TestPlatform};
use axum::body::Body;
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::oauth::CodeVerifier;
use einlass_protocol::time::Clock as _;
use einlass_server::peer::Peer;
use http::Request;
use serde_json::{Value, json};

const HERE: &str = "192.0.2.1";
const CALLBACK: &str = "https://app.example/callback";
/// What every request for something that goes on asks for.
const OFFLINE: &str = "openid offline_access items.read";

fn verifier() -> CodeVerifier {
    CodeVerifier::from_entropy(&[7; 32])
}

/// An app's client.
struct App<'p> {
    platform: &'p TestPlatform,
    id: String,
    /// How it proves who it is, if it can.
    authorization: Option<String>,
    callback: &'static str,
}

impl TestPlatform {
    /// A client that can keep no secret.
    async fn program(&self) -> App<'_> {
        self.program_at(CALLBACK).await
    }

    async fn program_at(&self, callback: &'static str) -> App<'_> {
        let new = json!({
            "public": true, "redirect_uris": [callback],
            "post_logout_redirect_uris": ["https://app.example/left"],
        });
        let made = self.create("/apps/stock-mirror/clients", &new).await;
        let id = made["client"]["id"].as_str().unwrap().to_owned();
        App { platform: self, id, authorization: None, callback }
    }

    /// A client that has one.
    async fn website(&self) -> App<'_> {
        let id = self.demo.client_id.to_string();
        let uris = json!({ "redirect_uris": [CALLBACK], "post_logout_redirect_uris": [] });
        let set = self.administer("PUT", &format!("/clients/{id}/redirect-uris"), &uris.to_string()).await;
        assert_eq!(set.status, 200, "{}", set.text());
        App { platform: self, id, authorization: Some(self.basic()), callback: CALLBACK }
    }

    /// The demonstration merchant's password, as a form sends it.
    fn password(&self) -> String {
        self.demo.people.merchant.password.expose().replace(' ', "+")
    }

    /// What the person is told of what happened at the account.
    async fn events(&self, held: &str) -> String {
        self.page("/me/events", held).await.text().to_owned()
    }
}

impl App<'_> {
    /// Where it sends a person.
    fn url(&self, scope: &str, more: &[(&str, &str)]) -> String {
        self.url_at("/oauth2/auth", scope, more)
    }

    fn url_at(&self, path: &str, scope: &str, more: &[(&str, &str)]) -> String {
        let challenge = verifier().challenge();
        let mut query = vec![
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", self.callback),
            ("scope", scope),
            ("state", "s"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        query.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        query.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        format!("{path}?{}", serde_urlencoded::to_string(query).unwrap())
    }

    /// Answers the page at this address, as somebody who has read that these scopes are wanted.
    async fn decide(&self, held: &str, url: &str, shown: &str, allow: bool) -> Reply {
        let (path, query) = url.split_once('?').unwrap();
        let issuer = if path.starts_with("/id/") { "b" } else { "a" };
        let form = [("query", query), ("issuer", issuer), ("shown", shown), ("allow", &allow.to_string())];
        self.platform.post("/consent", &serde_urlencoded::to_string(form).unwrap(), Some(held), HERE).await
    }

    /// Has the person read the page and say yes.
    async fn allow(&self, held: &str, url: &str) -> String {
        let page = self.platform.page(url, held).await;
        assert_eq!(page.status, 200, "{}", page.header("location"));
        let (_, rest) = page.text().split_once("name=\"shown\" value=\"").unwrap();
        let shown = rest.split('"').next().unwrap();
        let decided = self.decide(held, url, shown, true).await;
        answer(&decided, "code").unwrap_or_else(|| panic!("{}", decided.header("location")))
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.post_from(path, form, HERE).await
    }

    async fn post_from(&self, path: &str, form: &[(&str, &str)], from: &str) -> Reply {
        let mut form = form.to_vec();
        let mut request = Request::post(path)
            .header("content-type", FORM)
            .extension(Peer(format!("{from}:1234").parse().unwrap()));
        match &self.authorization {
            Some(authorization) => request = request.header("authorization", authorization),
            None => form.push(("client_id", &self.id)),
        }
        let body = serde_urlencoded::to_string(form).unwrap();
        self.platform.send(request.body(Body::from(body)).unwrap()).await
    }

    async fn redeem(&self, code: &str) -> Reply {
        let (verifier, grant) = (verifier(), ("grant_type", "authorization_code"));
        let proof = [("redirect_uri", self.callback), ("code_verifier", verifier.expose())];
        self.post("/oauth2/token", &[grant, ("code", code), proof[0], proof[1]]).await
    }

    async fn refresh(&self, token: &str) -> Reply {
        self.post("/oauth2/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn refresh_to(&self, token: &str, scope: &str) -> Reply {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        self.post("/oauth2/token", &form).await
    }

    /// Gets the person's yes to this, and its tokens.
    async fn begin(&self, held: &str, scope: &str) -> Tokens {
        let code = self.allow(held, &self.url(scope, &[])).await;
        Tokens::of(&self.redeem(&code).await)
    }
}

struct Tokens {
    access: String,
    refresh: Option<String>,
    scope: String,
}

impl Tokens {
    fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.text());
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let said = reply.json();
        Self {
            access: text(&said["access_token"]).unwrap(),
            refresh: text(&said["refresh_token"]),
            scope: text(&said["scope"]).unwrap_or_default(),
        }
    }

    fn renewed_by(&self) -> &str {
        self.refresh.as_deref().unwrap()
    }

    async fn claims(&self, platform: &TestPlatform) -> AccessClaims {
        let keys = platform.key_set().await;
        TestPlatform::verifier().verify(&self.access, &keys, platform.clock.wall()).unwrap()
    }

    /// Whether gateways let the access token in.
    async fn open(&self, platform: &TestPlatform) -> bool {
        let claims = self.claims(platform).await;
        platform.told.denied.lock().unwrap().denies(&claims, None).is_none()
    }
}

/// What the client is told at its redirect URI.
fn answer(reply: &Reply, name: &str) -> Option<String> {
    let (_, query) = reply.header("location").split_once('?')?;
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The error that it is told there.
fn error(reply: &Reply) -> String {
    assert!(reply.header("location").contains("callback"), "{} {}", reply.status, reply.header("location"));
    answer(reply, "error").unwrap_or_default()
}

fn refused(reply: &Reply) -> bool {
    reply.oauth_error() == (400, "invalid_grant".into())
}
