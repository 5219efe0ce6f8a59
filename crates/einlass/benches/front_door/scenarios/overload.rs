//! What becomes of tokens when twice as many are asked for as can be signed.

use super::{PACED_CONNECTIONS, Stage};
use crate::load::Load;
use crate::peers::ours::token_requests;
use crate::peers::{self, authlib, oidc_provider};
use crate::race::ROUNDS;
use crate::report::{self, Table, count, each, median, millis};
use einlass_protocol::jose::Algorithm;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Tokens, twice what fits",
        &format!(
            "RS256. What fits is found for each server by a closed load right before; then twice as many are sent, at a \
             fixed rate over {PACED_CONNECTIONS} connections. A latency counts from when the request was due. \"Late\" had \
             no answer two seconds after the end."
        ),
    );
    let requests = token_requests(Algorithm::Rs256);
    let configured = [oidc_provider(Algorithm::Rs256, 1), oidc_provider(Algorithm::Rs256, 2), authlib()];
    let others = peers::start(&configured);
    let all: Vec<_> = std::iter::once(stage.running)
        .chain(&others)
        .map(|running| (running.contender(), Rounds::new()))
        .collect();
    let mut all = all;
    for _ in 0..ROUNDS {
        for (contender, rounds) in &mut all {
            let fits = stage.measure(contender, &requests).rate();
            let measured =
                Load::new(contender.address, &requests).paced(2.0 * fits, PACED_CONNECTIONS, stage.span);
            rounds.fits.push(fits);
            rounds.good.push(measured.share(200));
            rounds.refused.push(measured.share(503));
            rounds.late.push(measured.unanswered());
            rounds.p50.push(measured.percentile(50));
            rounds.p99.push(measured.percentile(99));
        }
    }
    let mut table = Table::new([
        "server",
        "fits, per second",
        "200",
        "503",
        "late",
        "p50 ms of the 200s",
        "p99 ms of the 200s",
        "p99 in each round",
    ]);
    for (contender, rounds) in &all {
        table.row([
            contender.name.clone(),
            count(median(&rounds.fits)),
            percent(median(&rounds.good)),
            percent(median(&rounds.refused)),
            percent(median(&rounds.late)),
            millis(median(&rounds.p50)),
            millis(median(&rounds.p99)),
            each(&rounds.p99, millis),
        ]);
    }
    report::table("", &table);
}

/// One server's figures, a round each.
#[derive(Default)]
struct Rounds {
    fits: Vec<f64>,
    good: Vec<f64>,
    refused: Vec<f64>,
    late: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Rounds {
    fn new() -> Self {
        Self::default()
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
