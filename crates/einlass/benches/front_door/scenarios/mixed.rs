//! What calls feel of it when tokens are signed as fast as possible.

use super::{CONNECTIONS, PACED_CONNECTIONS, Stage};
use crate::bare;
use crate::load::{Load, Requests};
use crate::peers::ours::token_requests;
use crate::peers::{self, haproxy, oidc_provider};
use crate::race::ROUNDS;
use crate::report::{self, Table, count, each, median, millis};
use einlass_protocol::jose::Algorithm;

/// Calls per second through the gateway.
const CALLS: f64 = 2_000.0;

/// A gateway, and where tokens are asked for meanwhile.
struct Case<'a> {
    gateway: &'a str,
    beside: &'static str,
    address: &'a str,
    signer: Option<&'a str>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    answered: Vec<f64>,
    tokens: Vec<f64>,
}

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway while tokens are signed",
        &format!(
            "RS256. {} calls per second at a fixed rate, while {CONNECTIONS} connections ask for tokens as fast as they \
             come. The control signs in another process: what differs from it is what one process costs. HAProxy beside \
             oidc-provider is the alternative.",
            count(CALLS)
        ),
    );
    let upstream = &stage.upstream.address;
    let bare = bare::Server::signer(Algorithm::Rs256);
    let configured = [haproxy(upstream, stage.ours, true), oidc_provider(Algorithm::Rs256, 2)];
    let others = peers::start(&configured);
    let ours = stage.running;
    let mut cases = vec![
        Case::new(ours, "nothing", None),
        Case::new(ours, "signing in the same process", Some(&ours.peer.address)),
        Case::new(ours, "bare signing in another process (control)", Some(&bare.address)),
    ];
    if let [haproxy, oidc_provider] = &others[..] {
        cases.push(Case::new(haproxy, "nothing", None));
        cases.push(Case::new(haproxy, "oidc-provider signing", Some(&oidc_provider.peer.address)));
    }
    let calls = stage.ours.calls(Algorithm::Rs256, 32);
    for _ in 0..ROUNDS {
        for case in &mut cases {
            case.round(stage, &calls);
        }
    }
    let mut table = Table::new([
        "gateway",
        "beside",
        "p50 ms",
        "p99 ms",
        "p99 in each round",
        "answered",
        "tokens per second",
    ]);
    for case in &cases {
        table.row([
            case.gateway.into(),
            case.beside.into(),
            millis(median(&case.p50)),
            millis(median(&case.p99)),
            each(&case.p99, millis),
            format!("{:.0} %", median(&case.answered)),
            case.signer.map_or("none".into(), |_| count(median(&case.tokens))),
        ]);
    }
    report::table("", &table);
}

impl<'a> Case<'a> {
    fn new(gateway: &'a peers::Running, beside: &'static str, signer: Option<&'a str>) -> Self {
        let (p50, p99, answered, tokens) = Default::default();
        Self {
            gateway: &gateway.peer.name,
            beside,
            address: &gateway.peer.address,
            signer,
            p50,
            p99,
            answered,
            tokens,
        }
    }

    fn round(&mut self, stage: &Stage, calls: &Requests) {
        let signing = self.signer.map(|signer| Load::new(signer, &token_requests(Algorithm::Rs256)));
        let measured = std::thread::scope(|scope| {
            let tokens = signing.map(|load| scope.spawn(move || load.closed(CONNECTIONS, stage.span)));
            let calls = Load::new(self.address, calls).paced(CALLS, PACED_CONNECTIONS, stage.span);
            self.tokens.push(tokens.map_or(0.0, |tokens| tokens.join().unwrap().rate()));
            calls
        });
        self.p50.push(measured.percentile(50));
        self.p99.push(measured.percentile(99));
        self.answered.push(measured.share(200) * 100.0);
    }
}
