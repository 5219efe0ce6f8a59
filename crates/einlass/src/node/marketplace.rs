//! What connects the platform, which knows who calls below `/v1`, and the gateway, which forwards it.

use axum::body::Body;
use einlass_proxy::forward::ForwardError;
use einlass_proxy::gateway::{MarketplaceDoor, NotForwarded};
use einlass_server::scx::{Marketplace, MarketplaceCall, Unanswered};
use http::StatusCode;
use std::sync::Arc;

pub(super) fn of(door: MarketplaceDoor) -> Marketplace {
    Arc::new(move |call| {
        let door = door.clone();
        Box::pin(async move {
            let MarketplaceCall { request, party, peer } = call;
            let answer = door.forward(request, &party, peer).await.map_err(unanswered)?;
            Ok(answer.map(Body::new))
        })
    })
}

fn unanswered(why: NotForwarded) -> Unanswered {
    match why {
        NotForwarded::Path(why) => Unanswered::Path(why.to_string()),
        NotForwarded::UnknownOperation => Unanswered::UnknownOperation,
        NotForwarded::MethodNotAllowed(allowed) => {
            let names: Vec<_> = allowed.iter().map(|method| method.as_str()).collect();
            Unanswered::MethodNotAllowed(names.join(", "))
        }
        NotForwarded::Forward(fault) => Unanswered::Failed(fault.to_string(), status(&fault)),
        NotForwarded::Target(fault) => Unanswered::Failed(fault.to_string(), StatusCode::URI_TOO_LONG),
    }
}

fn status(fault: &ForwardError) -> StatusCode {
    match fault {
        ForwardError::ConnectTimedOut | ForwardError::HeadTimedOut => StatusCode::GATEWAY_TIMEOUT,
        ForwardError::CallerStalled => StatusCode::REQUEST_TIMEOUT,
        ForwardError::CallerBroken => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    }
}
