//! How long a call takes when the machine is half busy.

use super::{PACED_CONNECTIONS, Stage};
use crate::load::Load;
use crate::peers::{self, nginx};
use crate::race::ROUNDS;
use crate::report::{self, Table, count, each, median, millis};
use einlass_protocol::jose::Algorithm;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway, latency at half of nginx's load",
        "RS256, 32 returning tokens. Before each round nginx, which checks nothing, is driven as fast as it goes; then \
         everybody gets half of that at a fixed rate. A latency counts from when the call was due.",
    );
    let configured_nginx = nginx(&stage.upstream.address);
    let Ok(nginx) = configured_nginx.as_ref().map_err(Clone::clone).and_then(peers::Peer::start) else {
        report::print("Not measured: nginx does not start.\n");
        return;
    };
    let configured = stage.checking_gateways(Algorithm::Rs256);
    let others = peers::start(&configured);
    let requests = stage.ours.calls(Algorithm::Rs256, 32);
    let all = std::iter::once(stage.running).chain(&others).chain([&nginx]);
    let mut all: Vec<_> = all.map(|running| (running.contender(), [const { Vec::new() }; 3])).collect();
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let rate = stage.measure(&nginx.contender(), &requests).rate() / 2.0;
        rates.push(rate);
        for (contender, [p50, p99, kept]) in &mut all {
            stage.warm(contender, &requests);
            let measured = Load::new(contender.address, &requests).paced(rate, PACED_CONNECTIONS, stage.span);
            p50.push(measured.percentile(50));
            p99.push(measured.percentile(99));
            kept.push(measured.share(200) * 100.0);
        }
    }
    let mut table = Table::new(["server", "p50 ms", "p99 ms", "p99 in each round", "answered"]);
    for (contender, [p50, p99, kept]) in &all {
        table.row([
            contender.name.clone(),
            millis(median(p50)),
            millis(median(p99)),
            each(p99, millis),
            format!("{:.0} %", median(kept)),
        ]);
    }
    report::table(&format!("Calls per second, in each round: {}.", each(&rates, count)), &table);
}
