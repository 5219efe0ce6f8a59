//! How long a start takes, until the first token, when the keys are there.

use super::Stage;
use crate::load::{now, once};
use crate::peers::ours::{Ours, token_request};
use crate::peers::{Peer, authlib, oidc_provider};
use crate::report::{self, Table, each, median, millis};
use einlass_protocol::jose::Algorithm;

const STARTS: usize = 5;

pub(super) fn run(stage: &Stage) {
    report::section(
        "From start to first token",
        "RS256, with the key and the clients on disk: from the start of the process to the first token in hand.",
    );
    let ours = Ours::prepare(&stage.upstream.address);
    // The first start makes the keys.
    drop(ours.peer.start().unwrap());
    let peers = [oidc_provider(Algorithm::Rs256, 1), oidc_provider(Algorithm::Rs256, 2), authlib()];
    let peers = std::iter::once(&ours.peer).chain(peers.iter().filter_map(|peer| peer.as_ref().ok()));
    let mut peers: Vec<(&Peer, Vec<f64>)> = peers.map(|peer| (peer, Vec::new())).collect();
    for _ in 0..STARTS {
        for (peer, starts) in &mut peers {
            starts.extend(first_token(peer));
        }
    }
    let mut table = Table::new(["server", "ms", "ms, each start"]);
    for (peer, starts) in peers.iter().filter(|(_, starts)| !starts.is_empty()) {
        table.row([peer.name.clone(), millis(median(starts)), each(starts, millis)]);
    }
    report::table("", &table);
}

fn first_token(peer: &Peer) -> Option<f64> {
    let begun = now();
    let running = peer.start().inspect_err(|why| report::print(&format!("Not measured: {why}\n"))).ok()?;
    let (status, _) = once(&running.peer.address, &token_request(Algorithm::Rs256, 0)).ok()?;
    (status == 200).then(|| begun.elapsed().as_secs_f64() * 1_000.0)
}
