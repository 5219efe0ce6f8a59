//! Which pages may read in a browser what we answer: what of the CORS protocol of the Fetch standard is the same wherever
//! we speak it.

use crate::manifest::WebUrl;

/// An origin of more bytes is nobody's.
const MOST_BYTES: usize = 256;

/// How long a browser may keep the answer to a preflight, in seconds: ten minutes, the longest that all of them grant.
pub const MAX_AGE: u16 = 600;

/// The origin that the value of `Origin` names, if it is one that somebody could have registered: in the very spelling of
/// browsers (RFC 6454 §6.2). `null` is what many pages have in common, and no origin.
#[must_use]
pub fn origin(value: &[u8]) -> Option<&str> {
    let text = str::from_utf8(value).ok().filter(|text| text.len() <= MOST_BYTES)?;
    let url: WebUrl = text.parse().ok()?;
    (url.origin() == text).then_some(text)
}

/// What of the names that the values of `Access-Control-Request-Headers` list is among those that are `known`, each once.
/// Nothing of the answer is in a caller's spelling, and none of it is longer than what is known.
pub fn known_headers<'a>(asked: impl IntoIterator<Item = &'a [u8]>, known: &[&str]) -> String {
    let asked: Vec<&[u8]> = asked
        .into_iter()
        .flat_map(|value| value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii))
        .collect();
    let is_asked = |name: &&&str| asked.iter().any(|asked| asked.eq_ignore_ascii_case(name.as_bytes()));
    known.iter().filter(is_asked).copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port_as_browsers_send_them() {
        for text in
            ["https://app.example", "https://app.example:8443", "http://localhost:3000", "http://[::1]:81"]
        {
            assert_eq!(origin(text.as_bytes()), Some(text));
        }
    }

    #[test]
    fn what_no_browser_sends_is_no_origin() {
        let label = "a".repeat(60);
        let long = format!("https://{label}.{label}.{label}.{label}.example:65535");
        assert!(long.len() > MOST_BYTES && long.parse::<WebUrl>().is_ok());
        for text in [
            "",
            "null",
            "*",
            "https://",
            "https://App.example",
            "https://app.example/",
            "https://app.example:443",
            "http://[::1]:80",
            "https://app.example/page",
            "https://app.example https://b.example",
            "https://app.example, https://b.example",
            "https://user@app.example",
            "http://app.example",
            "chrome-extension://abcdefgh",
            "file://",
            "https://app.\u{e4}xample",
            &long,
        ] {
            assert_eq!(origin(text.as_bytes()), None, "{text}");
        }
        assert_eq!(origin(b"https://app.example\xff"), None);
    }

    #[test]
    fn of_the_headers_that_are_asked_for_the_known_ones_are_named() {
        let known = ["accept", "authorization", "x-tenant-id"];
        for (asked, granted) in [
            (&["authorization,x-tenant-id"][..], "authorization, x-tenant-id"),
            (&["X-Tenant-ID , Authorization, authorization"], "authorization, x-tenant-id"),
            (&["authorization", "x-tenant-id"], "authorization, x-tenant-id"),
            (&["x-other, x-tenant-id"], "x-tenant-id"),
            (&["x-other", "*", ""], ""),
            (&[], ""),
        ] {
            assert_eq!(known_headers(asked.iter().map(|it| it.as_bytes()), &known), granted, "{asked:?}");
        }
    }
}
