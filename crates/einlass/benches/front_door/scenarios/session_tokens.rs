//! How many session tokens a second a hub makes, beside what Ed25519 allows.

use super::Stage;
use crate::bare;
use crate::load::{Requests, request};
use crate::peers::ours::{Ours, Plan};
use crate::peers::records::{self, app_id, surface_session, tenant_id};
use crate::race::{ROUNDS, Race};
use crate::report;
use einlass_protocol::jose::Algorithm;
use einlass_protocol::oauth::FirstParty;

/// How many apps ask.
const APPS: usize = 32;

pub(super) fn run(stage: &Stage) {
    report::section(
        "Session tokens",
        &format!(
            "`getSessionToken` as the shell's script asks it: one person who is signed in, {APPS} apps in turn, 32 connections. \
             Ours looks up session, tenant, membership, app and installation in SQLite each time, signs with the app's own \
             key, and logs. The bare loop only signs."
        ),
    );
    let plan = Plan { folder: tempfile::tempdir().unwrap(), store: None, limits_addresses: false };
    let ours = Ours::configure(plan, &stage.upstream.address);
    records::people(&ours.store, 1);
    records::clients(&ours.store, APPS);
    let running = ours.peer.start().unwrap();
    let requests: Requests = (0..APPS).map(|number| ask(&ours, number)).collect();
    let bare = bare::Server::signer(Algorithm::EdDsa);
    let mut race = Race::of(vec![running.contender(), bare.contender()]);
    for _ in 0..ROUNDS {
        race.round(|it| stage.warm(it, &requests), |it| stage.measure(it, &requests));
    }
    race.print("");
}

fn ask(ours: &Ours, number: usize) -> Vec<u8> {
    let hub = FirstParty::Hub;
    let cookie = format!("{}={}", hub.client_id(), surface_session(hub).expose());
    let path = format!("/hub/{}/apps/{}/session-token", tenant_id(0), app_id(Algorithm::Rs256, number));
    let headers = [
        ("cookie", cookie.as_str()),
        ("origin", &ours.issuer()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    request("POST", &path, &headers, "")
}
