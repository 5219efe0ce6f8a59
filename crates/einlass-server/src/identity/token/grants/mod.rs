//! Grants: what entitles a client to a token. One file each; a grant says on whose behalf the token acts
//! and leaves everything else to the pipeline.

mod client_credentials;

use crate::identity::OAuthError;
use crate::identity::client::Client;
use einlass_protocol::oauth::Form;

/// A grant that a request asks for (RFC 6749 §1.3).
pub(super) enum Grant {
    ClientCredentials,
}

impl Grant {
    pub(super) fn of(form: &Form) -> Result<Self, OAuthError> {
        match form.get("grant_type") {
            Some("client_credentials") => Ok(Self::ClientCredentials),
            Some(_) => Err(OAuthError::UnsupportedGrantType),
            None => Err(OAuthError::MissingGrantType),
        }
    }

    /// The token's `sub`: who acts.
    pub(super) fn authorize(&self, client: &Client) -> String {
        match self {
            Self::ClientCredentials => client_credentials::authorize(client),
        }
    }
}
