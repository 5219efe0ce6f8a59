//! `expires_in` (RFC 6749 §5.1), as identity providers really write it.

use serde_json::Value;
use std::time::Duration;

/// Where the answer does not say, or not in a number. RFC 6749 §5.1 only recommends `expires_in`.
const UNSAID: Duration = Duration::from_mins(5);

/// The lifetime that an answer states: a number, or a text that is one. What is negative is over at once.
pub(super) fn lifetime(expires_in: Option<&Value>) -> Duration {
    let seconds = match expires_in {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    seconds.filter(|seconds| !seconds.is_nan()).map_or(UNSAID, from_seconds)
}

fn from_seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_has_a_sane_reading() {
        let read = |json: &str| lifetime(Some(&serde_json::from_str(json).unwrap()));
        for (json, seconds) in [("3600", 3600), ("\"3600\"", 3600), ("3600.9", 3600), ("0", 0), ("-5", 0)] {
            assert_eq!(read(json).as_secs(), seconds, "{json}");
        }
        for json in ["null", "true", "{}", "\"soon\"", "\"NaN\"", "\"\""] {
            assert_eq!(read(json), UNSAID, "{json}");
        }
        assert_eq!(lifetime(None), UNSAID);
        for json in ["9223372036854775808", "1e300", "\"inf\""] {
            assert!(read(json) > Duration::from_hours(24 * 365), "{json}");
        }
    }
}
