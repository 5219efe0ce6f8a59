//! The scenario files, as `scenarios/README.md` describes them.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    #[serde(rename = "why")]
    _why: String,
    #[serde(default)]
    pub(crate) token_endpoint: Vec<Answer>,
    #[serde(default)]
    pub(crate) api: Vec<Answer>,
    pub(crate) steps: Vec<Step>,
    pub(crate) totals: Totals,
}

/// One scripted answer. The last of a list is given for ever.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// In place of a token, or of an empty body.
    pub(crate) body: Option<String>,
    /// A token's `expires_in`; left out when it is null.
    #[serde(default = "hour")]
    pub(crate) expires_in: serde_json::Value,
    /// How many seconds pass before the answer is given.
    #[serde(default)]
    pub(crate) takes: u64,
    /// The answer waits for the step `release`.
    #[serde(default)]
    pub(crate) held: bool,
    /// The API refuses tokens before this one with 401.
    #[serde(default)]
    pub(crate) accepts_from: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Call(Call),
    /// Makes a call and gives it up once the token endpoint has been asked this often.
    Abandon(u32),
    /// Waits until the token endpoint has been asked this often.
    Asked(u32),
    /// Both clocks go on, in seconds.
    Pass(f64),
    /// The wall clock goes on and the monotonic one stands still, in seconds.
    Sleep(u64),
    /// The wall clock is moved, in seconds.
    MoveClock(i64),
    TokenEndpoint(Vec<Answer>),
    Api(Vec<Answer>),
    /// The client's secret is another from here on.
    Secret(String),
    /// Held answers are given.
    Release,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    /// How many are made at once.
    #[serde(default = "once")]
    pub(crate) times: usize,
    #[serde(default)]
    pub(crate) body: Body,
    /// A header that the caller sets.
    pub(crate) header: Option<(String, String)>,
    /// Whether the call is made again until it comes out as expected.
    #[serde(default)]
    pub(crate) eventually: bool,
    pub(crate) expect: Outcome,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Body {
    #[default]
    None,
    Bytes,
    Stream,
}

/// What comes of a call. What an expectation leaves out is not looked at, except `error`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    pub(crate) status: Option<u16>,
    /// The number of the token that the API saw.
    pub(crate) token: Option<u32>,
    pub(crate) attempts: Option<u8>,
    pub(crate) not_retried: Option<String>,
    pub(crate) error: Option<String>,
    /// In whole seconds.
    pub(crate) retry_in: Option<u64>,
}

impl Outcome {
    pub(crate) fn allows(&self, seen: &Self) -> bool {
        fn fits<T: PartialEq>(expected: Option<&T>, seen: Option<&T>) -> bool {
            expected.is_none() || expected == seen
        }
        fits(self.status.as_ref(), seen.status.as_ref())
            && fits(self.token.as_ref(), seen.token.as_ref())
            && fits(self.attempts.as_ref(), seen.attempts.as_ref())
            && fits(self.not_retried.as_ref(), seen.not_retried.as_ref())
            && fits(self.retry_in.as_ref(), seen.retry_in.as_ref())
            && self.error == seen.error
    }
}

/// How many requests arrived in the whole scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Totals {
    pub(crate) token_requests: u32,
    /// Left out where a call is made until it comes out as expected.
    pub(crate) api_calls: Option<u32>,
}

impl Totals {
    pub(crate) fn allows(&self, seen: &Self) -> bool {
        self.token_requests == seen.token_requests
            && (self.api_calls.is_none() || self.api_calls == seen.api_calls)
    }
}

fn ok() -> u16 {
    200
}

fn hour() -> serde_json::Value {
    3600.into()
}

fn once() -> usize {
    1
}
