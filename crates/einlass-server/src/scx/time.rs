//! Points in time as channels read them: RFC 3339 to the second, with the offset in digits.

use einlass_protocol::time::UnixTime;
use jiff::Timestamp;
use jiff::tz::Offset;

/// As `2024-05-14T08:07:42+00:00`; the nearest one that can be written.
pub(super) fn with_offset(time: UnixTime) -> String {
    let nearest = if time.seconds() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let time = Timestamp::from_second(time.seconds()).unwrap_or(nearest);
    time.display_with_offset(Offset::UTC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_in_digits() {
        assert_eq!(with_offset(UnixTime::from_seconds(1_715_674_062)), "2024-05-14T08:07:42+00:00");
    }
}
