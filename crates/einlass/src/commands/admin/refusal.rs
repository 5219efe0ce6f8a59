//! What the platform answers when it does not do what was asked, as a failure that says what to do.

use super::table::printable;
use crate::failure::Failure;
use einlass_client::transport::BaseUrl;
use http::StatusCode;
use serde_json::Value;

const LONGEST_MESSAGE: usize = 500;

/// An answer that is no success.
pub(super) struct Refusal<'a> {
    pub(super) base: &'a BaseUrl,
    pub(super) status: StatusCode,
    pub(super) request_id: Option<&'a str>,
    pub(super) body: &'a str,
}

impl From<Refusal<'_>> for Failure {
    fn from(refusal: Refusal<'_>) -> Self {
        let Refusal { base, status, request_id, body } = refusal;
        let id = printable(request_id.unwrap_or("none"));
        let Some(message) = message_in(body) else {
            let text = format!(
                "{base} answered {status} and not as the administration API does: is it the platform's URL? \
                 (request id {id})"
            );
            return if status.is_server_error() { Self::Unavailable(text) } else { Self::Failed(text) };
        };
        let text = format!("{message} ({}, request id {id}){}", status.as_u16(), advice(status));
        match status.as_u16() {
            400 => Self::Usage(text),
            401 | 403 => Self::Credentials(text),
            429 | 500.. => Self::Unavailable(text),
            _ => Self::Failed(text),
        }
    }
}

/// What the platform cannot say, since it does not know what it talks to.
fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => {
            "\n         It comes from EINLASS_ADMIN_TOKEN, else the file in EINLASS_ADMIN_TOKEN_FILE, else ADMIN_TOKEN."
        }
        404 => "\n         `list` shows what there is.",
        _ => "",
    }
}

/// The API's `message`, fit to be shown.
fn message_in(body: &str) -> Option<String> {
    let parsed: Value = serde_json::from_str(body).ok()?;
    let message = parsed["message"].as_str().filter(|_| parsed["error"].is_string())?;
    Some(printable(message).chars().take(LONGEST_MESSAGE).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitCode;

    fn failure(status: u16, body: &str) -> Failure {
        let base = "https://example.com".parse().unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        Refusal { base: &base, status, request_id: Some("r-1"), body }.into()
    }

    #[test]
    fn each_status_has_its_exit_code_and_every_message_its_request_id() {
        for (status, code) in [(400, 2), (401, 4), (403, 4), (404, 1), (409, 1), (429, 5), (503, 5)] {
            let failure = failure(status, r#"{"error": "x", "message": "so it is"}"#);
            assert_eq!(failure.exit_code(), ExitCode::from(code), "{status}");
            let text = failure.to_string();
            assert!(text.starts_with(&format!("so it is ({status}, request id r-1)")), "{text}");
        }
    }

    #[test]
    fn who_does_not_answer_as_the_api_does_is_no_platform() {
        for body in ["<html>canary</html>", r#"{"message": "canary"}"#, ""] {
            let text = failure(404, body).to_string();
            assert!(text.contains("https://example.com answered 404") && !text.contains("canary"), "{text}");
        }
        assert_eq!(failure(502, "").exit_code(), ExitCode::from(5));
    }

    #[test]
    fn a_message_does_not_reach_the_terminal_as_it_likes() {
        let text = failure(409, r#"{"error": "x", "message": "\u001b[2Ja\nb"}"#).to_string();
        assert!(!text.contains('\u{1b}') && text.starts_with("\u{fffd}[2Ja\u{fffd}b ("), "{text:?}");
    }
}
