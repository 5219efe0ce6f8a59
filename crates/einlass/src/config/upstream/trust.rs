//! How an upstream is recognised, and what it knows us by.

use crate::config::reader::{Section, Setting};
use crate::node::KnownBy;
use einlass_proxy::forward::{ClientIdentity, Upstream, UpstreamTls};
use einlass_proxy::gateway::SecretHeader;
use http::HeaderName;
use http::header;

/// `authority`, `client_certificate` and `client_key`.
pub(super) fn tls(section: &mut Section<'_, '_>, url: Option<&Upstream>) -> UpstreamTls {
    let authority = section.file("authority");
    let client = client(section);
    if url.is_some_and(|url| url.to_string().starts_with("http://")) {
        for key in ["authority", "client_certificate", "client_key"] {
            if section.has(key) {
                section.fault(key, "is for an upstream with https; change the url, or remove this");
            }
        }
    }
    check(section, "authority", &UpstreamTls { authority: authority.clone(), client: None });
    check(section, "client_certificate", &UpstreamTls { authority: None, client: client.clone() });
    UpstreamTls { authority, client }
}

fn client(section: &mut Section<'_, '_>) -> Option<ClientIdentity> {
    let (certificate, key) = (section.file("client_certificate"), section.file("client_key"));
    match (section.has("client_certificate"), section.has("client_key")) {
        (true, false) => section.lacks("client_certificate", "client_key"),
        (false, true) => section.lacks("client_key", "client_certificate"),
        _ => Some(ClientIdentity { certificate: certificate?, key: key? }),
    }
}

/// Whether the files hold what they should.
fn check(section: &mut Section<'_, '_>, key: &str, tls: &UpstreamTls) {
    if tls.authority.is_none() && tls.client.is_none() {
        return;
    }
    if let Err(fault) = tls.config() {
        section.fault(key, fault.to_string());
    }
}

/// `header` with `header_secret_file`, or `assertion_audience`, or nothing.
pub(super) fn known_by(section: &mut Section<'_, '_>) -> Option<KnownBy> {
    section.refuse_secret("header_secret");
    let keys = ["header", "header_secret_file", "assertion_audience"];
    let there = keys.map(|key| section.has(key));
    let header: Option<Name> = section.optional("header");
    let file = section.file("header_secret_file");
    let audience: Option<String> = section.optional("assertion_audience");
    match there {
        [false, false, false] => Some(KnownBy::Network),
        [false, false, true] => Some(KnownBy::Assertion(audience?)),
        [true, true, false] => {
            let opened = SecretHeader::open(header?.0, file?);
            opened
                .map_err(|fault| section.fault("header_secret_file", fault.to_string()))
                .ok()
                .map(KnownBy::Header)
        }
        [true, false, false] => section.lacks("header", "header_secret_file"),
        [false, true, false] => section.lacks("header_secret_file", "header"),
        [_, _, true] => {
            section.fault(
                "assertion_audience",
                "an upstream knows us by a header or an assertion; keep one of them",
            );
            None
        }
    }
}

impl Section<'_, '_> {
    /// Half of a pair is missing.
    fn lacks<T>(&mut self, key: &str, other: &str) -> Option<T> {
        self.fault(key, format!("needs {other} beside it; add that, or remove this"));
        None
    }
}

/// The name of a header that is not the gateway's or the connection's own.
struct Name(HeaderName);

impl Setting for Name {
    fn parse(text: &str) -> Result<Self, String> {
        let name: HeaderName = text.parse().map_err(|_| "must be the name of a header, as \"X-Api-Key\"")?;
        let of_the_connection = [
            header::CONNECTION,
            header::CONTENT_LENGTH,
            header::HOST,
            header::TE,
            header::TRAILER,
            header::TRANSFER_ENCODING,
            header::UPGRADE,
        ];
        if of_the_connection.contains(&name) || name.as_str().starts_with("x-einlass-") {
            return Err("is set by the gateway itself; choose another header".into());
        }
        Ok(Self(name))
    }
}
