//! Cached tokens of three Rust SDKs side by side: what a read costs, and how many requests a thousand tasks cause.
//!
//! `cargo xtask bench sdk` runs it. The report is Markdown on the standard output.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run says so by panicking")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(clippy::print_stdout, reason = "the report is what the benchmark is for")]
#![expect(clippy::cast_precision_loss, reason = "counts and spans are small")]

mod herd;
mod issuer;
mod reader;
mod reads;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::time::Duration;

/// Counts what is allocated, by whomever.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::main]
async fn main() {
    let seconds = std::env::args().nth(1).and_then(|seconds| seconds.parse().ok());
    println!("## The SDK's token cache\n");
    reads::run(Duration::from_secs(seconds.unwrap_or(2))).await;
    herd::run().await;
}
