//! A race: contenders take turns, round after round, so that a change of the machine's speed meets all of them.
//! Each round gives a ratio, and the ratios' spread says what a figure is worth.

use crate::load::Measured;
use crate::process::Process;
use crate::report::{self, Table, count, each, median, millis};

/// How often everybody has a turn.
pub(crate) const ROUNDS: usize = 3;

/// A server in a race.
pub(crate) struct Contender<'a> {
    pub(crate) name: String,
    pub(crate) address: &'a str,
    pub(crate) process: &'a Process,
}

/// What came of a contender's turns.
#[derive(Default)]
struct Turns {
    rates: Vec<f64>,
    per_cpu: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    resident: Vec<f64>,
    bad: usize,
}

/// The first contender is ours: the others' ratios are to it.
pub(crate) struct Race<'a> {
    contenders: Vec<(Contender<'a>, Turns)>,
}

impl<'a> Race<'a> {
    pub(crate) fn of(contenders: Vec<Contender<'a>>) -> Self {
        let contenders = contenders.into_iter().map(|contender| (contender, Turns::default()));
        Self { contenders: contenders.collect() }
    }

    /// Gives everybody a turn: `warm` first, then `run`, which counts.
    pub(crate) fn round(&mut self, warm: impl Fn(&Contender), run: impl Fn(&Contender) -> Measured) {
        for (contender, turns) in &mut self.contenders {
            warm(contender);
            let before = contender.process.cpu_seconds();
            let measured = run(contender);
            let cpu = contender.process.cpu_seconds() - before;
            turns.rates.push(measured.rate());
            turns.per_cpu.push(measured.good() / cpu.max(0.01));
            turns.p50.push(measured.percentile(50));
            turns.p99.push(measured.percentile(99));
            turns.resident.push(contender.process.resident_mib());
            turns.bad += measured.bad();
            if measured.bad() > 0 {
                report::progress(&format!("{}: {}", contender.name, measured.statuses()));
            }
        }
    }

    /// Prints what came of it.
    pub(crate) fn print(&self, caption: &str) {
        let mut table = Table::new([
            "server",
            "per second",
            "per CPU-second",
            "p50 ms",
            "p99 ms",
            "MiB",
            "not 200",
            "ours is, in each round",
        ]);
        let ours = &self.contenders[0].1.rates;
        for (number, (contender, turns)) in self.contenders.iter().enumerate() {
            let ratios: Vec<f64> =
                ours.iter().zip(&turns.rates).map(|(ours, theirs)| ours / theirs).collect();
            let ratios = each(&ratios, |ratio| format!("{ratio:.2}×"));
            table.row([
                contender.name.clone(),
                count(median(&turns.rates)),
                count(median(&turns.per_cpu)),
                millis(median(&turns.p50)),
                millis(median(&turns.p99)),
                count(median(&turns.resident)),
                count(turns.bad as f64),
                if number == 0 { String::new() } else { ratios },
            ]);
        }
        report::table(caption, &table);
    }
}
