//! The challenge code, which binds every call of a registration to one caller.

use aws_lc_rs::constant_time;
use std::fmt;

/// What an app sends with each call of its registration (`x-challengecode`): 1 to 30 visible characters. Its `Debug` says
/// nothing: whoever knows it can read the key.
#[derive(Clone)]
pub struct ChallengeCode(String);

const MOST_CHARACTERS: usize = 30;

/// A text that is no challenge code.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not 1 to {MOST_CHARACTERS} visible ASCII characters")]
pub struct InvalidChallengeCode;

impl ChallengeCode {
    /// Reads one.
    ///
    /// # Errors
    /// When it is empty, too long or has other characters.
    pub fn parse(text: &str) -> Result<Self, InvalidChallengeCode> {
        let fits =
            (1..=MOST_CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(InvalidChallengeCode) }
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }

    /// The code, for whoever compares it by eye.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ChallengeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[challenge code]")
    }
}
