//! What every endpoint that clients authenticate at does first: parse → limit → authenticate the client.

mod authenticate;
mod brought;
mod directory;
mod failures;
mod limits;
mod request;

pub use directory::ClientDirectory;
pub use failures::Failures;
pub use limits::TokenLimits;

pub(super) use authenticate::Client;

use super::OAuthError;
use crate::Platform;
use crate::peer::Peer;
use authenticate::{Claim, Unproved};
use axum::extract::Request;
use einlass_protocol::network::Network;
use einlass_protocol::oauth::Form;
use einlass_protocol::time::UnixTime;
use request::{ClientRequest, Presented};
use std::sync::Arc;

/// A request whose sender proved who it is.
pub(super) struct Authenticated {
    pub(super) client: Client,
    pub(super) form: Form,
    /// When it began to: what is revoked later is revoked after this.
    pub(super) at: UnixTime,
}

impl Authenticated {
    pub(super) async fn read(platform: &Arc<Platform>, request: Request) -> Result<Self, OAuthError> {
        let network = Network::of(Peer::ip_of(request.extensions()));
        platform.limits.admit_from(network)?;
        let ClientRequest { form, presented } = ClientRequest::read(request).await?;
        platform.limits.admit(presented.client_id(), network)?;
        let at = platform.clock.wall();
        let client = match presented {
            Presented::Secret(credentials) => Claim { credentials, network }.prove(platform, at).await?,
            Presented::IdAlone(id) => Unproved { id, network }.find(platform, at).await?,
        };
        Ok(Self { client, form, at })
    }
}
