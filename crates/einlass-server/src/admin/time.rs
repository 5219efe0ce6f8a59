//! Points in time as the administration writes them: RFC 3339, in UTC.

use einlass_protocol::time::UnixTime;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A point in time in an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time(UnixTime);

impl From<UnixTime> for Time {
    fn from(time: UnixTime) -> Self {
        Self(time)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let time = Timestamp::from_millisecond(self.0.millis()).map_err(serde::ser::Error::custom)?;
        to.collect_str(&time)
    }
}

/// A text that is no point in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("send a time as 2026-01-31T12:00:00Z")]
pub(super) struct InvalidTime;

/// Reads a point in time with its offset from UTC.
pub(super) fn parse(text: &str) -> Result<UnixTime, InvalidTime> {
    let time: Timestamp = text.parse().map_err(|_| InvalidTime)?;
    Ok(UnixTime::from_millis(time.as_millisecond()))
}
