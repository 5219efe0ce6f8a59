//! How many calls a second when the same tokens come again and again, as they do from clients that keep them.

use super::Stage;
use crate::bare;
use crate::peers;
use crate::race::{ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

/// How many tokens are about.
const TOKENS: usize = 32;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway, returning tokens",
        "`GET` with an answer of 0.8 KiB through the gateway to one upstream, 32 tokens, 32 connections. All check tokens \
         of our platform. Ours also looks at revocations, the operation and its scopes, the tenant and its installation, \
         and logs; the others check signature, issuer, audience and expiry, or nothing.",
    );
    for algorithm in [Algorithm::Rs256, Algorithm::EdDsa] {
        let requests = stage.ours.calls(algorithm, TOKENS);
        let mut configured = stage.checking_gateways(algorithm);
        if algorithm == Algorithm::Rs256 {
            configured.extend(stage.bare_proxies());
        }
        let running = peers::start(&configured);
        let forwarder = bare::Server::forwarder(&stage.upstream.address);
        let mut contenders = vec![stage.running.contender()];
        contenders.extend(running.iter().map(peers::Running::contender));
        contenders.extend([forwarder.contender(), stage.upstream.contender()]);
        let mut race = Race::of(contenders);
        for _ in 0..ROUNDS {
            race.round(|it| stage.warm(it, &requests), |it| stage.measure(it, &requests));
        }
        race.print(&format!("{algorithm}:"));
    }
}
