//! What errors of tokens have to say, as people say it.

use crate::keyset::KeysUnavailable;
use std::fmt;
use std::time::Duration;

/// What came of fetching keys.
pub(crate) fn cause(unavailable: &KeysUnavailable) -> String {
    unavailable.last_error.as_ref().map_or_else(|| "not asked yet".into(), ToString::to_string)
}

/// A span of time as people say it, in the largest unit of which there are two.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let units = [(24 * 3600, "days"), (3600, "hours"), (60, "minutes")];
        let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= 2 * unit).unwrap_or((1, "seconds"));
        write!(f, "{} {name}", seconds / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_as_people_say_it() {
        let said = |seconds| Span(Duration::from_secs(seconds)).to_string();
        assert_eq!([30, 119].map(said), ["30 seconds", "119 seconds"]);
        assert_eq!([120, 7_199, 7_200].map(said), ["2 minutes", "119 minutes", "2 hours"]);
        assert_eq!([2 * 86_400, 400 * 86_400].map(said), ["2 days", "400 days"]);
    }
}
