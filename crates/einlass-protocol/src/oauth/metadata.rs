//! What a server says of itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3).

use super::Generation;
use serde::Serialize;

/// The metadata of one issuer. The same document answers both well-known paths; it names only what works, and what is not
/// there where to leave it out would say that it is.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the specifications have one for each parameter")]
pub struct ServerMetadata {
    /// The issuer, exactly as in `iss`.
    pub issuer: String,
    /// Where people let clients act for them.
    pub authorization_endpoint: String,
    /// Where a client has them sign out (OpenID Connect RP-Initiated Logout 1.0 §2.1).
    pub end_session_endpoint: String,
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
    /// How codes are bound to who asked for them (RFC 7636 §6.2): always.
    pub code_challenge_methods_supported: &'static [&'static str],
    /// Answers say who gives them (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
    /// Beside the scopes of the APIs.
    pub scopes_supported: &'static [&'static str],
    /// What the authorization endpoint answers with.
    pub response_types_supported: &'static [&'static str],
    /// How: to leave it out would say in the fragment too (RFC 8414 §2).
    pub response_modes_supported: &'static [&'static str],
    /// Whether single claims can be asked for (OpenID Connect Core §5.5).
    pub claims_parameter_supported: bool,
    /// Whether a request may be a JWT (OpenID Connect Core §6.1).
    pub request_parameter_supported: bool,
    /// Whether it may be fetched (OpenID Connect Core §6.2): to leave it out would say that it may.
    pub request_uri_parameter_supported: bool,
    /// How `sub` is chosen; required by OpenID Connect Discovery.
    pub subject_types_supported: &'static [&'static str],
    /// How ID tokens are signed; required by OpenID Connect Discovery.
    pub id_token_signing_alg_values_supported: &'static [&'static str],
}

/// Wherever a client has to prove who it is.
const PROVED: &[&str] = &["client_secret_basic", "client_secret_post"];
/// Where its own code or token is all that one without a secret has.
const PROVED_OR_NOT: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

impl ServerMetadata {
    /// The metadata of the issuer at this URL (no slash at its end).
    #[must_use]
    pub fn of_issuer(generation: Generation, issuer: &str) -> Self {
        let (paths, at) = (generation.paths(), |path: &str| format!("{issuer}{path}"));
        Self {
            issuer: issuer.into(),
            authorization_endpoint: at(paths.authorization),
            end_session_endpoint: at(paths.end_session),
            token_endpoint: at(paths.token),
            revocation_endpoint: at(paths.revocation),
            revocation_endpoint_auth_methods_supported: PROVED_OR_NOT,
            introspection_endpoint: at(paths.introspection),
            introspection_endpoint_auth_methods_supported: PROVED,
            jwks_uri: at(paths.keys),
            token_endpoint_auth_methods_supported: PROVED_OR_NOT,
            grant_types_supported: &["client_credentials", "authorization_code", "refresh_token"],
            code_challenge_methods_supported: &["S256"],
            authorization_response_iss_parameter_supported: true,
            scopes_supported: &["openid", "offline_access"],
            response_types_supported: &["code"],
            response_modes_supported: &["query"],
            claims_parameter_supported: false,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: &["RS256"],
        }
    }
}
