//! What every endpoint that clients authenticate at does first: parse → limit → authenticate the client.

mod authenticate;
mod directory;
mod limits;
mod request;

pub use directory::ClientDirectory;
pub use limits::TokenLimits;

pub(super) use authenticate::Client;

use super::OAuthError;
use crate::Platform;
use crate::peer::Peer;
use axum::extract::Request;
use einlass_protocol::oauth::Form;
use einlass_protocol::time::UnixTime;
use request::ClientRequest;

/// A request whose sender proved who it is.
pub(super) struct Authenticated {
    pub(super) client: Client,
    pub(super) form: Form,
    /// When it began to: what is revoked later is revoked after this.
    pub(super) at: UnixTime,
}

impl Authenticated {
    pub(super) async fn read(platform: &Platform, request: Request) -> Result<Self, OAuthError> {
        let address = Peer::ip_of(request.extensions());
        let ClientRequest { form, credentials } = ClientRequest::read(request).await?;
        platform.limits.admit(&credentials.client_id, address)?;
        let at = platform.clock.wall();
        let client = authenticate::client(&platform.clients, &credentials, at).await?;
        Ok(Self { client, form, at })
    }
}
