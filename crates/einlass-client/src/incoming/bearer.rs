//! The token in a request's headers.

use http::HeaderMap;
use http::header::AUTHORIZATION;

const SCHEME: &str = "Bearer ";

/// The one bearer token of a request (RFC 6750 §2.1). `None` as well for more than one header: two readers would each pick
/// their own.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_at_checked(SCHEME.len())?;
    // RFC 9110 §11.1: the scheme is compared without case.
    scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(values: &[&'static str]) -> Option<String> {
        let values = values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        bearer(&values.collect()).map(str::to_owned)
    }

    #[test]
    fn one_bearer_token_is_one_bearer_token() {
        assert_eq!(read(&["Bearer a.b.c"]).as_deref(), Some("a.b.c"));
        assert_eq!(read(&["bearer a.b.c"]).as_deref(), Some("a.b.c"));
        for values in [&[] as &[_], &["a.b.c"], &["Basic a.b.c"], &["Bearer"], &["Bearer a", "Bearer a"]] {
            assert_eq!(read(values), None, "{values:?}");
        }
    }
}
