//! The door of on-premise apps beside that of cloud apps: a key that is looked up in place of a token that is verified.

use super::Stage;
use crate::bare;
use crate::load::Requests;
use crate::peers::ours::calls_with_keys;
use crate::peers::records::API_KEYS;
use crate::race::{Contender, ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

/// How many tokens are about, as many as there are keys.
const TOKENS: usize = API_KEYS;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway, on-premise keys",
        &format!(
            "One server of ours and one upstream, 32 connections, {API_KEYS} keys and {TOKENS} tokens that return: \
             `GET /api/bench/v2/items` with `Authorization: Wawi` beside `GET /erp/v2/items` with a token, and a forwarder \
             that checks nothing. The answer has 0.8 KiB."
        ),
    );
    let doors: [(&str, Requests); 3] = [
        ("Wawi", calls_with_keys()),
        ("Bearer, RS256", stage.ours.calls(Algorithm::Rs256, TOKENS)),
        ("Bearer, EdDSA", stage.ours.calls(Algorithm::EdDsa, TOKENS)),
    ];
    let named = |name: &str| Contender { name: name.into(), ..stage.running.contender() };
    let forwarder = bare::Server::forwarder(&stage.upstream.address);
    let mut contenders: Vec<Contender> = doors.iter().map(|(name, _)| named(name)).collect();
    contenders.push(forwarder.contender());
    let requests = |it: &Contender| {
        let (_, requests) = doors.iter().find(|(name, _)| *name == it.name).unwrap_or(&doors[1]);
        requests
    };
    let mut race = Race::of(contenders);
    for _ in 0..ROUNDS {
        race.round(|it| stage.warm(it, requests(it)), |it| stage.measure(it, requests(it)));
    }
    race.print("");
}
