//! App tokens in front of an app: whose keys count, who is let in, and what anybody else is told.

mod doors;
mod issuer;
mod keys;
mod words;

use issuer::Issuer;

const APP: &str = "00000000-0000-4000-8000-0000000000a1";
const USER: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";
const TENANT: &str = "00000000-0000-4000-8000-000000000001";
/// What the platform's clock shows when a test begins.
const START: i64 = 1_800_000_000;
