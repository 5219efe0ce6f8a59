//! How many requests a thousand tasks cause when they need a token at the same time.

use crate::reader::{Kind, Reader};
use std::time::{Duration, Instant};

const TASKS: usize = 1_000;
/// How long everybody reads when a refresh comes due: from before it to after it, and not until the next one.
const WATCHED: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(10);
const HOUR: u64 = 3_600;
/// Those who read Google's differently cause the same requests.
const KINDS: [Kind; 3] = [Kind::Einlass, Kind::Google, Kind::Azure];

/// Prints a table.
pub(crate) async fn run() {
    println!(
        "A thousand tasks and an identity provider that takes 50 ms. *None*: the cache is empty, as after an expiry; \
         everybody asks at once. *Due*: everybody reads every 10 ms while the SDK's own time to refresh comes.\n"
    );
    println!("| {:<66} | none: requests | slowest read ms | due: requests | slowest read ms |", "SDK");
    println!("| {} | -------------: | --------------: | ------------: | --------------: |", "-".repeat(66));
    for kind in KINDS {
        let (reader, issuer) = Reader::new(kind, HOUR).await;
        let at_once = slowest(&reader, Duration::ZERO).await;
        let none = issuer.asked();

        let (mut reader, issuer) = Reader::new(kind, kind.due_after_two_seconds()).await;
        reader.read_first().await;
        let before = issuer.asked();
        let while_due = slowest(&reader, WATCHED).await;
        let due = issuer.asked() - before;
        println!("| {:<66} | {none:>14} | {at_once:>15.0} | {due:>13} | {while_due:>15.0} |", kind.name());
    }
    println!();
}

/// Reads from all tasks, once and for so long; gives the slowest read in milliseconds.
async fn slowest(reader: &Reader, span: Duration) -> f64 {
    let begun = Instant::now();
    let running: Vec<_> = (0..TASKS)
        .map(|_| {
            let reader = reader.clone();
            tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                loop {
                    let asked = Instant::now();
                    reader.read().await;
                    slowest = slowest.max(asked.elapsed());
                    if begun.elapsed() >= span {
                        return slowest;
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            })
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for task in running {
        slowest = slowest.max(task.await.unwrap());
    }
    slowest.as_secs_f64() * 1_000.0
}
