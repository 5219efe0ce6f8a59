//! The steps of the tour at the marketplace: a channel, a seller, and what links them.

use super::stage::Stage;
use super::steps::FORM;
use super::transcript::{Answer, Transcript};
use crate::failure::Failure;
use einlass_protocol::secret::Secret;
use reqwest::{Client, Method};
use serde_json::Value;

/// The exchange, a sign-up from both sides, and the event of its end.
pub(super) async fn act(stage: &Stage, show: &mut Transcript, client: &Client) -> Result<(), Failure> {
    let demo = &stage.demo.channel;
    let of_channel = Exchanged { who: "channel", is: "SCX_REFRESH_TOKEN", becomes: "CHANNEL_TOKEN" };
    let of_seller = Exchanged { who: "seller", is: "SCX_SELLER_REFRESH_TOKEN", becomes: "SELLER_TOKEN" };
    let channel = exchange(stage, show, client, &of_channel, &demo.refresh_token).await?;
    let seller = exchange(stage, show, client, &of_seller, &demo.seller_refresh_token).await?;

    show.step("The seller goes to the channel, with a session that counts once")?;
    let path = format!("/seller/channel/{}", demo.name);
    let request = client.post(format!("{}/v1{path}", stage.url)).bearer_auth(&seller);
    let answer = show.exchange_for_secret(client, request, "signUpUrl", "SIGN_UP_URL").await?;
    let url = answer.member("signUpUrl");
    let session = url.split("session=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
    show.mask(session, "SESSION");
    show.hold("200, and a session of 64 characters", answer.status == 200 && session.len() == 64)?;

    show.step("The channel links the seller")?;
    let link = serde_json::json!({ "session": session, "sellerId": "anna_1", "companyName": "Anna's Bikes" });
    for (status, what) in [(201, "201"), (404, "404 the second time: the session is used up")] {
        let answer =
            call(stage, show, client, (Method::POST, "/channel/seller"), &channel, Some(&link)).await?;
        show.hold(what, answer.status == status)?;
    }

    show.step("And unlinks it, of which an event tells")?;
    let unlink = (Method::DELETE, "/channel/seller/anna_1?reason=tour");
    let answer = call(stage, show, client, unlink, &channel, None).await?;
    show.hold("it is done", (200..300).contains(&answer.status))?;
    let answer = call(stage, show, client, (Method::GET, "/channel/event"), &channel, None).await?;
    show.hold("the event is there", answer.body.contains("Seller:Channel.Unlinked"))?;

    show.step("A seller's token opens nothing of the channel's, and an app's token nothing at all")?;
    let answer = call(stage, show, client, (Method::GET, "/channel/event"), &seller, None).await?;
    show.hold("403", answer.status == 403)
}

/// What an exchange is of, and how the secrets in it are shown.
struct Exchanged {
    who: &'static str,
    is: &'static str,
    becomes: &'static str,
}

/// An `authToken` for a refresh token.
async fn exchange(
    stage: &Stage,
    show: &mut Transcript,
    client: &Client,
    &Exchanged { who, is, becomes }: &Exchanged,
    refresh_token: &Secret,
) -> Result<String, Failure> {
    show.step(&format!("A marketplace {who}'s token, for its refresh token"))?;
    let encoded = refresh_token.expose().replace(':', "%3A");
    show.mask(&encoded, is);
    let request = client
        .post(format!("{}/v1/auth", stage.url))
        .header("content-type", FORM)
        .body(format!("refreshToken={encoded}"));
    let answer = show.exchange_for_secret(client, request, "authToken", becomes).await?;
    show.hold("200, for an hour", (answer.status, answer.member("expiresIn").as_str()) == (200, "3600"))?;
    Ok(answer.member("authToken"))
}

async fn call(
    stage: &Stage,
    show: &mut Transcript,
    client: &Client,
    (method, path): (Method, &str),
    token: &str,
    body: Option<&Value>,
) -> Result<Answer, Failure> {
    let mut request = client.request(method, format!("{}/v1{path}", stage.url)).bearer_auth(token);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    show.exchange(client, request).await
}
