//! Every kind of credential at every door: each opens what it is for, and stands in for no other.

use crate::kit::{Dev, folder, get, send, text};
use einlass_client::app_token::AppTokenVerifier;
use einlass_client::environment::AppEnvironment;
use serde_json::Value;
use std::collections::BTreeMap;

/// A kind of credential.
type Kind = &'static str;

/// How a door is knocked at with a credential; gives the status.
type Knock = fn(&Dev, &str) -> u16;

const MACHINE: Kind = "access token";
const PERSON: Kind = "access token of a person";
const MACHINE_AT_SECOND: Kind = "access token of the second issuer";
const PERSON_AT_SECOND: Kind = "access token of a person of the second issuer";

/// One of the issuers: what it is called in forms, and where its token endpoint is.
type Issuer = (&'static str, &'static str);
const A: Issuer = ("a", "/oauth2/token");
const B: Issuer = ("b", "/id/oauth/v2/token");

/// What opens what.
const DOORS: &[(&str, Knock, &[Kind])] = &[
    ("the API", the_api, &[MACHINE, PERSON, MACHINE_AT_SECOND, PERSON_AT_SECOND, "app token"]),
    ("the API, as a key", the_api_with_a_key, &[]),
    (
        "the key set of an app",
        |dev, it| bearer(dev, "/account/.well-known/jwks.json", it),
        &[MACHINE, PERSON],
    ),
    ("the tenants of a person", |dev, it| bearer(dev, "/account/tenants", it), &[PERSON]),
    ("an app's backend", an_apps_backend, &["session token"]),
    ("a newer app's backend", a_newer_apps_backend, &["app token"]),
    ("the marketplace", |dev, it| bearer(dev, "/v1/channel", it), &["authToken of a channel"]),
    ("the exchange", the_exchange, &["refresh token of a channel", "refresh token of a seller"]),
    ("an ERP on premise", an_erp_on_premise, &["API key"]),
    ("an ERP on premise, as a token", |dev, it| bearer(dev, "/api/eazybusiness/v1/items", it), &[]),
    ("the administration", |dev, it| bearer(dev, "/admin/api/apps", it), &["admin token"]),
    ("the token endpoint", |dev, it| the_token_endpoint(dev, A, it), &["client secret"]),
    ("the second token endpoint", |dev, it| the_token_endpoint(dev, B, it), &["client secret"]),
    ("the trade of a code", |dev, it| trade(dev, A, it).0, &["authorization code"]),
    (
        "the second trade of a code",
        |dev, it| trade(dev, B, it).0,
        &["authorization code of the second issuer"],
    ),
    ("a refresh", |dev, it| a_refresh(dev, A, it), &["refresh token of a person"]),
    (
        "a refresh at the second issuer",
        |dev, it| a_refresh(dev, B, it),
        &["refresh token of the second issuer"],
    ),
    ("an account's page", |dev, it| cookie(dev, "/me", "einlass", it), &["session"]),
    ("the hub", |dev, it| cookie(dev, "/hub", "einlass-hub", it), &["session at the hub"]),
    ("the console", |dev, it| cookie(dev, "/admin", "einlass-admin", it), &[]),
];

fn bearer(dev: &Dev, path: &str, it: &str) -> u16 {
    get(&format!("{}{path}", dev.url()), &[("authorization", &format!("Bearer {it}"))]).0
}

fn the_api(dev: &Dev, it: &str) -> u16 {
    dev.call("/erp/v2/items", it)
}

fn the_api_with_a_key(dev: &Dev, it: &str) -> u16 {
    let url = format!("{}/erp/v2/items", dev.url());
    get(&url, &[("authorization", &format!("Wawi {it}")), ("x-tenant-id", &dev.env["TENANT_ID"])]).0
}

fn an_apps_backend(dev: &Dev, it: &str) -> u16 {
    get(&format!("{}/api/items", dev.env["APP_URL"]), &[("authorization", &format!("Bearer {it}"))]).0
}

/// With the SDK, as `from_env` would set it up.
fn a_newer_apps_backend(dev: &Dev, it: &str) -> u16 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let environment = AppEnvironment::read(|name| dev.env.get(name).cloned()).unwrap();
        match AppTokenVerifier::of(environment).verify(it).await {
            Ok(token) => {
                assert_eq!(token.tenant.to_string(), dev.env["TENANT_ID"]);
                200
            }
            Err(error) => error.status().as_u16(),
        }
    })
}

fn the_exchange(dev: &Dev, it: &str) -> u16 {
    form(dev, "/v1/auth", &[], &format!("refreshToken={it}")).0
}

fn an_erp_on_premise(dev: &Dev, it: &str) -> u16 {
    let url = format!("{}/api/eazybusiness/v1/items", dev.url());
    get(&url, &[("authorization", &format!("Wawi {it}"))]).0
}

fn the_token_endpoint(dev: &Dev, (name, path): Issuer, it: &str) -> u16 {
    let credentials = format!("client_id={}&client_secret={it}", dev.env["CLIENT_ID"]);
    let scope = if name == "b" { "&scope=openid" } else { "" };
    form(dev, path, &[], &format!("grant_type=client_credentials&{credentials}{scope}")).0
}

fn a_refresh(dev: &Dev, (_, path): Issuer, it: &str) -> u16 {
    let client = &dev.env["PUBLIC_CLIENT_ID"];
    form(dev, path, &[], &format!("grant_type=refresh_token&refresh_token={it}&client_id={client}")).0
}

fn cookie(dev: &Dev, path: &str, name: &str, it: &str) -> u16 {
    get(&format!("{}{path}", dev.url()), &[("cookie", &format!("{name}={it}"))]).0
}

fn form(dev: &Dev, path: &str, more: &[(&str, &str)], body: &str) -> (u16, String) {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    send("POST", &format!("{}{path}", dev.url()), &[&[kind], more].concat(), body)
}

/// One of each kind, all of them good.
fn one_of_each(dev: &Dev) -> BTreeMap<Kind, String> {
    let of = |name: &str| dev.env[name].clone();
    let (session, at_hub) = sessions(dev);
    let granted = [A, B].map(|issuer| {
        let (_, granted) = trade(dev, issuer, &code(dev, issuer, &session));
        serde_json::from_str::<Value>(&granted).unwrap()
    });
    let of_person = |name: &str| granted[0][name].as_str().unwrap().to_owned();
    let of_second = |name: &str| granted[1][name].as_str().unwrap().to_owned();
    let auth_token = |refresh_token: &str| {
        let (_, body) = form(dev, "/v1/auth", &[], &format!("refreshToken={refresh_token}"));
        serde_json::from_str::<Value>(&body).unwrap()["authToken"].as_str().unwrap().to_owned()
    };
    BTreeMap::from([
        (MACHINE, dev.token()),
        (PERSON, of_person("access_token")),
        ("refresh token of a person", of_person("refresh_token")),
        ("ID token", of_person("id_token")),
        ("authorization code", code(dev, A, &session)),
        (MACHINE_AT_SECOND, machine_at_second(dev)),
        (PERSON_AT_SECOND, of_second("access_token")),
        ("refresh token of the second issuer", of_second("refresh_token")),
        ("ID token of the second issuer", of_second("id_token")),
        ("authorization code of the second issuer", code(dev, B, &session)),
        ("app token", app_token(dev, &at_hub)),
        ("session token", dev.session_token()),
        ("authToken of a channel", auth_token(&of("SCX_REFRESH_TOKEN"))),
        ("authToken of a seller", auth_token(&of("SCX_SELLER_REFRESH_TOKEN"))),
        ("refresh token of a channel", of("SCX_REFRESH_TOKEN")),
        ("refresh token of a seller", of("SCX_SELLER_REFRESH_TOKEN")),
        ("client secret", of("CLIENT_SECRET")),
        ("admin token", of("ADMIN_TOKEN")),
        ("API key", api_key(dev)),
        ("session", session),
        ("session at the hub", at_hub),
        ("client id", of("CLIENT_ID")),
        ("tenant", of("TENANT_ID")),
    ])
}

/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http%3A%2F%2F127.0.0.1%3A50000%2Fcb";

/// A client through which people sign in.
fn public_client(dev: &Dev) -> String {
    let made = dev.einlass(&[
        "client",
        "create",
        "stock-mirror",
        "--public",
        "--redirect-uri",
        "http://127.0.0.1/cb",
        "--format",
        "json",
    ]);
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    made["client"]["id"].as_str().unwrap().to_owned()
}

/// A token of the second issuer's for the demonstration client itself.
fn machine_at_second(dev: &Dev) -> String {
    let credentials =
        format!("client_id={}&client_secret={}", dev.env["CLIENT_ID"], dev.env["CLIENT_SECRET"]);
    let (_, body) = form(dev, B.1, &[], &format!("grant_type=client_credentials&scope=openid&{credentials}"));
    serde_json::from_str::<Value>(&body).unwrap()["access_token"].as_str().unwrap().to_owned()
}

/// What the shell gets for an app, for somebody who signs in.
pub(crate) fn app_token_of_somebody(dev: &Dev) -> String {
    app_token(dev, &sessions(dev).1)
}

/// What the shell gets for an app.
fn app_token(dev: &Dev, at_hub: &str) -> String {
    let path = format!("/hub/{}/apps/{}/app-token", dev.env["TENANT_ID"], dev.env["JTL_APP_ID"]);
    let cookie = format!("einlass-hub={at_hub}");
    let (status, body) = form(dev, &path, &[("cookie", &cookie), ("origin", dev.url())], "");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str::<Value>(&body).unwrap()["appToken"].as_str().unwrap().to_owned()
}

/// What its person lets it have.
fn code(dev: &Dev, (issuer, _): Issuer, session: &str) -> String {
    let client = &dev.env["PUBLIC_CLIENT_ID"];
    let wish = format!(
        "client_id={client}&redirect_uri={CALLBACK}&response_type=code&scope=openid+offline_access\
         &code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let heads = curl(&[
        "-H",
        &format!("origin: {}", dev.url()),
        "-H",
        &format!("cookie: einlass={session}"),
        "--data-urlencode",
        &format!("query={wish}"),
        "-d",
        &format!("issuer={issuer}"),
        "--data-urlencode",
        &format!("shown={}", dev.env["PUBLIC_SCOPES"]),
        "-d",
        "allow=true",
        &format!("{}/consent", dev.url()),
    ]);
    let (_, code) = heads.split_once("?code=").unwrap_or_else(|| panic!("{heads}"));
    code.split('&').next().unwrap().to_owned()
}

fn trade(dev: &Dev, (_, path): Issuer, code: &str) -> (u16, String) {
    let client = &dev.env["PUBLIC_CLIENT_ID"];
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&client_id={client}&code_verifier={VERIFIER}"
    );
    form(dev, path, &[], &body)
}

/// The heads of all answers.
fn curl(arguments: &[&str]) -> String {
    let mut curl = std::process::Command::new("curl");
    let output = curl.args(["-s", "-o", "/dev/null", "-D", "-"]).args(arguments).output();
    text(&output.unwrap().stdout).to_owned()
}

/// What a browser holds at the identity provider and at the hub.
fn sessions(dev: &Dev) -> (String, String) {
    let held = |heads: &str, name: &str| {
        let line = heads
            .lines()
            .find_map(|line| line.strip_prefix(&format!("set-cookie: {name}=")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name}: {heads}")).split(';').next().unwrap().to_owned()
    };
    let (url, origin) = (dev.url(), format!("origin: {}", dev.url()));
    let password = format!("password={}", dev.env["MERCHANT_PASSWORD"]);
    let email = format!("email={}", dev.env["MERCHANT_EMAIL"]);
    let signed_in = curl(&[
        "-H",
        &origin,
        "--data-urlencode",
        &email,
        "--data-urlencode",
        &password,
        &format!("{url}/login"),
    ]);
    let session = held(&signed_in, "einlass");
    // The way to the hub, as a browser goes it: with what each answer has it keep.
    let jar = tempfile::NamedTempFile::new().unwrap();
    let jar = jar.path().to_str().unwrap();
    curl(&[
        "-c",
        jar,
        "-H",
        &origin,
        "--data-urlencode",
        &email,
        "--data-urlencode",
        &password,
        &format!("{url}/login"),
    ]);
    let arrived = curl(&["-L", "-b", jar, "-c", jar, &format!("{url}/hub")]);
    (session, held(&arrived, "einlass-hub"))
}

/// The key of an on-premise app that was just let in.
fn api_key(dev: &Dev) -> String {
    let base = format!("{}/authentication", dev.env["ONPREM_BASE"]);
    let code = [("x-challengecode", "matrix"), ("content-type", "application/json")];
    assert!(dev.einlass(&["onprem", "open"]).status.success());
    let wish = r#"{"AppId":"matrix/v1","DisplayName":"Matrix","Description":"x","Version":"1","ProviderName":"x",
        "ProviderWebsite":"https://x.example","MandatoryApiScopes":["items.read"],"RegistrationType":0}"#;
    let (status, body) = send("POST", &base, &code, wish);
    assert_eq!(status, 201, "{body}");
    let id =
        serde_json::from_str::<Value>(&body).unwrap()["RegistrationRequestId"].as_str().unwrap().to_owned();
    assert!(dev.einlass(&["onprem", "approve", &id]).status.success());
    let (_, body) = get(&format!("{base}/{id}"), &code[..1]);
    serde_json::from_str::<Value>(&body).unwrap()["Token"]["ApiKey"].as_str().unwrap().to_owned()
}

#[test]
fn each_kind_opens_its_own_door_and_no_other() {
    let data = folder();
    let mut dev = Dev::start(data.path());
    let client = public_client(&dev);
    dev.env.insert("PUBLIC_CLIENT_ID".into(), client);
    let app: Value =
        serde_json::from_slice(&dev.einlass(&["app", "show", "stock-mirror", "--format", "json"]).stdout)
            .unwrap();
    dev.env.insert("PUBLIC_SCOPES".into(), app["scopes"].as_str().unwrap().to_owned());
    let mut kinds = one_of_each(&dev);
    for (door, knock, opened_by) in DOORS {
        if door.contains("trade") {
            // Whatever comes of it, a code that was sent anywhere is used up.
            let session = kinds["session"].clone();
            for (kind, issuer) in [("authorization code", A), ("authorization code of the second issuer", B)]
            {
                kinds.insert(kind, code(&dev, issuer, &session));
            }
        }
        for kind in *opened_by {
            assert!(kinds.contains_key(kind), "{kind} is no kind");
        }
        for (kind, credential) in &kinds {
            let status = knock(&dev, credential);
            let expected = opened_by.contains(kind);
            assert_eq!((200..300).contains(&status), expected, "{kind} at {door}: {status}");
            assert!(expected || (300..500).contains(&status), "{kind} at {door}: {status}");
        }
    }
}
