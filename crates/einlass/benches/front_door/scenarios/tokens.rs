//! How many tokens a second.

use super::Stage;
use crate::bare;
use crate::peers::ours::token_requests;
use crate::peers::{self, Peer, authlib, oidc_provider};
use crate::race::{ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Tokens",
        "Client credentials by HTTP Basic, 256 clients in turn, 32 connections. Ours looks each client up, compares its \
         secret, limits, counts and logs. The bare loop only signs: it is the machine's bound.",
    );
    let rs256 = [oidc_provider(Algorithm::Rs256, 1), oidc_provider(Algorithm::Rs256, 2), authlib()];
    race(stage, Algorithm::Rs256, &rs256);
    let eddsa = [oidc_provider(Algorithm::EdDsa, 1), oidc_provider(Algorithm::EdDsa, 2)];
    race(stage, Algorithm::EdDsa, &eddsa);
}

fn race(stage: &Stage, algorithm: Algorithm, peers: &[Result<Peer, String>]) {
    let requests = token_requests(algorithm);
    let running = peers::start(peers);
    let bare = bare::Server::signer(algorithm);
    let mut contenders = vec![stage.running.contender()];
    contenders.extend(running.iter().map(peers::Running::contender));
    contenders.push(bare.contender());
    let mut race = Race::of(contenders);
    for _ in 0..ROUNDS {
        race.round(|it| stage.warm(it, &requests), |it| stage.measure(it, &requests));
    }
    race.print(&format!("Signed with {algorithm}:"));
}
