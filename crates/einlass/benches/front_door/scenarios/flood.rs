//! What other clients feel of it when one floods the token endpoint.

use super::{PACED_CONNECTIONS, Stage};
use crate::load::{Load, Requests};
use crate::peers::ours::{CLIENTS, Ours, Plan, token_request, token_request_as};
use crate::peers::records::{self, client_id, secret};
use crate::peers::{self, Running, oidc_provider};
use crate::race::ROUNDS;
use crate::report::{self, Table, count, each, median, millis};
use einlass_protocol::jose::Algorithm;

/// What the flooder sends in a second.
const FLOOD: f64 = 5_000.0;
/// What all others together send in a second.
const OTHERS: f64 = 200.0;
/// The others are all clients but those that flood: one with its secret, one with wrong ones.
const FLOODER: usize = 0;
const GUESSER: usize = 1;
const FLOODERS: usize = 2;

/// A flood, and where it goes.
struct Case<'a> {
    /// Whose other clients are watched.
    server: &'a Running<'a>,
    flood: &'static str,
    load: Option<Load>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    bad: usize,
    answers: String,
}

pub(super) fn run(stage: &Stage) {
    report::section(
        "Tokens while one client floods",
        &format!(
            "RS256, our limits as shipped. {} token requests per second of {} clients, each well within its limit, while one other client sends {} \
             per second, from another address unless said otherwise. The control sends the same flood to a bare server, so \
             that what differs from it is what the flood costs at the token endpoint and not what sending it costs.",
            count(OTHERS),
            CLIENTS - FLOODERS,
            count(FLOOD),
        ),
    );
    let valid: Requests = [token_request(Algorithm::Rs256, FLOODER)].into();
    let guessed = client_id(Algorithm::Rs256, GUESSER);
    // A secret of the right form, so that it is compared and not only parsed.
    let wrong: Requests = (0..64)
        .map(|number| token_request_as(guessed.as_str(), secret(1_000_000 + number).expose()))
        .collect();
    let unknown: Requests = (0..4_096)
        .map(|number| token_request_as(&format!("nobody-{number}"), secret(FLOODER).expose()))
        .collect();
    let shipped = Ours::configure(
        Plan { folder: tempfile::tempdir().unwrap(), store: None, limits_addresses: true },
        &stage.upstream.address,
    );
    records::clients(&shipped.store, CLIENTS);
    let running = &shipped.peer.start().unwrap();
    let configured = [oidc_provider(Algorithm::Rs256, 2)];
    let others = peers::start(&configured);
    let flood = |address: &str, requests| Some(Load::new(address, requests).sent_from_elsewhere());
    let (ours, bare) = (&shipped.peer.address, &stage.upstream.address);
    let mut cases = vec![
        Case::new(running, "none", None),
        Case::new(running, "at a bare server (control)", flood(bare, &valid)),
        Case::new(running, "valid secret", flood(ours, &valid)),
        Case::new(running, "wrong secrets", flood(ours, &wrong)),
        Case::new(running, "unknown clients", flood(ours, &unknown)),
        Case::new(running, "wrong secrets, from the others' address", Some(Load::new(ours, &wrong))),
    ];
    for server in &others {
        let address = &server.peer.address;
        cases.push(Case::new(server, "at a bare server (control)", flood(bare, &valid)));
        cases.push(Case::new(server, "valid secret", flood(address, &valid)));
        cases.push(Case::new(server, "wrong secrets", flood(address, &wrong)));
    }
    for _ in 0..ROUNDS {
        for case in &mut cases {
            case.round(stage);
        }
    }
    let mut table = Table::new([
        "server",
        "flood",
        "others: p50 ms",
        "p99 ms",
        "p99 in each round",
        "not 200",
        "the flood's answers, last round",
    ]);
    for case in &cases {
        table.row([
            case.server.peer.name.clone(),
            case.flood.into(),
            millis(median(&case.p50)),
            millis(median(&case.p99)),
            each(&case.p99, millis),
            count(case.bad as f64),
            case.answers.clone(),
        ]);
    }
    report::table("", &table);
}

impl<'a> Case<'a> {
    fn new(server: &'a Running, flood: &'static str, load: Option<Load>) -> Self {
        let (p50, p99, answers) = Default::default();
        Self { server, flood, load, p50, p99, bad: 0, answers }
    }

    fn round(&mut self, stage: &Stage) {
        let others: Requests =
            (FLOODERS..CLIENTS).map(|number| token_request(Algorithm::Rs256, number)).collect();
        let others = Load::new(&self.server.peer.address, &others);
        let measured = std::thread::scope(|scope| {
            let flood = self.load.clone();
            let flood =
                flood.map(|load| scope.spawn(move || load.paced(FLOOD, PACED_CONNECTIONS, stage.span)));
            let measured = others.paced(OTHERS, PACED_CONNECTIONS, stage.span);
            self.answers = flood.map_or("none".into(), |flood| flood.join().unwrap().statuses());
            measured
        });
        self.p50.push(measured.percentile(50));
        self.p99.push(measured.percentile(99));
        self.bad += measured.bad();
    }
}
