//! Points in time as people give them: `1h` ago, or RFC 3339.

use crate::commands::rfc3339;
use crate::duration::{self, InvalidDuration};
use einlass_client::clock::{Clock, SystemClock};
use einlass_protocol::time::UnixTime;
use jiff::Timestamp;
use std::str::FromStr;
use std::time::Duration;

/// A point in time, absolute or before now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Moment {
    Ago(Duration),
    At(Timestamp),
}

/// A text that is no point in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("neither a span before now, as 1h or 7d, nor a time, as 2026-01-31T12:00:00Z")]
pub(super) struct InvalidMoment;

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        match duration::parse(text) {
            Ok(span) => Ok(Self::Ago(span)),
            Err(InvalidDuration) => text.parse().map(Self::At).map_err(|_| InvalidMoment),
        }
    }
}

impl Moment {
    fn rfc3339(self, now: UnixTime) -> String {
        match self {
            Self::Ago(span) => rfc3339(now.minus(span)),
            Self::At(time) => time.to_string(),
        }
    }
}

/// From when until when.
#[derive(clap::Args)]
pub(super) struct Window {
    /// From then on: a span before now (1h, 7d) or an RFC 3339 time.
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Until then.
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
}

impl Window {
    /// As the API's query has it.
    pub(super) fn query(&self) -> impl Iterator<Item = (&'static str, String)> {
        let now = SystemClock::new().wall();
        let ends = [("since", self.since), ("until", self.until)];
        ends.into_iter().filter_map(move |(name, end)| Some((name, end?.rfc3339(now))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_from_now_and_a_time_is_itself() {
        let now = UnixTime::from_seconds(7_200);
        let read = |text: &str| text.parse::<Moment>().map(|moment| moment.rfc3339(now));
        assert_eq!(read("1h").unwrap(), "1970-01-01T01:00:00Z");
        assert_eq!(read("2026-01-31T13:00:00+01:00").unwrap(), "2026-01-31T12:00:00Z");
        for text in ["", "yesterday", "2026-01-31", "1 h"] {
            assert_eq!(read(text), Err(InvalidMoment), "{text:?}");
        }
    }

    #[test]
    fn a_span_longer_than_all_time_is_no_panic() {
        let moment: Moment = format!("{}s", u64::MAX).parse().unwrap();
        assert!(moment.rfc3339(UnixTime::from_seconds(0)).starts_with('-'));
    }
}
