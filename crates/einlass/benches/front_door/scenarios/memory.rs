//! How much memory is resident, idle and busy.

use super::{CONNECTIONS, Stage};
use crate::load::{Load, Requests};
use crate::peers::ours::{Ours, token_requests};
use crate::peers::{self, Running, authlib, oidc_provider};
use crate::report::{self, Table, count};
use einlass_protocol::jose::Algorithm;
use std::time::Duration;

/// Connections at full load.
const MANY: usize = 400;
/// How long a server rests before it counts as idle.
const REST: Duration = Duration::from_secs(1);

pub(super) fn run(stage: &Stage) {
    report::section(
        "Resident memory",
        &format!(
            "In MiB, all processes of a server together, pages that they share counted once; the most that was seen while \
             the load ran, RS256, {CONNECTIONS} and {MANY} connections. Each server is started anew."
        ),
    );
    let upstream = &stage.upstream.address;
    let (fresh, too) = (Ours::prepare(upstream), Ours::prepare(upstream));
    let requests = token_requests(Algorithm::Rs256);
    let servers = [oidc_provider(Algorithm::Rs256, 1), oidc_provider(Algorithm::Rs256, 2), authlib()];
    table(stage, "Tokens:", &fresh.peer, &servers, |_| requests.clone());
    let mut gateways = stage.checking_gateways(Algorithm::Rs256);
    gateways.extend(stage.bare_proxies());
    // A platform believes its own tokens alone.
    let calls = stage.ours.calls(Algorithm::Rs256, 32);
    let ours_only = |running: &Running| {
        let is_ours = running.peer.address == too.peer.address;
        if is_ours { too.calls(Algorithm::Rs256, 32) } else { calls.clone() }
    };
    table(stage, "Gateway:", &too.peer, &gateways, ours_only);
}

fn table(
    stage: &Stage,
    caption: &str,
    ours: &peers::Peer,
    others: &[Result<peers::Peer, String>],
    requests: impl Fn(&Running) -> Requests,
) {
    let mut table = Table::new(["server", "idle", "few connections", "many connections", "after"]);
    let all = std::iter::once(Ok(ours)).chain(others.iter().map(|peer| peer.as_ref().map_err(Clone::clone)));
    for peer in all {
        let running = match peer.and_then(peers::Peer::start) {
            Ok(running) => running,
            Err(why) => {
                report::print(&format!("Not measured: {why}\n"));
                continue;
            }
        };
        std::thread::sleep(REST);
        let idle = running.process.resident_mib();
        let load = Load::new(&running.peer.address, &requests(&running));
        let (few, _) = running.process.most_resident_mib(|| load.closed(CONNECTIONS, stage.span));
        let (many, _) = running.process.most_resident_mib(|| load.closed(MANY, stage.span));
        std::thread::sleep(REST);
        let after = running.process.resident_mib();
        table.row([running.peer.name.clone(), count(idle), count(few), count(many), count(after)]);
    }
    report::table(caption, &table);
}
