//! The marketplace's exchange beside the token endpoint.

use super::Stage;
use crate::load::Requests;
use crate::peers::ours::{exchange_requests, token_requests};
use crate::race::{Contender, ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;

const EXCHANGE: &str = "exchange of refresh tokens";

pub(super) fn run(stage: &Stage) {
    report::section(
        "The marketplace's exchange",
        "RS256, one server of ours, 32 connections: `POST /v1/auth` with 6,000 refresh tokens in turn, since one may be exchanged \
         ten times a minute, beside `POST /oauth2/token` with 256 clients in turn. Each refresh token is looked up in the \
         store every time.",
    );
    let (tokens, exchanges) = (token_requests(Algorithm::Rs256), exchange_requests());
    let named = |name: &str| Contender { name: name.into(), ..stage.running.contender() };
    let mut race = Race::of(vec![named(EXCHANGE), named("token endpoint")]);
    let requests = |it: &Contender| -> &Requests { if it.name == EXCHANGE { &exchanges } else { &tokens } };
    for _ in 0..ROUNDS {
        race.round(|it| stage.warm(it, requests(it)), |it| stage.measure(it, requests(it)));
    }
    race.print("");
}
