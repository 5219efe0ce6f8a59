//! `Retry-After` (RFC 9110 §10.2.3): seconds or a date.

use einlass_protocol::time::UnixTime;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use jiff::fmt::rfc2822::DateTimeParser;
use std::time::Duration;

/// How long the other side asks us to wait. `None` for what cannot be understood, and for the past.
///
/// A date is measured against the answer's own `Date` (RFC 9110 §6.6.1), so that a wrong clock on this side
/// does not matter.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are as good as the most that fit: every user has a limit of its own.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let answered_at = http_date(headers.get(DATE)?.to_str().ok()?)?;
    Some(http_date(value)?.since(answered_at)).filter(|span| !span.is_zero())
}

fn http_date(text: &str) -> Option<UnixTime> {
    let timestamp = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(UnixTime::from_millis(timestamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(retry_after: &'static str, date: Option<&'static str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        super::retry_after(&headers).map(|span| span.as_secs())
    }

    #[test]
    fn seconds_are_read_and_nonsense_is_not() {
        assert_eq!(read("120", None), Some(120));
        assert_eq!(read("0", None), Some(0));
        assert_eq!(read("99999999999999999999999", None), Some(u64::MAX));
        for nonsense in ["-1", "1.5", "", "soon", "1 2", "+3"] {
            assert_eq!(read(nonsense, None), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_answers_own() {
        let date = "Sun, 06 Nov 1994 08:50:07 GMT";
        assert_eq!(read(date, None), None, "measured against nothing");
        assert_eq!(read(date, Some("Sun, 06 Nov 1994 08:49:57 GMT")), Some(10));
        assert_eq!(read(date, Some("Sun, 06 Nov 1994 09:00:00 GMT")), None, "past");
    }
}
