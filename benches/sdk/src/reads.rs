//! What a read of a cached token costs: time and allocations.

use crate::ALLOCATOR;
use crate::reader::{Kind, Reader};
use stats_alloc::Region;
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;
const TASKS: [usize; 3] = [1, 8, 64];
/// Reads between two looks at the clock.
const AT_A_TIME: usize = 1_000;
const HOUR: u64 = 3_600;

/// Prints a table.
pub(crate) async fn run(span: Duration) {
    println!(
        "Nanoseconds for a read of a fresh token, all tasks together: time divided by the number of reads. Median of \
         {ROUNDS} rounds of {} s, the SDKs in turn.\n",
        span.as_secs()
    );
    println!(
        "| {:<66} | 1 task | 8 tasks | 64 tasks | allocations per read | bytes per read | ours is, 64 tasks, each round |",
        "SDK"
    );
    println!(
        "| {} | -----: | ------: | -------: | -------------------: | -------------: | ----------------------------: |",
        "-".repeat(66)
    );
    let mut readers = Vec::new();
    for kind in Kind::ALL {
        let (mut reader, _issuer) = Reader::new(kind, HOUR).await;
        reader.read_first().await;
        let allocated = allocated(&reader).await;
        readers.push((kind, reader, allocated, [const { Vec::new() }; TASKS.len()]));
    }
    for _ in 0..ROUNDS {
        for (_, reader, _, nanos) in &mut readers {
            for (tasks, nanos) in TASKS.into_iter().zip(nanos) {
                nanos.push(nanos_per_read(reader, tasks, span).await);
            }
        }
    }
    let ours = readers[0].3[2].clone();
    for (number, (kind, _, (allocations, bytes), nanos)) in readers.iter().enumerate() {
        let [one, eight, many] = nanos.each_ref().map(|nanos| median(nanos));
        let ratios: Vec<String> =
            nanos[2].iter().zip(&ours).map(|(theirs, ours)| format!("{:.1}×", theirs / ours)).collect();
        let ratios = if number == 0 { String::new() } else { ratios.join(" ") };
        let name = kind.name();
        println!(
            "| {name:<66} | {one:>6.0} | {eight:>7.0} | {many:>8.0} | {allocations:>20.1} | {bytes:>14.0} | {ratios:>29} |"
        );
    }
    println!();
}

/// Allocations and bytes for each read.
async fn allocated(reader: &Reader) -> (f64, f64) {
    let region = Region::new(ALLOCATOR);
    for _ in 0..AT_A_TIME {
        reader.read().await;
    }
    let change = region.change();
    let each = |count: usize| count as f64 / AT_A_TIME as f64;
    (each(change.allocations), each(change.bytes_allocated))
}

async fn nanos_per_read(reader: &Reader, tasks: usize, span: Duration) -> f64 {
    let begun = Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|_| {
            let reader = reader.clone();
            tokio::spawn(async move {
                let mut reads = 0;
                while begun.elapsed() < span {
                    for _ in 0..AT_A_TIME {
                        reader.read().await;
                    }
                    reads += AT_A_TIME;
                    tokio::task::yield_now().await;
                }
                reads
            })
        })
        .collect();
    let mut reads = 0;
    for task in running {
        reads += task.await.unwrap();
    }
    begun.elapsed().as_secs_f64() * 1e9 / reads as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
