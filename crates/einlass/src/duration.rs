//! Spans of time as people write them: `90d`, `12h`, `30m`, `45s`.

use std::time::Duration;

/// A text that is no span of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a span of time: write a whole number and a unit, as 90d, 12h, 30m or 45s")]
pub(crate) struct InvalidDuration;

/// Reads a span: a whole number and one unit, nothing between them.
pub(crate) fn parse(text: &str) -> Result<Duration, InvalidDuration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds_each = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(InvalidDuration),
    };
    // `parse` alone would take a sign.
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InvalidDuration);
    }
    let number: u64 = digits.parse().map_err(|_| InvalidDuration)?;
    number.checked_mul(seconds_each).map(Duration::from_secs).ok_or(InvalidDuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_a_span() {
        let spans = [("45s", 45), ("30m", 1_800), ("12h", 43_200), ("90d", 7_776_000), ("0s", 0)];
        for (text, seconds) in spans {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        let far = format!("{}d", u64::MAX);
        for text in ["", "s", "90", "+1s", "-1s", "1.5h", "1h30m", "1 h", "1S", "1w", "1ms", "ä", "1ä", &far]
        {
            assert_eq!(parse(text), Err(InvalidDuration), "{text:?}");
        }
    }
}
