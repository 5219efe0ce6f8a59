//! Whether it matters how many tenants and apps there are.

use super::{PACED_CONNECTIONS, Stage};
use crate::load::{Load, Requests};
use crate::peers::ours::{ITEMS, Ours, call, token_request_as};
use crate::peers::records::{self, client_id, secret, tenant_id};
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
    for size in SIZES {
        report::progress(&format!("{size} tenants and apps, SQLite"));
        let ours = Ours::prepare_in(memory_folder(), &stage.upstream.address, |store, _| {
            records::tenants_with_apps(store, size);
        });
        whole.row(platform(stage, &ours, size));
        asked.row(look_ups(stage, "SQLite", &ours.store, size));
    }
    report::table("SQLite, the whole platform:", &whole);
    match std::env::var("EINLASS_BENCH_POSTGRES") {
        Err(_) => report::print("Not measured: PostgreSQL is not installed.\n"),
        Ok(administrator) => {
            for size in SIZES {
                report::progress(&format!("{size} tenants and apps, PostgreSQL"));
                let store = records::new_database(&administrator, &format!("einlass_bench_{size}"));
                records::tenants_with_apps(&store, size);
                asked.row(look_ups(stage, "PostgreSQL", &store, size));
            }
        }
    }
    report::table("What the platform asks its database, one question at a time:", &asked);
}

/// A platform with so many.
fn platform(stage: &Stage, ours: &Ours, size: usize) -> [String; 8] {
    let running = ours.peer.start().unwrap();
    let address = &ours.peer.address;
    let requests: Requests = (0..size).map(token_request).collect();
    let tokens = Load::new(address, &requests).paced(PER_SECOND, PACED_CONNECTIONS, stage.span);
    let callers = size.min(CALLERS);
    let calls: Requests = ours
        .fetch(&requests[..callers])
        .iter()
        .enumerate()
        .map(|(number, token)| call("GET", ITEMS, token, &tenant_id(number).to_string(), ""))
        .collect();
    let calls = Load::new(address, &calls).paced(PER_SECOND, PACED_CONNECTIONS, stage.span);
    [
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
