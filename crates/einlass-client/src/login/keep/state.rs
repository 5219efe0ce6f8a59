//! How a sign-in is written down.

use super::super::SignedIn;
use einlass_protocol::ids::ClientId;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;
use serde::{Deserialize, Serialize};

/// The file's content. It has no `Debug`.
#[derive(Serialize, Deserialize)]
struct Content {
    issuer: String,
    client_id: ClientId,
    subject: String,
    token_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_endpoint: Option<String>,
    /// In seconds, as in a JWT.
    expires_at: i64,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

pub(super) fn to_json(signed_in: &SignedIn) -> Vec<u8> {
    let SignedIn { issuer, client_id, subject, .. } = signed_in.clone();
    let clear = |secret: &Secret| secret.expose().to_owned();
    let content = Content {
        issuer,
        client_id,
        subject,
        token_endpoint: signed_in.token_endpoint.to_string(),
        revocation_endpoint: signed_in.revocation_endpoint.as_ref().map(ToString::to_string),
        expires_at: signed_in.expires_at.seconds(),
        access_token: clear(&signed_in.access_token),
        refresh_token: signed_in.refresh_token.as_ref().map(clear),
    };
    // Texts and a number are always JSON.
    let mut json = serde_json::to_vec_pretty(&content).unwrap_or_default();
    json.push(b'\n');
    json
}

/// `None` for what is none, and no reason: it could quote a secret.
pub(super) fn from_json(json: &[u8]) -> Option<SignedIn> {
    let content: Content = serde_json::from_slice(json).ok()?;
    Some(SignedIn {
        issuer: content.issuer,
        client_id: content.client_id,
        subject: content.subject,
        expires_at: UnixTime::from_seconds(content.expires_at),
        // Looked at again: what is sent there is secret.
        token_endpoint: content.token_endpoint.parse().ok()?,
        revocation_endpoint: content.revocation_endpoint.map(|url| url.parse()).transpose().ok()?,
        access_token: Secret::new(content.access_token),
        refresh_token: content.refresh_token.map(Secret::new),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = r#"{
  "issuer": "https://auth.example",
  "client_id": "client",
  "subject": "anna",
  "token_endpoint": "https://auth.example/token",
  "revocation_endpoint": "https://auth.example/revoke",
  "expires_at": 1800000000,
  "access_token": "canary-access",
  "refresh_token": "canary-refresh"
}
"#;

    #[test]
    fn what_is_written_is_read_and_its_tokens_are_not_shown() {
        let read = from_json(KEPT.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(to_json(&read)).unwrap(), KEPT);
        let shown = format!("{read:?}");
        assert!(shown.contains("anna") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_is_none_is_none() {
        for json in ["", "{}", "[]", &KEPT.replace("https://auth.example/token", "http://auth.example/token")]
        {
            assert!(from_json(json.as_bytes()).is_none(), "{json}");
        }
    }
}
