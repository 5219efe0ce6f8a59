//! Apps at a merchant's own premises: what their calls to the ERP there are judged by. The order is fixed: path, key,
//! database, operation, scopes, session.

mod answer;
mod header;
mod keys;
mod login;
mod sessions;

pub(super) use header::KeyFault;
pub(super) use keys::KnownKey;
pub use keys::{ApiKeys, KeyInvalidations, KeySettings};
pub(super) use login::{Login, LoginFault};
pub use sessions::Sessions;
pub(super) use sessions::{SessionFault, no_session};

use super::directory::Directory;
use super::record::Record;
use super::refusal::Refusal;
use super::{Admitted, Shared, find, run_as};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::policy::{Caller, CallerKind, Policy, RequestPath};
use einlass_protocol::scope::ScopeSet;
use http::request::Parts;

const AUTHENTICATION: &str = "authentication";

/// Which keys are accepted, and where.
pub struct OnPremise<D> {
    /// Those of this ERP, and no other's.
    pub database: DatabaseName,
    /// All that there are.
    pub keys: ApiKeys<D>,
    /// What binds the sessions of the ERP's users to them.
    pub sessions: Sessions,
}

/// What comes before the paths of the ERP that has this database.
#[must_use]
pub fn onpremise_prefix(database: &DatabaseName) -> String {
    format!("/api/{database}")
}

/// Whose call it is, if it may pass.
pub(super) async fn admit<'g, D: Directory>(
    shared: &'g Shared<D>,
    OnPremise { database, keys, sessions }: &OnPremise<D>,
    policy: &'g Policy,
    parts: &Parts,
    path: &RequestPath,
    record: &mut Record<'g>,
) -> Result<Admitted, Refusal> {
    let key = header::key(&parts.headers)?;
    let key = keys.get(&key).await?;
    if key.database != *database {
        return Err(KeyFault::Unknown.into());
    }
    record.key(&key, shared.clock.wall());
    if !key.licensed {
        return Err(KeyFault::Unlicensed.into());
    }
    // As everybody reads it, whatever it was written like.
    if is_platforms(path.canonical()) {
        return Err(Refusal::UnknownOperation);
    }
    let operation = find(policy, parts, path)?;
    record.operation = Some(operation);
    let nothing = ScopeSet::default();
    let caller = Caller { kind: CallerKind::Key, token: &nothing, granted: &key.granted };
    let verdict = run_as::judge(&parts.headers, caller, policy.decide(operation, caller));
    record.judge(verdict, shared.mode)?;
    let session = sessions.open(key.registration, &parts.headers)?;
    Ok(Admitted::Key { key, session })
}

/// Whether a path below the prefix is answered by the platform itself: where apps register. Compared without case, as the
/// ERP does, which would answer these too.
pub(super) fn is_platforms(path: &str) -> bool {
    let path = unversioned(path);
    match path.split_once('/') {
        None => path.eq_ignore_ascii_case(AUTHENTICATION),
        // A user signs in and out at the ERP.
        Some((_, rest)) if ["login", "logout"].iter().any(|own| rest.eq_ignore_ascii_case(own)) => false,
        Some((first, rest)) => first.eq_ignore_ascii_case(AUTHENTICATION) && !rest.contains('/'),
    }
}

/// Whether a path below the prefix is where users sign in.
fn is_login(path: &str) -> bool {
    unversioned(path).eq_ignore_ascii_case("authentication/login")
}

fn unversioned(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    let is_version = |first: &str| ["v1", "v2"].iter().any(|version| first.eq_ignore_ascii_case(version));
    path.split_once('/').filter(|(first, _)| is_version(first)).map_or(path, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_apps_register_is_the_platforms_in_every_case() {
        for path in ["/authentication", "/v1/authentication", "/V2/Authentication", "/AUTHENTICATION/4711"] {
            assert!(is_platforms(path), "{path}");
            assert!(is_platforms(&format!("/v1{path}")) || path.to_lowercase().starts_with("/v"), "{path}");
        }
        for path in [
            "",
            "/",
            "/v1",
            "/authentications",
            "/v3/authentication",
            "/v2/items/authentication",
            "/authentication/login",
            "/V1/Authentication/Logout",
            "/v2/authentication/7/scopes",
        ] {
            assert!(!is_platforms(path), "{path}");
        }
    }

    #[test]
    fn users_sign_in_at_one_path_of_each_version() {
        for path in ["/authentication/login", "/v1/authentication/login", "/V2/Authentication/LOGIN"] {
            assert!(is_login(path), "{path}");
        }
        for path in
            ["/login", "/authentication/logout", "/v3/authentication/login", "/v1/v1/authentication/login"]
        {
            assert!(!is_login(path), "{path}");
        }
    }
}
