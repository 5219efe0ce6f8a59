//! What the measurements came to, as a table.

use crate::load::Measured;
use std::fmt::Write as _;
use std::time::Duration;

/// One subject's rounds.
pub(crate) struct Row {
    name: &'static str,
    beside: &'static str,
    rates: Vec<f64>,
    per_cpu: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    failures: usize,
}

impl Row {
    pub(crate) fn new(name: &'static str, beside: &'static str) -> Self {
        let (rates, per_cpu, p50, p99) = Default::default();
        Self { name, beside, rates, per_cpu, p50, p99, failures: 0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
    pub(crate) fn add(&mut self, mut measured: Measured, cpu: f64, span: Duration) {
        measured.latencies.sort_unstable();
        let count = measured.latencies.len();
        assert!(count > 0, "{}: {} answers and none was 200", self.name, measured.failures);
        let at = |hundredth: usize| measured.latencies[(count - 1) * hundredth / 100].as_secs_f64() * 1_000.0;
        self.p50.push(at(50));
        self.p99.push(at(99));
        self.rates.push(count as f64 / span.as_secs_f64());
        self.per_cpu.push(count as f64 / cpu);
        self.failures += measured.failures;
    }
}

/// The processor time that a process has used, in seconds. Linux counts it in hundredths.
pub(crate) fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

#[expect(clippy::print_stdout, reason = "this is what the benchmark is for")]
pub(crate) fn print(rows: &[Row], resident_mib: u64, span: Duration) {
    let mut table = format!(
        "\n{:<20} {:>9} {:>9} {:>8} {:>8} {:>7}  {:<26}\n",
        "", "req/s", "per CPU-s", "p50 ms", "p99 ms", "not 200", "of what (each round)"
    );
    for row in rows {
        let base = rows.iter().find(|other| other.name == row.beside).unwrap();
        let ratios: Vec<String> =
            row.rates.iter().zip(&base.rates).map(|(ours, theirs)| format!("{:.2}", ours / theirs)).collect();
        let beside = if row.name == row.beside {
            "-".into()
        } else {
            format!("{} of {}", ratios.join(" "), row.beside)
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            table,
            "{:<20} {:>9.0} {:>9.0} {:>8.2} {:>8.2} {:>7}  {beside}",
            row.name,
            median(&row.rates),
            median(&row.per_cpu),
            median(&row.p50),
            median(&row.p99),
            row.failures
        );
    }
    println!(
        "{table}\n{} rounds of {span:?}; medians. einlass dev resident: {resident_mib} MiB.",
        rows[0].rates.len()
    );
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
