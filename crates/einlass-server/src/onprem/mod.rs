//! On-premise registration: an app asks an ERP at a merchant's own site to be let in, the merchant's admin decides, and the
//! app reads its key once.
//!
//! | file | what it is |
//! |---|---|
//! | `case` | in whatever case a path is written |
//! | `visit` | what every request goes through: which ERP, how names are written, how often |
//! | `register` | an app asks |
//! | `poll` | it asks what came of that, and takes its key |
//! | `instance` | one more instance of an app that is registered |
//! | `decide` | what an admin does: wait, accept, reject, hand out again, revoke |
//! | `error` | what goes wrong, in the ERP's words |

mod case;
mod decide;
mod error;
mod instance;
mod poll;
mod register;
mod visit;

pub(crate) use case::in_any_case;
pub(crate) use decide::{Chosen, DecisionFault};
pub(crate) use register::Shown;

use crate::Platform;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use error::OnPremiseError;
use std::sync::Arc;

/// How many requests to be registered are read at once.
pub(crate) const MOST_REGISTERING: usize = 16;
/// How many requests that come to nothing a network may send in a minute: polls for registrations that are none, challenge
/// codes that are another's, registrations that nobody waits for.
pub(crate) const MOST_WRONG_POLLS: u32 = 30;

/// Every path of a registration: unversioned, `/v1` and `/v2`.
pub(crate) fn router(platform: &Arc<Platform>) -> Router<Arc<Platform>> {
    ["", "/v1", "/v2"]
        .into_iter()
        .fold(Router::new(), |router, version| {
            let at = |path: &str| format!("/api/{{database}}{version}/authentication{path}");
            router
                .route(&at(""), post(register::endpoint))
                .route(&at("/{registration}"), get(poll::endpoint).post(instance::endpoint))
        })
        .method_not_allowed_fallback(async || OnPremiseError::MethodNotAllowed)
        .layer(from_fn_with_state(Arc::clone(platform), visit::enter))
}
