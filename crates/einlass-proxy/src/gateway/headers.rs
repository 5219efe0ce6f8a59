//! What the upstream is told about a caller, by us alone: whatever a caller could say in our place is
//! removed in every spelling, then ours is set.

use super::address::Address;
use super::known::Values;
use super::onpremise::KnownKey;
use super::request_id::RequestId;
use super::{Admission, Admitted, Refusal};
use bytes::Bytes;
use einlass_protocol::scx::{Party, ScxClaims};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, EXPECT, HOST, HeaderName, HeaderValue};
use http::request::Parts;
use http::uri::Scheme;
use http_body::Frame;
use std::net::IpAddr;
use uuid::Uuid;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub(super) const TENANT_ID: HeaderName = HeaderName::from_static("x-tenant-id");
const TENANT: HeaderName = HeaderName::from_static("x-einlass-tenant");
const APP: HeaderName = HeaderName::from_static("x-einlass-app");
const CLIENT: HeaderName = HeaderName::from_static("x-einlass-client");
const USER: HeaderName = HeaderName::from_static("x-einlass-user");
const CHANNEL: HeaderName = HeaderName::from_static("x-einlass-channel");
const SELLER: HeaderName = HeaderName::from_static("x-einlass-seller");
const DATABASE: HeaderName = HeaderName::from_static("x-einlass-database");
const SCOPES: HeaderName = HeaderName::from_static("x-einlass-scopes");
/// Whom the ERP is to act as: nobody may say it without being judged by it.
const RUN_AS: &str = "x-runas";
/// In which session of one of its users: only in one that was opened with the key.
const SESSION: HeaderName = HeaderName::from_static("x-sessionid");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Names that are ours to set, or the caller's to send and not the upstream's to see. The second part makes some
/// servers route by another path or method than the one that was judged; the third is what proxies and middleware
/// say about who calls; `Proxy` becomes a setting of CGI programs.
const RESERVED: [&str; 27] = [
    "authorization",
    "proxy-authorization",
    "forwarded",
    "x-api-key",
    "x-real-ip",
    "x-request-id",
    "x-tenant-id",
    "x-original-host",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-uri",
    "x-rewrite-url",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "client-ip",
    "fastly-client-ip",
    "remote-addr",
    "remote-user",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-remote-user",
    "proxy",
];
const RESERVED_PREFIXES: [&str; 9] = [
    "x-einlass",
    "x-forwarded",
    "ms-aspnetcore",
    "ssl-client",
    "x-arr-",
    "x-auth-request",
    "x-client-cert",
    "x-ms-client-principal",
    "x-ssl-client",
];

/// Who is behind a request.
pub(super) struct Identity<'a> {
    pub(super) admission: &'a Admission,
    pub(super) id: RequestId,
    pub(super) peer: IpAddr,
    pub(super) scheme: &'a Scheme,
}

impl Identity<'_> {
    /// Makes the headers those that the upstream shall see.
    pub(super) fn put_on(&self, parts: &mut Parts) -> Result<(), Refusal> {
        let named = parts.uri.authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
        let headers = &mut parts.headers;
        // What the caller called us: `:authority`, an absolute target, or `Host` (RFC 9112 §3.2.2).
        let host = named.or(headers.remove(HOST));
        // First, so that a caller cannot have our fields removed by nominating them in `Connection`.
        crate::forward::hop_by_hop::strip(headers);
        remove_reserved(headers);
        // The server has answered the expectation itself (RFC 9110 §10.1.1).
        headers.remove(EXPECT);
        join_cookies(headers);
        self.insert_caller(headers)?;
        headers.insert(REQUEST_ID, self.id.header());
        headers.insert(FORWARDED_FOR, Address(self.peer).header());
        headers.insert(FORWARDED_PROTO, proto(self.scheme)?);
        if let Some(host) = host {
            headers.insert(FORWARDED_HOST, host);
        }
        Ok(())
    }

    fn insert_caller(&self, headers: &mut HeaderMap) -> Result<(), Refusal> {
        let (known, tenant, narrowed) = match &self.admission.caller {
            Admitted::App { known, tenant, narrowed } => (known, tenant, narrowed),
            Admitted::Party(claims) => return insert_party(headers, claims),
            Admitted::Key { key, session } => {
                insert_key(headers, key);
                insert_session(headers, session.as_ref());
                return Ok(());
            }
        };
        let Values { app, client, user, scopes } = known.values.as_ref().ok_or(Refusal::SubjectUnusable)?;
        let tenant = id(tenant.uuid());
        headers.insert(TENANT_ID, tenant.clone());
        headers.insert(TENANT, tenant);
        headers.insert(APP, app.clone());
        headers.insert(CLIENT, client.clone());
        let scopes = match narrowed {
            None => scopes.clone(),
            Some(fewer) => value(&fewer.to_string())?,
        };
        headers.insert(SCOPES, scopes);
        if let Some(user) = user {
            headers.insert(USER, user.clone());
        }
        Ok(())
    }
}

fn insert_party(headers: &mut HeaderMap, claims: &ScxClaims) -> Result<(), Refusal> {
    match &claims.party {
        Party::Channel(name) => headers.insert(CHANNEL, value(name.as_str())?),
        Party::Seller { account, tenant } => {
            headers.insert(SELLER, HeaderValue::from(account.number()));
            headers.insert(TENANT, value(&tenant.to_string())?)
        }
    };
    // An ERP's, and nothing that a channel could say.
    remove_all(headers, |name| is_run_as(name) || is_session(name));
    headers.insert(SCOPES, value(claims.party.scope())?);
    Ok(())
}

fn insert_key(headers: &mut HeaderMap, key: &KnownKey) {
    let values = &key.values;
    headers.insert(APP, values.app.clone());
    headers.insert(CLIENT, values.client.clone());
    headers.insert(DATABASE, values.database.clone());
    headers.insert(SCOPES, values.scopes.clone());
}

/// As the ERP calls the session, in place of what the caller called it.
fn insert_session(headers: &mut HeaderMap, session: Option<&HeaderValue>) {
    if let Some(session) = session {
        remove_all(headers, is_session);
        headers.insert(SESSION, session.clone());
    }
}

/// Removes from trailers what is removed from headers, and what a call is judged by: some servers merge the two (RFC 9110
/// §6.5.1).
pub(super) fn without_reserved_trailers(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(trailers) = frame.trailers_mut() {
        remove_reserved(trailers);
        remove_all(trailers, |name| is_run_as(name) || is_session(name));
    }
    frame
}

/// An id as a field's value.
pub(super) fn id(uuid: Uuid) -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = uuid.hyphenated().encode_lower(&mut buffer);
    // A UUID is visible ASCII, so this is never the alternative.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The text as a field's value. Only a subject could be none, and then the token is not ours.
fn value(text: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_str(text).map_err(|_| Refusal::SubjectUnusable)
}

fn proto(scheme: &Scheme) -> Result<HeaderValue, Refusal> {
    match scheme.as_str() {
        "http" => Ok(HeaderValue::from_static("http")),
        "https" => Ok(HeaderValue::from_static("https")),
        other => value(other),
    }
}

fn remove_reserved(headers: &mut HeaderMap) {
    // What every caller sends, and then what few do: with none of that left nothing is collected.
    headers.remove(AUTHORIZATION);
    headers.remove(TENANT_ID);
    remove_all(headers, is_reserved);
}

pub(super) fn remove_all(headers: &mut HeaderMap, is_meant: impl Fn(&str) -> bool) {
    let meant: Vec<HeaderName> = headers.keys().filter(|name| is_meant(name.as_str())).cloned().collect();
    for name in meant {
        headers.remove(name);
    }
}

/// Whether a server could take `name` for the one that says whom to act as.
pub(super) fn is_run_as(name: &str) -> bool {
    is_spelling_of(name, RUN_AS)
}

/// The same for the one that names a session.
pub(super) fn is_session(name: &str) -> bool {
    is_spelling_of(name, SESSION.as_str())
}

/// Whether a server could take `name` for a reserved one: CGI and its heirs turn everything but letters
/// and digits into `_` (RFC 3875 §4.1.18).
fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| is_spelling_of(name, reserved))
        || RESERVED_PREFIXES.iter().any(|prefix| looks_like(name, prefix))
}

/// Whether `name` is `text`, where one sign is as good as another.
fn is_spelling_of(name: &str, text: &str) -> bool {
    name.len() == text.len() && looks_like(name, text)
}

/// Whether `name` begins with `text`, where one sign is as good as another.
fn looks_like(name: &str, text: &str) -> bool {
    let fold = |byte: u8| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' };
    name.len() >= text.len() && name.bytes().zip(text.bytes()).all(|(ours, theirs)| fold(ours) == theirs)
}

/// HTTP/2 splits cookies into fields; HTTP/1.1 has one (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if cookies.len() < 2 {
        return;
    }
    if let Ok(joined) = HeaderValue::from_bytes(&cookies.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_reserved_name_is_reserved() {
        let names = RESERVED.iter().copied().chain([
            "x-einlass-tenant",
            "x-einlass-app",
            "x-einlass-client",
            "x-einlass-user",
            "x-einlass-scopes",
            "x-einlass-anything",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-prefix",
            "x-forwarded",
            "x-forwarded-user",
            "ms-aspnetcore-token",
            "ms-aspnetcore-clientcert",
            "x-ms-client-principal",
            "x-ms-client-principal-id",
            "x-arr-clientcert",
            "x-auth-request-email",
            "x-ssl-client-cert",
        ]);
        for name in names {
            for spelling in [
                name.to_owned(),
                name.to_uppercase(),
                name.replace('-', "_"),
                name.replacen('-', "_", 1),
                name.replace('-', "."),
            ] {
                let parsed: HeaderName = spelling.parse().unwrap();
                assert!(is_reserved(parsed.as_str()), "{spelling}");
            }
        }
    }

    #[test]
    fn other_names_are_the_callers() {
        for name in
            ["x-appid", "x-appversion", "x-runas", "x-sessionid", "content-type", "x-api-keys", "x-request"]
        {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn cookies_become_one_field() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1", "b=2", "c=3"] {
            headers.append(COOKIE, HeaderValue::from_static(cookie));
        }
        join_cookies(&mut headers);
        assert_eq!(headers.get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2; c=3"]);
    }

    #[test]
    fn reserved_trailers_are_dropped_and_others_stay() {
        let mut trailers = HeaderMap::new();
        trailers.insert("x_einlass_tenant", HeaderValue::from_static("forged"));
        trailers.insert(AUTHORIZATION, HeaderValue::from_static("forged"));
        trailers.insert("x_runas", HeaderValue::from_static("forged"));
        trailers.insert("x_sessionid", HeaderValue::from_static("forged"));
        trailers.insert("x-checksum", HeaderValue::from_static("1"));
        let frame = without_reserved_trailers(Frame::trailers(trailers));
        let names: Vec<_> = frame.trailers_ref().unwrap().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-checksum"]);
    }
}
