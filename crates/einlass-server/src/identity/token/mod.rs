//! `POST /oauth2/token` (RFC 6749 §3.2): one pipeline for every grant.
//!
//! parse → limit → authenticate the client → scope → grant → count → respond
//!
//! A grant supplies only what is its own (`grants`); it cannot skip a step, because it does not take
//! them. Whatever goes wrong is a [`TokenError`], and `error` decides what the caller is told.

mod authenticate;
mod clients;
mod counters;
mod error;
mod grants;
mod issue;
mod limits;
mod request;
mod respond;
mod scope;

pub use clients::ClientDirectory;
pub use counters::TokenCounters;
pub use error::TokenError;
pub use limits::TokenLimits;

use crate::Platform;
use crate::peer::Peer;
use axum::extract::{Request, State};
use axum::response::Response;
use grants::Grant;
use issue::Issued;
use request::TokenRequest;
use std::sync::Arc;

/// Answers a token request, whatever its method: this endpoint says itself what it thinks of a `GET`.
pub async fn endpoint(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let address = Peer::ip_of(request.extensions());
    let outcome = pipeline(&platform, address, request).await;
    platform.counters.count(&outcome);
    match outcome {
        Ok(issued) => respond::token(&issued, address),
        Err(error) => respond::error(&error, address),
    }
}

async fn pipeline(
    platform: &Platform,
    address: std::net::IpAddr,
    request: Request,
) -> Result<Issued, TokenError> {
    let request = TokenRequest::read(request).await?;
    platform.limits.admit(&request.credentials.client_id, address)?;
    let client = authenticate::client(&platform.clients, &request.credentials, platform.clock.wall()).await?;
    let grant = Grant::of(&request.form)?;
    let scope = scope::narrow(&client, request.form.get("scope"))?;
    let subject = grant.authorize(&client);
    issue::access_token(platform, &client, subject, scope).await
}
