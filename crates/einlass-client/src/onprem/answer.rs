//! Reading what an ERP answers to registrations. Members are found in Pascal and in camel case.

use super::Registered;
use super::error::{Fault, RegisterError};
use crate::fetch::FetchError;
use crate::transport;
use einlass_protocol::secret::Secret;
use http::StatusCode;
use reqwest::Response;
use serde_json::Value;
use std::time::Duration;

const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_MESSAGE: usize = 200;

/// Why an answer does not bring a registration further.
#[derive(Debug)]
pub(super) enum Setback {
    /// Nobody waits for apps at the merchant.
    NobodyWaits(Option<Duration>),
    /// What may pass.
    Passing(Fault, Option<Duration>),
    /// What does not.
    Final(RegisterError),
}

/// What the admin has decided.
#[derive(Debug)]
pub(super) enum Decision {
    Pending,
    Rejected,
    Accepted(Registered),
}

/// Reads the answer to `POST authentication`: the request's id.
pub(super) async fn requested(response: Response, challenge: &Secret) -> Result<String, Setback> {
    let status = response.status();
    if status == StatusCode::FORBIDDEN {
        return Err(Setback::NobodyWaits(transport::retry_after(response.headers())));
    }
    let body = body(response, challenge).await.map_err(|setback| match (status, setback) {
        (StatusCode::NOT_FOUND, _) => Setback::Final(RegisterError::NobodyThere),
        (StatusCode::CONFLICT, _) => Setback::Final(RegisterError::AlreadyRegistered),
        (_, setback) => setback,
    })?;
    let id = member(&body, "RegistrationRequestId").and_then(Value::as_str).filter(|id| !id.is_empty());
    id.map(str::to_owned).ok_or_else(|| unreadable("no RegistrationRequestId in JSON"))
}

/// Reads the answer to `GET authentication/{id}`.
pub(super) async fn decided(response: Response, challenge: &Secret) -> Result<Decision, Setback> {
    let status = response.status();
    let body = body(response, challenge).await.map_err(|setback| match (status, setback) {
        (StatusCode::NOT_FOUND, _) => Setback::Final(RegisterError::Expired),
        (StatusCode::GONE, _) => Setback::Final(RegisterError::AlreadyRead),
        (_, setback) => setback,
    })?;
    decision(&body)
}

/// The key counts whatever stands beside it: it will not come again.
fn decision(body: &Value) -> Result<Decision, Setback> {
    let key = member(body, "Token").and_then(|token| member(token, "ApiKey")).and_then(Value::as_str);
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        let scopes = member(body, "GrantedScopes").and_then(Value::as_array);
        let granted_scopes =
            scopes.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        return Ok(Decision::Accepted(Registered { api_key: Secret::new(key.into()), granted_scopes }));
    }
    let status = member(body, "RequestStatusInfo").and_then(|info| member(info, "Status"));
    match status.and_then(Value::as_u64) {
        Some(0) => Ok(Decision::Pending),
        Some(1) => Ok(Decision::Rejected),
        Some(2) => Err(unreadable("accepted, and no key")),
        _ => Err(unreadable("no status that is known")),
    }
}

/// The body of a success, or what every other status means whatever was asked.
async fn body(response: Response, challenge: &Secret) -> Result<Value, Setback> {
    let status = response.status();
    if status.is_redirection() {
        return Err(Setback::Final(RegisterError::Redirected(status)));
    }
    let retry_after = transport::retry_after(response.headers());
    if status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
    {
        return Err(Setback::Passing(Fault::Status(status), retry_after));
    }
    if status == StatusCode::PAYMENT_REQUIRED {
        return Err(Setback::Final(RegisterError::Unlicensed));
    }
    let read = transport::read_body(response, LONGEST_BODY).await;
    if !status.is_success() {
        // A refusal counts without its reason too.
        return Err(Setback::Final(refusal(status, &read.unwrap_or_default(), challenge)));
    }
    serde_json::from_slice(&read.map_err(passing)?).map_err(|_| unreadable("not JSON"))
}

fn refusal(status: StatusCode, body: &[u8], challenge: &Secret) -> RegisterError {
    let text = String::from_utf8_lossy(body);
    if status != StatusCode::BAD_REQUEST {
        return RegisterError::Refused { status, message: message(&text, challenge) };
    }
    if text.to_ascii_lowercase().contains("unsupported api version") {
        return RegisterError::UnsupportedApiVersion;
    }
    RegisterError::Malformed { message: message(&text, challenge) }
}

/// The ERP's `errorMessage`, fit to be shown to people, unless it repeats what only the ERP and we may know.
fn message(body: &str, challenge: &Secret) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let text = member(&body, "ErrorMessage")?.as_str().filter(|text| !text.contains(challenge.expose()))?;
    Some(text.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect())
}

/// What went wrong on the way.
pub(super) fn passing(error: FetchError) -> Setback {
    let fault = match error {
        FetchError::TimedOut => Fault::TimedOut,
        FetchError::Unreachable(why) => Fault::Unreachable(why),
        _ => Fault::Unreadable("it is too long"),
    };
    Setback::Passing(fault, None)
}

fn unreadable(why: &'static str) -> Setback {
    Setback::Passing(Fault::Unreadable(why), None)
}

/// A member by its name, `Status` as well as `status`.
fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
