//! The APIs that are guarded, as the configuration has them. Their documents are followed while the node runs: read
//! again when they change, and on SIGHUP.

use crate::config::Upstream;
use crate::node::Door;
use crate::signals;
use einlass_protocol::policy::CurrentPolicy;

/// To be called on the control runtime.
pub(super) fn open(upstream: Upstream) -> Door {
    let Upstream { prefix, url, documents, settings, policy, mode, tls, known_by, timeouts } = upstream;
    let policy = CurrentPolicy::new(policy);
    tokio::spawn(documents.follow(settings, policy.clone(), signals::hang_up));
    Door { prefix, policy, mode, upstream: url, tls, known_by, timeouts }
}
