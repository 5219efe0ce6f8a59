//! Whether it matters how many tenants and apps there are.

use super::{PACED_CONNECTIONS, Stage};
use crate::load::{Load, Requests};
use crate::peers::ours::{ITEMS, Ours, Plan, call, token_request_as};
use crate::peers::records::{self, client_id, secret};
use crate::report::{self, Table, count, millis};
use einlass_protocol::jose::Algorithm;
use std::path::Path;
use tempfile::TempDir;

/// How many tenants, each with an app of its own.
const SIZES: [usize; 3] = [10, 1_000, 100_000];
/// Token requests a second, and calls: few enough for ten clients to stay within their limits.
const PER_SECOND: f64 = 1_000.0;
/// How many tenants at most call in a row.
const CALLERS: usize = 4_000;
/// A file system in memory, where there is one: writing many records then does not wait for the disk.
const IN_MEMORY: &str = "/dev/shm";

pub(super) fn run(stage: &Stage) {
    report::section(
        "Growth",
        &format!(
            "As many tenants as apps, each installed at its own tenant. Every client and every tenant has its turn, {} token \
             requests and then {} calls per second at a fixed rate, EdDSA; with 100,000 nobody comes twice, so that each \
             needs a look into the database.",
            count(PER_SECOND),
            count(PER_SECOND)
        ),
    );
    let mut whole = Table::new([
        "store",
        "tenants and apps",
        "start ms",
        "MiB",
        "tokens: p50 ms",
        "p99 ms",
        "calls: p50 ms",
        "p99 ms",
        "not 200",
    ]);
    let mut asked = Table::new([
        "store",
        "tenants and apps",
        "client and secrets: p50 ms",
        "p99 ms",
        "installation: p50 ms",
        "p99 ms",
    ]);
    let postgres = std::env::var("EINLASS_BENCH_POSTGRES").ok();
    if postgres.is_none() {
        report::print("Not measured: PostgreSQL is not installed.\n");
    }
    let engines = [("SQLite", None), ("PostgreSQL", postgres.as_deref())];
    for (engine, administrator) in engines.into_iter().take(1 + usize::from(postgres.is_some())) {
        for size in SIZES {
            report::progress(&format!("{size} tenants and apps, {engine}"));
            let store = administrator.map(|url| records::new_database(url, &format!("einlass_bench_{size}")));
            let plan = Plan { folder: memory_folder(), store, limits_addresses: false };
            let ours = Ours::configure(plan, &stage.upstream.address);
            records::tenants_with_apps(&ours.store, size);
            whole.row(platform(stage, engine, &ours, size));
            asked.row(look_ups(stage, engine, &ours.store, size));
        }
    }
    report::table("The whole platform:", &whole);
    report::table("What it asks its database, one question at a time:", &asked);
}

/// A platform with so many.
fn platform(stage: &Stage, engine: &str, ours: &Ours, size: usize) -> [String; 9] {
    // The first start makes the keys.
    drop(ours.peer.start().unwrap());
    let running = ours.peer.start().unwrap();
    let address = &ours.peer.address;
    let requests: Requests = (0..size).map(token_request).collect();
    let tokens = Load::new(address, &requests).paced(PER_SECOND, PACED_CONNECTIONS, stage.span);
    let callers = size.min(CALLERS);
    let calls: Requests = ours
        .fetch(&requests[..callers])
        .iter()
        .enumerate()
        .map(|(number, token)| call("GET", ITEMS, token, number, ""))
        .collect();
    let calls = Load::new(address, &calls).paced(PER_SECOND, PACED_CONNECTIONS, stage.span);
    [
        engine.into(),
        count(size as f64),
        millis(running.start_took.as_secs_f64() * 1_000.0),
        count(running.process.resident_mib()),
        millis(tokens.percentile(50)),
        millis(tokens.percentile(99)),
        millis(calls.percentile(50)),
        millis(calls.percentile(99)),
        count((tokens.bad() + calls.bad()) as f64),
    ]
}

/// What a platform asks its database.
fn look_ups(stage: &Stage, engine: &str, store: &str, size: usize) -> [String; 6] {
    let [client, installation] = records::look_ups(store, size, stage.span);
    let at = |hundredth, measured: &[f64]| millis(measured[(measured.len() - 1) * hundredth / 100]);
    [
        engine.into(),
        count(size as f64),
        at(50, &client),
        at(99, &client),
        at(50, &installation),
        at(99, &installation),
    ]
}

fn token_request(number: usize) -> Vec<u8> {
    token_request_as(client_id(Algorithm::EdDsa, number).as_str(), secret(number).expose())
}

fn memory_folder() -> TempDir {
    if Path::new(IN_MEMORY).is_dir() { tempfile::tempdir_in(IN_MEMORY) } else { tempfile::tempdir() }.unwrap()
}
