//! What a server says of itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).

use serde::Serialize;

/// The metadata of one issuer. The same document answers both well-known paths; it names only what works.
#[derive(Clone, Debug, Serialize)]
pub struct ServerMetadata {
    /// The issuer, exactly as in `iss`.
    pub issuer: String,
    /// Where tokens are issued.
    pub token_endpoint: String,
    /// Where clients give tokens back (RFC 7009).
    pub revocation_endpoint: String,
    /// How they prove who they are there.
    pub revocation_endpoint_auth_methods_supported: &'static [&'static str],
    /// Where clients ask about tokens (RFC 7662).
    pub introspection_endpoint: String,
    /// How they prove who they are there.
    pub introspection_endpoint_auth_methods_supported: &'static [&'static str],
    /// Where the keys are.
    pub jwks_uri: String,
    /// How clients prove who they are.
    pub token_endpoint_auth_methods_supported: &'static [&'static str],
    /// Which grants there are.
    pub grant_types_supported: &'static [&'static str],
    /// None yet; the member itself is required (RFC 8414 §2).
    pub response_types_supported: &'static [&'static str],
    /// How `sub` is chosen; required by OpenID Connect Discovery.
    pub subject_types_supported: &'static [&'static str],
    /// How ID tokens are signed; required by OpenID Connect Discovery.
    pub id_token_signing_alg_values_supported: &'static [&'static str],
}

/// Wherever a client authenticates.
const CLIENT_AUTHENTICATION: &[&str] = &["client_secret_basic", "client_secret_post"];

impl ServerMetadata {
    /// The metadata of the issuer at this URL (no slash at its end).
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Self {
        Self {
            issuer: issuer.into(),
            token_endpoint: format!("{issuer}/oauth2/token"),
            revocation_endpoint: format!("{issuer}/oauth2/revoke"),
            revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            introspection_endpoint: format!("{issuer}/oauth2/introspect"),
            introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            grant_types_supported: &["client_credentials"],
            response_types_supported: &[],
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: &["RS256"],
        }
    }
}
