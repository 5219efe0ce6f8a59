//! From a manifest to a key.

use super::answer::Setback;
use super::error::{Progress, RegisterError};
use super::exchange::{Exchange, Step};
use super::keep::{Keep, Kept, Open};
use super::{Manifest, Registered, Site};
use crate::cache::backoff;
use crate::clock::{SystemTimer, Timer};
use crate::jitter::{Jitter, OsJitter};
use crate::random::{NoRandomness, OsRandom, Random};
use crate::transport::{self, NoTls};
use bytes::Bytes;
use einlass_protocol::secret::Secret;
use http::HeaderValue;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How often the ERP is asked.
const INTERVAL: Duration = Duration::from_secs(5);
const SPREAD: Duration = Duration::from_millis(500);
const LONGEST_ASKED_FOR: Duration = Duration::from_hours(1);

/// The wire allows 30 characters; of 32 different ones that is 150 bits.
const CHALLENGE_LENGTH: usize = 30;
const CHALLENGE_ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Registers apps at one merchant's ERP.
#[derive(Clone)]
pub struct Registrar {
    exchange: Exchange,
    timer: Arc<dyn Timer>,
    jitter: Arc<dyn Jitter>,
    random: Arc<dyn Random>,
}

impl Registrar {
    /// A registrar over the system's timer and randomness.
    pub fn new(site: Site) -> Result<Self, NoTls> {
        Self::with(site, Arc::new(SystemTimer), Arc::new(OsJitter), Arc::new(OsRandom))
    }

    /// A registrar with a timer and randomness of the caller's.
    pub fn with(
        site: Site,
        timer: Arc<dyn Timer>,
        jitter: Arc<dyn Jitter>,
        random: Arc<dyn Random>,
    ) -> Result<Self, NoTls> {
        let client = transport::short_answer_client(site.base())?;
        Ok(Self { exchange: Exchange { client, site, api_version: None }, timer, jitter, random })
    }

    /// Sends this `api-version` along; without, the ERP takes its own.
    #[must_use]
    pub fn api_version(mut self, version: HeaderValue) -> Self {
        self.exchange.api_version = Some(version);
        self
    }

    /// Asks to be let in, waits until an admin has decided, and fetches the key. `progress` hears of each request that
    /// did not end it.
    ///
    /// What is in `keep` is gone on with: a key is given back without a request, and a request that waits is asked about.
    /// Faults on the way, 429 and 5xx are tried again with growing pauses, and 403 every five seconds, for as long as this
    /// is awaited: so bound it by a deadline of your own if there is one.
    ///
    /// Dropping the future cancels. A request that is on its way then goes on as a task of its own, and what it brings is
    /// kept; wait for [`Keep::settled`] before the runtime ends. If the process is killed instead, the next call with the
    /// same file goes on from the last answer that came. Needs a tokio runtime.
    pub async fn register(
        &self,
        manifest: &Manifest,
        keep: &Keep,
        mut progress: impl FnMut(Progress),
    ) -> Result<Registered, RegisterError> {
        manifest.check()?;
        // A manifest is texts, lists of texts and a number: always JSON.
        let body = Bytes::from(serde_json::to_vec(manifest).unwrap_or_default());
        let open = Arc::new(keep.open().await?);
        let mut kept = self.begin(&open, &manifest.app_id)?;
        let mut failures = 0;
        loop {
            let pause = match self.step(&open, manifest, &body, &kept).await? {
                Step::Done(registered) => return Ok(registered),
                Step::Requested(next) => {
                    (kept, failures) = (next, 0);
                    progress(Progress::Pending);
                    self.pause(None)
                }
                Step::Undecided => {
                    failures = 0;
                    progress(Progress::Pending);
                    self.pause(None)
                }
                Step::Back(Setback::Final(error)) => return Err(error),
                Step::Back(Setback::NobodyWaits(asked_for)) => {
                    failures = 0;
                    progress(Progress::NobodyWaits);
                    self.pause(asked_for)
                }
                Step::Back(Setback::Passing(fault, asked_for)) => {
                    failures += 1;
                    let retry_in = backoff::growing(failures, asked_for, &*self.jitter).max(self.pause(None));
                    tracing::warn!(%fault, failures, pause = retry_in.as_secs_f32(), "registration got no answer");
                    progress(Progress::Failing { fault, retry_in });
                    retry_in
                }
            };
            self.timer.sleep(pause).await;
        }
    }

    /// What there is to go on with. What will be sent is kept before it is.
    fn begin(&self, open: &Open, app_id: &str) -> Result<Kept, RegisterError> {
        let site = &self.exchange.site;
        if let Some(kept) = open.read_for(site, app_id)? {
            return Ok(kept);
        }
        let kept = Kept::Asking { challenge: challenge(&*self.random)? };
        open.write(site, app_id, &kept)?;
        Ok(kept)
    }

    /// One request as a task of its own: no caller that goes away takes an answer along.
    async fn step(
        &self,
        open: &Arc<Open>,
        manifest: &Manifest,
        body: &Bytes,
        kept: &Kept,
    ) -> Result<Step, RegisterError> {
        let (exchange, open) = (self.exchange.clone(), Arc::clone(open));
        let (app_id, body, kept) = (manifest.app_id.clone(), body.clone(), kept.clone());
        let task = tokio::spawn(async move { exchange.step(app_id, body, kept, &open).await });
        task.await.unwrap_or(Err(RegisterError::Interrupted))
    }

    fn pause(&self, asked_for: Option<Duration>) -> Duration {
        INTERVAL.max(asked_for.unwrap_or_default().min(LONGEST_ASKED_FOR)) + self.jitter.up_to(SPREAD)
    }
}

impl fmt::Debug for Registrar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registrar").field("site", &self.exchange.site).finish_non_exhaustive()
    }
}

fn challenge(random: &dyn Random) -> Result<Secret, NoRandomness> {
    let mut bytes = [0; CHALLENGE_LENGTH];
    random.fill(&mut bytes)?;
    let code = bytes.iter().map(|byte| char::from(CHALLENGE_ALPHABET[usize::from(byte % 32)]));
    Ok(Secret::new(code.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_code_fits_the_wire_and_is_not_the_one_before() {
        let [one, other] = [(); 2].map(|()| challenge(&OsRandom).unwrap());
        assert_eq!(one.expose().len(), 30);
        assert!(one.expose().bytes().all(|byte| CHALLENGE_ALPHABET.contains(&byte)));
        assert_ne!(one.expose(), other.expose());
    }
}
