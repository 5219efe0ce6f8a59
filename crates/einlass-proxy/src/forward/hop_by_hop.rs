//! Header fields that concern one connection and not the message (RFC 9110 §7.6.1).

use http::HeaderMap;
use http::header::{CONNECTION, HeaderName, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE};
use http::header::{TRANSFER_ENCODING, UPGRADE};

/// `Trailer` is not among them: it announces the trailers, which are forwarded.
static FIELDS: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Removes them, and those that `Connection` nominates. `TE: trailers` stays (RFC 9110 §10.1.4).
pub(crate) fn strip(headers: &mut HeaderMap) {
    // `Connection` is one of them, so without any nothing is nominated either.
    if !headers.keys().any(|name| FIELDS.contains(name)) {
        return;
    }
    let trailers = tokens(headers, &TE).any(|token| token.eq_ignore_ascii_case("trailers"));
    let nominated: Vec<HeaderName> =
        tokens(headers, &CONNECTION).filter_map(|token| token.parse().ok()).collect();
    for name in nominated.iter().chain(&FIELDS) {
        headers.remove(name);
    }
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
}

/// Whether `Connection` says that this field is meant for who receives it (RFC 9110 §7.6.1).
pub(super) fn nominates(headers: &HeaderMap, name: &HeaderName) -> bool {
    tokens(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case(name.as_str()))
}

fn tokens<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(fields: &[(&str, &str)]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        strip(&mut headers);
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn what_concerns_the_connection_is_removed() {
        for name in [
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authenticate",
            "Proxy-Authorization",
            "TE",
        ] {
            assert_eq!(stripped(&[(name, "x")]), Vec::<String>::new(), "{name}");
        }
        assert_eq!(stripped(&[("Transfer-Encoding", "chunked"), ("Upgrade", "h2c")]), Vec::<String>::new());
    }

    #[test]
    fn what_connection_nominates_is_removed_in_every_field_and_case() {
        let fields =
            [("Connection", "close, X-Hop"), ("connection", "x-other"), ("x-hop", "1"), ("X-Other", "2")];
        assert_eq!(stripped(&[&fields[..], &[("x-end", "3")]].concat()), ["x-end: 3"]);
    }

    #[test]
    fn the_wish_for_trailers_and_their_announcement_stay() {
        assert_eq!(
            stripped(&[("TE", "gzip, Trailers"), ("Trailer", "x-sum")]),
            ["trailer: x-sum", "te: trailers"]
        );
    }
}
