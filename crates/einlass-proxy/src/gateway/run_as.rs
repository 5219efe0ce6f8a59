//! A call for another user than its own caller (`x-runas`): it needs a scope besides what its operation needs, at every door of the
//! ERP.

use super::headers;
use einlass_protocol::policy::{self, Alternative, Caller, CallerKind};
use einlass_protocol::scope::ScopeSet;
use http::HeaderMap;

/// What such a caller needs.
const RUN_AS: &str = "application.runas";

/// The verdict, with what the wish to act for another adds to it.
pub(super) fn judge<'o>(
    headers: &HeaderMap,
    caller: Caller<'_>,
    verdict: Result<&'o Alternative, policy::Refusal>,
) -> Result<&'o Alternative, policy::Refusal> {
    if !headers.keys().any(|name| headers::is_run_as(name.as_str())) {
        return verdict;
    }
    let lacks = |scopes: &ScopeSet| !scopes.iter().any(|scope| scope.as_str() == RUN_AS);
    // A person acts as nobody but themselves, whatever they let an app have.
    let is_person = caller.kind == CallerKind::Person;
    let token = is_person || caller.kind != CallerKind::Key && lacks(caller.token);
    let grant = lacks(caller.granted);
    if !token && !grant {
        return verdict;
    }
    let (required, not_in_token, not_granted) = match verdict {
        Ok(alternative) => {
            (alternative.wawi.clone().unwrap_or_default(), ScopeSet::default(), ScopeSet::default())
        }
        Err(policy::Refusal::MissingScopes { required, not_in_token, not_granted }) => {
            (required, not_in_token, not_granted)
        }
        Err(other) => return Err(other),
    };
    Err(policy::Refusal::MissingScopes {
        required: with_run_as(&required, true),
        not_in_token: with_run_as(&not_in_token, token),
        not_granted: with_run_as(&not_granted, grant),
    })
}

fn with_run_as(scopes: &ScopeSet, is_meant: bool) -> ScopeSet {
    let run_as = RUN_AS.parse().ok().filter(|_| is_meant);
    scopes.iter().cloned().chain(run_as).collect()
}
