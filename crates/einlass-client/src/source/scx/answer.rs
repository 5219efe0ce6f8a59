//! Reading what the marketplace's exchange answers.

use super::super::lifetime::lifetime;
use crate::fetch::{FetchError, IssuedToken};
use crate::transport;
use einlass_protocol::oauth::ErrorCode;
use einlass_protocol::secret::Secret;
use http::StatusCode;
use reqwest::Response;
use serde::Deserialize;

const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_DESCRIPTION: usize = 200;

/// A token, and what is to be presented next time if it is another one.
pub(super) struct Answered {
    pub(super) issued: IssuedToken,
    pub(super) successor: Option<Secret>,
}

/// Reads the answer to who presented this refresh token.
pub(super) async fn read(response: Response, presented: &Secret) -> Result<Answered, FetchError> {
    let status = response.status();
    if status == StatusCode::OK {
        return token(&transport::read_body(response, LONGEST_BODY).await?, presented);
    }
    if status.is_redirection() {
        return Err(FetchError::Redirected(status));
    }
    let error = FetchError::Status { status, retry_after: transport::retry_after(response.headers()) };
    // 426 says that this client is too old: as little helped by asking again as a wrong token.
    let is_final = [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::UPGRADE_REQUIRED];
    if !is_final.contains(&status) {
        return Err(error);
    }
    let body = transport::read_body(response, LONGEST_BODY).await?;
    Err(refusal(&body, presented).unwrap_or(error))
}

/// The lifetime is `expiresIn`: `tokenExpireAt` would be the other side's clock.
fn token(body: &[u8], presented: &Secret) -> Result<Answered, FetchError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        auth_token: String,
        expires_in: Option<serde_json::Value>,
        refresh_token: Option<String>,
    }
    // The parser's own message may quote the body, and with it the token.
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| FetchError::Unreadable("not an authToken in JSON"))?;
    let lifetime = lifetime(answer.expires_in.as_ref());
    let successor = answer.refresh_token.filter(|token| !token.is_empty() && token != presented.expose());
    let issued = IssuedToken { access_token: Secret::new(answer.auth_token), lifetime };
    Ok(Answered { issued, successor: successor.map(Secret::new) })
}

fn refusal(body: &[u8], presented: &Secret) -> Option<FetchError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        error_list: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        code: String,
        message: String,
    }
    let Item { code, message } = serde_json::from_slice::<Body>(body).ok()?.error_list.into_iter().next()?;
    let text = format!("{code}: {message}");
    let is_discreet = !text.contains(presented.expose());
    let plain = text.chars().filter(|c| !c.is_control()).take(LONGEST_DESCRIPTION).collect();
    Some(FetchError::Rejected { code: ErrorCode::InvalidGrant, description: is_discreet.then_some(plain) })
}
