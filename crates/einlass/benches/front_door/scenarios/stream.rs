//! One body of a gibibyte, and whether anybody keeps it.

use super::Stage;
use crate::load::now;
use crate::peers::ours::call_of_size;
use crate::peers::{self, Running, nginx};
use crate::race::ROUNDS;
use crate::report::{self, Table, count, each, median};
use einlass_protocol::jose::Algorithm;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

const SIZE: usize = 1024 * 1024 * 1024;
const MIB: usize = 1024 * 1024;
const PIECE: usize = 256 * 1024;

/// One server's figures, a round each.
#[derive(Default)]
struct Rounds {
    speed: Vec<f64>,
    before: Vec<f64>,
    most: Vec<f64>,
    after: Vec<f64>,
}

pub(super) fn run(stage: &Stage) {
    report::section(
        "Gateway, a stream of 1 GiB",
        "One connection, RS256. Memory is resident, in MiB: before, the most while it streams, after.",
    );
    let mut configured = stage.checking_gateways(Algorithm::Rs256);
    configured.push(nginx(&stage.upstream.address));
    let others = peers::start(&configured);
    let token = stage.ours.mint(Algorithm::Rs256, 1).remove(0);
    for (method, caption) in [("GET", "An answer of 1 GiB:"), ("POST", "A request of 1 GiB:")] {
        let mut all: Vec<_> = std::iter::once(stage.running)
            .chain(&others)
            .map(|running| (running, Rounds::default()))
            .collect();
        let head = head(method, &token);
        for _ in 0..ROUNDS {
            for (running, rounds) in &mut all {
                rounds.add(running, &head, method == "POST");
            }
        }
        let mut table = Table::new(["server", "MiB/s", "MiB/s in each round", "before", "most", "after"]);
        for (running, rounds) in &all {
            table.row([
                running.peer.name.clone(),
                count(median(&rounds.speed)),
                each(&rounds.speed, count),
                count(median(&rounds.before)),
                count(median(&rounds.most)),
                count(median(&rounds.after)),
            ]);
        }
        report::table(caption, &table);
    }
}

impl Rounds {
    fn add(&mut self, running: &Running, head: &[u8], sends: bool) {
        let process = &running.process;
        self.before.push(process.resident_mib());
        let begun = now();
        let (most, ()) = process.most_resident_mib(|| stream(&running.peer.address, head, sends));
        self.speed.push((SIZE / MIB) as f64 / begun.elapsed().as_secs_f64());
        self.most.push(most);
        self.after.push(process.resident_mib());
    }
}

/// A request's head; its body is not made beforehand.
fn head(method: &str, token: &str) -> Vec<u8> {
    let whole = call_of_size("GET", SIZE, token);
    let text = String::from_utf8(whole).unwrap();
    match method {
        "POST" => text
            .replacen("GET", "POST", 1)
            .replacen("\r\n", &format!("\r\ncontent-length: {SIZE}\r\n"), 1)
            .into(),
        _ => text.into(),
    }
}

fn stream(address: &str, head: &[u8], sends: bool) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head).unwrap();
    let mut piece = vec![b'x'; PIECE];
    if sends {
        for _ in 0..SIZE / PIECE {
            stream.write_all(&piece).unwrap();
        }
    }
    let wanted = if sends { 1 } else { SIZE };
    let mut got = 0;
    let mut is_good = false;
    while got < wanted {
        let count = stream.read(&mut piece).unwrap();
        assert!(count > 0, "{address} closed the connection after {got} bytes");
        is_good |= got == 0 && piece.starts_with(b"HTTP/1.1 200");
        got += count;
    }
    assert!(is_good, "{address} did not answer with 200");
}
