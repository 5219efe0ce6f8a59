//! How many calls a second when no token comes twice, so that nothing that was verified before helps.

use super::{CONNECTIONS, Stage};
use crate::load::Load;
use crate::peers;
use crate::race::{ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

/// How many tokens everybody gets for each second that a round would last.
const TOKENS_A_SECOND: usize = 10_000;
/// How many tokens warm up.
const WARM_UP_TOKENS: usize = 1_000;

pub(super) fn run(stage: &Stage) {
    let tokens = TOKENS_A_SECOND * stage.span.as_secs() as usize;
    report::section(
        "Gateway, every token new",
        &format!(
            "As before, but each server sees each token once. Before a round {} tokens are fetched from our token endpoint, \
             {} of them to warm up; the round lasts until every one was sent, on {CONNECTIONS} connections.",
            report::count((tokens + WARM_UP_TOKENS) as f64),
            report::count(WARM_UP_TOKENS as f64),
        ),
    );
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        let configured = stage.checking_gateways(algorithm);
        let running = peers::start(&configured);
        let mut contenders = vec![stage.running.contender()];
        contenders.extend(running.iter().map(peers::Running::contender));
        let mut race = Race::of(contenders);
        for _ in 0..ROUNDS {
            let warm = stage.ours.calls(algorithm, WARM_UP_TOKENS);
            let requests = stage.ours.calls(algorithm, tokens);
            race.round(
                |it| _ = Load::new(it.address, &warm).each_once(CONNECTIONS),
                |it| Load::new(it.address, &requests).each_once(CONNECTIONS),
            );
        }
        race.print(&format!("{algorithm}:"));
    }
}
