//! The steps of the tour at an on-premise ERP: an app asks, the admin decides, and a key opens what it may.

use super::stage::Stage;
use super::transcript::{Answer, Transcript};
use crate::failure::Failure;
use einlass_server::emulator::Demonstration;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

const CODE: &str = "tour-4711";

/// From the admin who waits to the key's end.
pub(super) async fn act(stage: &Stage, show: &mut Transcript, client: &Client) -> Result<(), Failure> {
    let database = Demonstration::database();
    let base = format!("{}/api/{database}", stage.url);
    let ask = |path: &str| client.get(format!("{base}/{path}")).header("x-challengecode", CODE);
    let register = || {
        let app = json!({
            "AppId": "parcels/v1", "DisplayName": "Parcels", "Description": "Ships what was ordered",
            "Version": "1.0.0", "ProviderName": "Paketwerk", "ProviderWebsite": "https://paketwerk.example",
            "MandatoryApiScopes": ["items.read"], "OptionalApiScopes": ["items.write"],
        });
        let request = client.post(format!("{base}/authentication")).header("x-challengecode", CODE);
        request.header("content-type", "application/json").body(app.to_string())
    };

    show.step("An app asks a merchant's own ERP to be let in, and nobody there waits for it")?;
    let answer = show.exchange(client, register()).await?;
    show.hold("403", answer.status == 403)?;

    show.step("The merchant's admin waits (at /onprem, or by einlass onprem open), and the app asks again")?;
    admin(stage, show, client, Method::POST, &format!("sites/{database}/wait"), None).await?;
    let answer = show.exchange(client, register()).await?;
    show.hold("201", answer.status == 201)?;
    let id = answer.member("RegistrationRequestId");

    show.step("The admin lets it in, without what is optional; the app reads its key, once")?;
    let without = json!({ "optional": "" });
    admin(stage, show, client, Method::POST, &format!("registrations/{id}/accept"), Some(&without)).await?;
    let poll = format!("authentication/{id}");
    let answer = show.exchange_for_secret(client, ask(&poll), "Token", "API_KEY").await?;
    let token: Value = serde_json::from_str(&answer.member("Token")).unwrap_or_default();
    let key = token["ApiKey"].as_str().unwrap_or_default().to_owned();
    show.mask(&key, "API_KEY");
    show.hold("200, and a key", answer.status == 200 && key.len() == 36)?;
    show.hold("410 the second time", show.exchange(client, ask(&poll)).await?.status == 410)?;

    show.step("The key opens what it may, and nothing else")?;
    let call = |method: Method, path: &str| {
        client.request(method, format!("{base}/{path}")).header("authorization", format!("Wawi {key}"))
    };
    let answer = show.exchange(client, call(Method::GET, "v1/items")).await?;
    show.hold("200", answer.status == 200)?;
    let answer = show.exchange(client, call(Method::GET, "v2/customers")).await?;
    show.hold(
        "403, and which scope is missing",
        answer.status == 403 && answer.body.contains("customers.read"),
    )?;
    let as_bearer = client.get(format!("{base}/v1/items")).bearer_auth(&key);
    let answer = show.exchange(client, as_bearer).await?;
    show.hold("401 as a bearer token, and why", answer.status == 401 && answer.body.contains("Wawi"))?;

    show.step("The admin ends that, and the next call is refused")?;
    admin(stage, show, client, Method::DELETE, &format!("registrations/{id}"), None).await?;
    let answer = show.exchange(client, call(Method::GET, "v1/items")).await?;
    show.hold("401", answer.status == 401)
}

/// What the merchant's admin does, by the administration API.
async fn admin(
    stage: &Stage,
    show: &Transcript,
    client: &Client,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Result<Answer, Failure> {
    let request: RequestBuilder = client
        .request(method, format!("{}/admin/api/{path}", stage.url))
        .bearer_auth(stage.demo.admin_token.expose());
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string()),
        None => request,
    };
    let answer = show.exchange(client, request).await?;
    show.hold("it is done", (200..300).contains(&answer.status))?;
    Ok(answer)
}
