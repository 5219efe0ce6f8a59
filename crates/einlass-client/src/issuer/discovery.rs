//! What an issuer says of itself (OpenID Connect Discovery 1.0 §4).

use super::Issuer;
use crate::fetch::FetchError;
use crate::transport::{self, BaseUrl};
use http::StatusCode;
use serde::Deserialize;

const PATH: &str = "/.well-known/openid-configuration";
const LONGEST_BODY: usize = 64 * 1024;
const LONGEST_ISSUER: usize = 200;

/// Where an issuer has its endpoints. Each is asked for when it is needed: an issuer need not have them all.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    jwks_uri: Option<String>,
    /// Whether answers at the redirect URI say who gives them (RFC 9207 §3).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(crate) answers_name_issuer: bool,
}

impl Metadata {
    /// Asks the issuer, once.
    pub(crate) async fn of(issuer: &Issuer) -> Result<Self, FetchError> {
        let client =
            transport::short_answer_client(&issuer.base).map_err(|fault| transport::no_tls(&fault))?;
        let request = client.get(issuer.base.own_endpoint(PATH));
        let response = request.send().await.map_err(transport::unreachable)?;
        match response.status() {
            StatusCode::OK => {}
            status if status.is_redirection() => return Err(FetchError::Redirected(status)),
            status => {
                let retry_after = transport::retry_after(response.headers());
                return Err(FetchError::Status { status, retry_after });
            }
        }
        let body = transport::read_body(response, LONGEST_BODY).await?;
        let metadata: Self = serde_json::from_slice(&body).map_err(|_| {
            FetchError::Unreadable("no document in which an issuer says where its endpoints are")
        })?;
        metadata.of_itself(issuer)
    }

    /// OpenID Connect Discovery 1.0 §4.3: who speaks for another issuer is not believed.
    fn of_itself(self, issuer: &Issuer) -> Result<Self, FetchError> {
        if self.issuer == issuer.text {
            return Ok(self);
        }
        let found = self.issuer.chars().filter(|c| matches!(c, '!'..='~')).take(LONGEST_ISSUER).collect();
        Err(FetchError::OtherIssuer { asked: issuer.text.clone(), found })
    }

    pub(crate) fn authorization(&self) -> Result<BaseUrl, FetchError> {
        needed(self.authorization_endpoint.as_deref(), "authorization_endpoint")
    }

    pub(crate) fn token(&self) -> Result<BaseUrl, FetchError> {
        needed(self.token_endpoint.as_deref(), "token_endpoint")
    }

    pub(crate) fn keys(&self) -> Result<BaseUrl, FetchError> {
        needed(self.jwks_uri.as_deref(), "jwks_uri")
    }

    pub(crate) fn revocation(&self) -> Result<Option<BaseUrl>, FetchError> {
        let there = self.revocation_endpoint.as_deref();
        there.map(|url| needed(Some(url), "revocation_endpoint")).transpose()
    }
}

/// What is sent there is secret, and what comes from there is believed: not in clear across a network.
fn needed(url: Option<&str>, name: &'static str) -> Result<BaseUrl, FetchError> {
    let url = url.ok_or(FetchError::Endpoint { name, fault: None })?;
    url.parse().map_err(|fault| FetchError::Endpoint { name, fault: Some(fault) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(more: &str) -> Metadata {
        serde_json::from_str(&format!(r#"{{"issuer":"https://example.com/id"{more}}}"#)).unwrap()
    }

    #[test]
    fn an_issuer_speaks_for_itself_letter_by_letter() {
        let as_asked = |asked: &str| metadata("").of_itself(&asked.parse().unwrap());
        assert!(as_asked("https://example.com/id").is_ok());
        for asked in ["https://example.com/id/", "https://example.com", "https://EXAMPLE.com/id"] {
            let error = as_asked(asked).unwrap_err();
            assert!(error.is_terminal() && error.to_string().contains("https://example.com/id"), "{error}");
        }
    }

    #[test]
    fn endpoints_are_encrypted_or_on_this_machine() {
        let of = |url: &str| metadata(&format!(r#","jwks_uri":"{url}""#)).keys();
        assert!(of("https://keys.example/keys").is_ok() && of("http://127.0.0.1:1/keys").is_ok());
        let error = of("http://keys.example/keys").unwrap_err().to_string();
        assert!(error.contains("jwks_uri") && error.contains("https"), "{error}");
        assert!(metadata("").keys().unwrap_err().to_string().contains("jwks_uri"));
        assert!(metadata("").revocation().unwrap().is_none());
        assert!(metadata(r#","revocation_endpoint":"ftp://x""#).revocation().is_err());
    }
}
