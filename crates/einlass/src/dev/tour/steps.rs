//! The steps of the tour.

use super::stage::Stage;
use super::transcript::Transcript;
use super::{marketplace, onprem};
use crate::failure::Failure;
use einlass_client::ApiClient;
use einlass_client::TokenCache;
use einlass_client::source::{ClientCredentials, Credentials};
use einlass_client::transport::BaseUrl;
use einlass_protocol::ids::TenantId;
use einlass_protocol::oauth::BasicCredentials;
use reqwest::{Client, Method, RequestBuilder, redirect};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
const GRANT: &str = "grant_type=client_credentials";

/// A first-time visitor's path: discovery, a token, calls that work and calls that must not.
pub(super) async fn first_act(stage: &Stage, show: &mut Transcript) -> Result<String, Failure> {
    let client = client()?;
    discovery(stage, show, &client).await?;
    let token = token(stage, show, &client).await?;
    call_for_a_merchant(stage, show, &client, &token).await?;
    refusals(stage, show, &client, &token).await?;
    install_and_remove(stage, show, &client, &token).await?;
    wrong_secret(stage, show, &client).await?;
    by_the_sdk(stage, show).await?;
    marketplace::act(stage, show, &client).await?;
    onprem::act(stage, show, &client).await?;
    Ok(token)
}

/// After a restart on the same data.
pub(super) async fn second_act(stage: &Stage, show: &mut Transcript, token: &str) -> Result<(), Failure> {
    show.step("After a restart on the same data, the token from before still works")?;
    let request = api(stage, &client()?, Method::GET, "/erp/v2/info", Some(token), Some(stage.demo.tenant));
    let answer = show.exchange(&client()?, request).await?;
    show.hold("200", answer.status == 200)
}

async fn discovery(stage: &Stage, show: &mut Transcript, client: &Client) -> Result<(), Failure> {
    show.step("Where is everything? The issuer says so itself")?;
    let request = client.get(format!("{}/.well-known/openid-configuration", stage.url));
    let answer = show.exchange(client, request).await?;
    show.hold("the document names this issuer", answer.member("issuer") == stage.url)?;

    show.step("The public keys that check its tokens")?;
    let answer = show.exchange(client, client.get(format!("{}/.well-known/jwks.json", stage.url))).await?;
    show.hold("an RS256 key comes first", answer.body.contains(r#""alg":"RS256""#))?;
    show.hold("the set may be cached", answer.header("cache-control").contains("max-age"))
}

async fn token(stage: &Stage, show: &mut Transcript, client: &Client) -> Result<String, Failure> {
    show.step("A token for the app, by its client id and secret")?;
    let credentials = BasicCredentials {
        client_id: stage.demo.client_id.clone(),
        secret: stage.demo.client_secret.clone(),
    };
    let basic = credentials.to_header();
    show.mask(basic.expose(), "Basic base64(CLIENT_ID:CLIENT_SECRET)");
    show.mask(stage.demo.client_secret.expose(), "CLIENT_SECRET");
    show.mask(stage.demo.admin_token.expose(), "ADMIN_TOKEN");
    let request = client
        .post(format!("{}/oauth2/token", stage.url))
        .header("authorization", basic.expose())
        .header("content-type", FORM)
        .body(GRANT);
    let answer = show.exchange_for_secret(client, request, "access_token", "ACCESS_TOKEN").await?;
    show.hold("200, a bearer token, one hour", {
        (answer.status, answer.member("token_type").as_str(), answer.member("expires_in").as_str())
            == (200, "Bearer", "3600")
    })?;
    show.hold("nobody keeps the answer", answer.header("cache-control") == "no-store")?;
    Ok(answer.member("access_token"))
}

async fn call_for_a_merchant(
    stage: &Stage,
    show: &mut Transcript,
    client: &Client,
    token: &str,
) -> Result<(), Failure> {
    for path in ["/erp/v2/info", "/erp/v1/info", "/erp/info"] {
        show.step(&format!("A call on behalf of a merchant who has the app: {path}"))?;
        let request = api(stage, client, Method::GET, path, Some(token), Some(stage.demo.tenant));
        let answer = show.exchange(client, request).await?;
        let tenant = stage.demo.tenant.to_string();
        show.hold("200, and the ERP knows for whom", answer.status == 200 && answer.body.contains(&tenant))?;
    }
    Ok(())
}

async fn refusals(stage: &Stage, show: &mut Transcript, client: &Client, token: &str) -> Result<(), Failure> {
    let (tenant, other) = (Some(stage.demo.tenant), Some(stage.demo.other_tenant));
    let (get, post) = (Method::GET, Method::POST);
    let cases = [
        ("Without a token", get.clone(), "/erp/v2/info", None, tenant, 401),
        ("With a forged one", get.clone(), "/erp/v2/info", Some("e30.e30.e30"), tenant, 401),
        ("Without saying for whom", get.clone(), "/erp/v2/info", Some(token), None, 412),
        (
            "For a merchant who has not installed the app",
            get.clone(),
            "/erp/v2/info",
            Some(token),
            other,
            403,
        ),
        ("Beyond the app's scopes", post, "/erp/v2/returns", Some(token), tenant, 403),
        ("What no document describes", get.clone(), "/erp/v2/passwords", Some(token), tenant, 404),
        ("By a detour", get, "/erp/v2/items%2f..%2finfo", Some(token), tenant, 400),
    ];
    for (title, method, path, token, tenant, status) in cases {
        show.step(title)?;
        let request = api(stage, client, method, path, token, tenant);
        let answer = show.exchange(client, request).await?;
        show.hold(&format!("{status}"), answer.status == status)?;
        show.hold("the answer has a request id", !answer.header("x-request-id").is_empty())?;
    }
    Ok(())
}

async fn install_and_remove(
    stage: &Stage,
    show: &mut Transcript,
    client: &Client,
    token: &str,
) -> Result<(), Failure> {
    let other = stage.demo.other_tenant;
    let path = format!("{}/admin/api/tenants/{other}/installations/{}", stage.url, stage.demo.app);
    for (title, method, status) in [
        ("The other merchant installs the app", Method::PUT, 200),
        ("And removes it again", Method::DELETE, 403),
    ] {
        show.step(title)?;
        let request = client.request(method, &path).bearer_auth(stage.demo.admin_token.expose());
        let answer = show.exchange(client, request).await?;
        show.hold("the administration does it", (200..300).contains(&answer.status))?;
        let request = api(stage, client, Method::GET, "/erp/v2/info", Some(token), Some(other));
        let answer = show.exchange(client, request).await?;
        show.hold(&format!("{status} from the gateway, at once"), answer.status == status)?;
    }
    Ok(())
}

async fn wrong_secret(stage: &Stage, show: &mut Transcript, client: &Client) -> Result<(), Failure> {
    show.step("With a wrong secret there is no token")?;
    let request = client
        .post(format!("{}/oauth2/token", stage.url))
        .header("content-type", FORM)
        .body(format!("{GRANT}&client_id={}&client_secret=guessed", stage.demo.client_id));
    let answer = show.exchange(client, request).await?;
    show.hold(
        "401 invalid_client",
        (answer.status, answer.member("error").as_str()) == (401, "invalid_client"),
    )
}

async fn by_the_sdk(stage: &Stage, show: &mut Transcript) -> Result<(), Failure> {
    show.step("The same by the SDK, which gets the token, keeps it and renews it by itself")?;
    let base: BaseUrl = stage.url.parse().map_err(|fault| Failure::Failed(format!("{fault}")))?;
    let credentials = Credentials::new(&stage.demo.client_id, stage.demo.client_secret.clone());
    let tokens = TokenCache::new(ClientCredentials::new(&base, credentials)?);
    let api = ApiClient::new(base, tokens.clone())?;
    let before = tokens.token().await?.generation();
    for path in ["/erp/v2/items", "/erp/v2/customers", "/erp/v2/returns"] {
        let response = api.get(path).tenant(stage.demo.tenant).send().await?;
        let (status, attempts) = (response.status().as_u16(), response.attempts());
        show.remark(&format!("api.get({path:?}).tenant(TENANT_ID) -> {status}"))?;
        show.hold("200 at the first attempt", (status, attempts) == (200, 1))?;
    }
    show.hold("one token served all of them", tokens.token().await?.generation() == before)
}

fn api(
    stage: &Stage,
    client: &Client,
    method: Method,
    path: &str,
    token: Option<&str>,
    tenant: Option<TenantId>,
) -> RequestBuilder {
    let mut request = client.request(method, format!("{}{path}", stage.url));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(tenant) = tenant {
        request = request.header("x-tenant-id", tenant.to_string());
    }
    request
}

/// Plain and without redirects or proxies, as nothing here leaves this machine.
fn client() -> Result<Client, Failure> {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|fault| Failure::Failed(fault.to_string()))
}
