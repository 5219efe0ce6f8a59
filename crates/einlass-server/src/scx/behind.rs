//! Everything else below `/v1`: handed to the gateway, which forwards it to the marketplace with the caller's identity.

use super::ScxError;
use super::visit::Caller;
use crate::Platform;
use crate::peer::Peer;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use einlass_protocol::scx::{Party, is_platforms};
use http::StatusCode;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

/// A call whose caller is let in.
pub struct MarketplaceCall {
    /// The call as it came.
    pub request: Request,
    /// Whose it is.
    pub party: Party,
    /// Where it came from.
    pub peer: IpAddr,
}

/// Why the marketplace did not answer a call.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The path can be read in two ways.
    #[error("{0}")]
    Path(String),
    /// The marketplace's documents name no such operation.
    #[error("no document names the operation")]
    UnknownOperation,
    /// The path has other methods, as `Allow` lists them.
    #[error("the path takes {0}")]
    MethodNotAllowed(String),
    /// It cannot be reached, or broke off: a 502, or a 504 when it was too slow.
    #[error("the marketplace: {0}")]
    Failed(String, StatusCode),
}

/// What forwards calls to the marketplace.
pub type Marketplace = Arc<
    dyn Fn(MarketplaceCall) -> Pin<Box<dyn Future<Output = Result<Response<Body>, Unanswered>> + Send>>
        + Send
        + Sync,
>;

pub(super) async fn call(
    State(platform): State<Arc<Platform>>,
    Extension(Caller(claims)): Extension<Caller>,
    request: Request,
) -> Result<Response, ScxError> {
    let marketplace = platform.marketplace.as_ref();
    let marketplace = marketplace.filter(|_| !is_platforms(request.uri().path()));
    let marketplace = marketplace.ok_or(Unanswered::UnknownOperation)?;
    let peer = Peer::ip_of(request.extensions());
    let call = MarketplaceCall { request, party: claims.party.clone(), peer };
    Ok(marketplace(call).await?)
}
