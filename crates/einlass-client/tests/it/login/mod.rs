//! A person's sign-in: from the URL to tokens, in a file that many use at once.

mod ending;
mod keeping;
mod platform;
mod sharing;
mod signing_in;
mod words;

use platform::Platform;

const CLIENT: &str = "desk";
const PERSON: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
/// What the platform's clock shows when a test begins.
const START: i64 = 1_800_000_000;
