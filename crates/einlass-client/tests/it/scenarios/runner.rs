//! Plays one scenario with one subject.

use super::clock::TestClock;
use super::format::{Body, Call, Outcome, Scenario, Step, Totals};
use super::platform::Platform;
use super::subject::{BODY, Setup, Subject};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinSet;

/// How often something is looked at again before it is given up: some seconds.
const LOOKS: usize = 2_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

struct Run<S> {
    subject: Arc<S>,
    platform: Platform,
    clock: Arc<TestClock>,
    secret_file: PathBuf,
    _folder: TempDir,
}

/// Plays the scenario; the error says where it went another way.
pub(crate) async fn play<S: Subject>(scenario: Scenario) -> Result<(), String> {
    let run = Run::<S>::start(&scenario).await;
    for (index, step) in scenario.steps.into_iter().enumerate() {
        run.step(step).await.map_err(|why| format!("step {}: {why}", index + 1))?;
    }
    run.look_back(&scenario.totals)
}

impl<S: Subject> Run<S> {
    async fn start(scenario: &Scenario) -> Self {
        let clock = Arc::new(TestClock::new());
        let platform = Platform::start(Arc::clone(&clock)).await;
        platform.script_tokens(&scenario.token_endpoint);
        platform.script_api(&scenario.api);
        let folder = tempfile::tempdir().unwrap();
        let secret_file = folder.path().join("secret");
        std::fs::write(&secret_file, "first").unwrap();
        let setup = Setup {
            base: platform.base.clone(),
            secret_file: secret_file.clone(),
            clock: Arc::clone(&clock),
        };
        Self { subject: Arc::new(S::start(&setup)), platform, clock, secret_file, _folder: folder }
    }

    async fn step(&self, step: Step) -> Result<(), String> {
        match step {
            Step::Call(call) => return self.call(Arc::new(call)).await,
            Step::Abandon(token_requests) => return self.abandon(token_requests).await,
            Step::Asked(token_requests) => return self.asked(token_requests).await,
            Step::Pass(seconds) => self.clock.pass(Duration::from_secs_f64(seconds)),
            Step::Sleep(seconds) => self.clock.sleep(Duration::from_secs(seconds)),
            Step::MoveClock(seconds) => self.clock.move_wall(seconds),
            Step::TokenEndpoint(answers) => self.platform.script_tokens(&answers),
            Step::Api(answers) => self.platform.script_api(&answers),
            Step::Secret(secret) => std::fs::write(&self.secret_file, secret).unwrap(),
            Step::Release => self.platform.release(),
        }
        Ok(())
    }

    async fn call(&self, call: Arc<Call>) -> Result<(), String> {
        if call.eventually {
            return self.call_until_expected(&call).await;
        }
        let mut calls = JoinSet::new();
        for _ in 0..call.times {
            let (subject, call) = (Arc::clone(&self.subject), Arc::clone(&call));
            calls.spawn(async move { subject.call(&call).await });
        }
        let outcomes = calls.join_all().await;
        outcomes.iter().try_for_each(|seen| judge(&call.expect, seen))
    }

    async fn call_until_expected(&self, call: &Call) -> Result<(), String> {
        for _ in 0..LOOKS {
            if call.expect.allows(&self.subject.call(call).await) {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Err(format!("never came out as {:?}", call.expect))
    }

    async fn abandon(&self, token_requests: u32) -> Result<(), String> {
        let call =
            Call { times: 1, body: Body::None, header: None, eventually: false, expect: Outcome::default() };
        let subject = Arc::clone(&self.subject);
        let task = tokio::spawn(async move { subject.call(&call).await });
        self.asked(token_requests).await?;
        task.abort();
        task.await.map_or(Ok(()), |seen| Err(format!("it ended as {seen:?}")))
    }

    async fn asked(&self, token_requests: u32) -> Result<(), String> {
        for _ in 0..LOOKS {
            if self.platform.totals().token_requests >= token_requests {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Err(format!("the token endpoint was not asked {token_requests} times"))
    }

    fn look_back(&self, expected: &Totals) -> Result<(), String> {
        let (totals, strays) = (self.platform.totals(), self.platform.strays());
        let torn = self.platform.bodies().iter().any(|body| !body.is_empty() && body != BODY);
        if !expected.allows(&totals) {
            return Err(format!("{totals:?}, and not {expected:?}"));
        }
        if !strays.is_empty() {
            return Err(format!("went to {strays:?}"));
        }
        if torn { Err("a body did not arrive as it was sent".into()) } else { Ok(()) }
    }
}

fn judge(expected: &Outcome, seen: &Outcome) -> Result<(), String> {
    if expected.allows(seen) { Ok(()) } else { Err(format!("{seen:?}, and not {expected:?}")) }
}
