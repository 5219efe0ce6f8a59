//! What comes with a request: forms, from a page of ours alone and only a little, and the parts of its URL.

use super::fault::Fault;
use super::visit::Visit;
use crate::Platform;
use crate::people::MemberFault;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use einlass_protocol::ids::{OrganisationId, PersonId};
use einlass_protocol::person::Role;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// As much as four hundred scopes are.
const MOST_BYTES: usize = 64 * 1024;
/// How long a form may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A form of ours. Another site can have a browser send one too, with the cookies of whoever is signed in; but the
/// browser says where it comes from.
pub(super) struct Posted<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Platform>> for Posted<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let (head, body) = request.into_parts();
        let visit = head.extensions.get::<Visit>().ok_or(Fault::ForeignForm)?;
        if !is_ours(&head.headers, &visit.place.origin) {
            return Err(Fault::ForeignForm);
        }
        let bytes = read(&head.headers, body).await?;
        visit.still_holds(platform).await?;
        if let Some(rests_on) = head.extensions.get::<RestsOn>() {
            rests_on.still_holds(platform).await?;
        }
        parse(&bytes).map(Self)
    }
}

/// A form of ours or of another site's, where that may ask for something too: nothing is done because of it.
pub(super) enum Sent<T> {
    Ours(T),
    Foreign(T),
}

impl<T: DeserializeOwned> FromRequest<Arc<Platform>> for Sent<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let visit = request.extensions().get::<Visit>().ok_or(Fault::ForeignForm)?;
        if is_ours(request.headers(), &visit.place.origin) {
            return Posted::from_request(request, platform).await.map(|Posted(form)| Self::Ours(form));
        }
        let (head, body) = request.into_parts();
        parse(&read(&head.headers, body).await?).map(Self::Foreign)
    }
}

/// The bytes of a form, whoever sends it.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Fault> {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if essence.split(';').next().unwrap_or_default().trim() != "application/x-www-form-urlencoded" {
        return Err(Fault::Unreadable);
    }
    let body = timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await.map_err(|_| Fault::Unreadable)?;
    body.map_err(|_| Fault::Unreadable)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| Fault::Unreadable)
}

/// What a guard before the form found of somebody's membership: it is looked at again when the form is here, since whoever sends
/// one slowly may have been removed meanwhile.
#[derive(Clone)]
pub(super) struct RestsOn {
    pub(super) organisation: OrganisationId,
    pub(super) person: PersonId,
    pub(super) role: Role,
    /// Whether the operator's admins may do it too.
    pub(super) or_operator: bool,
}

impl RestsOn {
    async fn still_holds(&self, platform: &Platform) -> Result<(), Fault> {
        let Self { organisation, person, role, or_operator } = self;
        let fits =
            |found: Option<Role>| found == Some(Role::Admin) || found.is_some() && *role == Role::Member;
        if fits(platform.store.role_in(*organisation, *person).await?) {
            return Ok(());
        }
        let operator = platform.store.role_in(OrganisationId::OPERATOR, *person).await?;
        if *or_operator && operator == Some(Role::Admin) { Ok(()) } else { Err(MemberFault::NotAdmin.into()) }
    }
}

/// What the path names. What cannot be a name is nowhere.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Platform>> for Named<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let named = Path::from_request_parts(parts, platform).await;
        named.map(|Path(name)| Self(name)).map_err(|_| Fault::NotFound)
    }
}

/// What the query asks for.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Platform>> for Asked<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Fault> {
        let asked = Query::from_request_parts(parts, platform).await;
        asked.map(|Query(asked)| Self(asked)).map_err(|_| Fault::Unreadable)
    }
}

/// Whether the page that sent this is of the origin that it is sent to. `Origin` is what every browser says of a POST;
/// where it is not there, `Sec-Fetch-Site` must be. `null` is what strangers in a sandbox say.
fn is_ours(headers: &HeaderMap, own: &str) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => {
            let Ok(origin) = origin.to_str() else { return false };
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            origin == own || is_plain_host(origin, host, own)
        }
        (None, _) => headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "same-origin"),
        _ => false,
    }
}

/// `localhost` and `127.0.0.1` are one machine: without TLS it is enough that the names agree.
fn is_plain_host(origin: &str, host: Option<&str>, own: &str) -> bool {
    own.starts_with("http:") && origin.strip_prefix("http://").is_some_and(|it| Some(it) == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn sent(fields: &[(HeaderName, &'static str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        let url = "https://auth.example";
        assert!(is_ours(&sent(&[(ORIGIN, "https://auth.example")]), url));
        assert!(is_ours(&sent(&[(SEC_FETCH_SITE, "same-origin")]), url));
        for fields in [
            &[][..],
            &[(ORIGIN, "https://evil.example")],
            &[(ORIGIN, "https://auth.example.evil.example")],
            &[(ORIGIN, "http://auth.example")],
            &[(ORIGIN, "https://auth.example:444")],
            &[(ORIGIN, "null")],
            &[(ORIGIN, "null"), (SEC_FETCH_SITE, "same-origin")],
            &[(ORIGIN, "http://auth.example"), (HOST, "auth.example")],
            &[(SEC_FETCH_SITE, "same-site")],
            &[(SEC_FETCH_SITE, "cross-site")],
            &[(SEC_FETCH_SITE, "none")],
        ] {
            assert!(!is_ours(&sent(fields), url), "{fields:?}");
        }
    }

    #[test]
    fn without_tls_a_machine_may_have_two_names() {
        let url = "http://127.0.0.1:8480";
        assert!(is_ours(&sent(&[(ORIGIN, "http://localhost:8480"), (HOST, "localhost:8480")]), url));
        assert!(!is_ours(&sent(&[(ORIGIN, "http://localhost:9000"), (HOST, "localhost:8480")]), url));
    }
}
