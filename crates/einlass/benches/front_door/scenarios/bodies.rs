//! How many calls a second with bodies of several sizes, in each direction.

use super::{CONNECTIONS, Stage};
use crate::load::Requests;
use crate::peers::ours::call_of_size;
use crate::peers::{self, nginx};
use crate::race::{ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway, bodies",
        &format!("RS256, 32 returning tokens, {CONNECTIONS} connections, bodies of a known length."),
    );
    let mut configured = stage.checking_gateways(Algorithm::Rs256);
    configured.push(nginx(&stage.upstream.address));
    let running = peers::start(&configured);
    let tokens = stage.ours.mint(Algorithm::Rs256, 32);
    for (method, size, caption) in [
        ("GET", 0, "An empty answer:"),
        ("GET", KIB, "An answer of 1 KiB:"),
        ("GET", MIB, "An answer of 1 MiB:"),
        ("POST", KIB, "A request of 1 KiB:"),
        ("POST", MIB, "A request of 1 MiB:"),
    ] {
        let requests: Requests = tokens.iter().map(|token| call_of_size(method, size, token)).collect();
        let mut contenders = vec![stage.running.contender()];
        contenders.extend(running.iter().map(peers::Running::contender));
        let mut race = Race::of(contenders);
        for _ in 0..ROUNDS {
            race.round(|it| stage.warm(it, &requests), |it| stage.measure(it, &requests));
        }
        race.print(caption);
    }
}
