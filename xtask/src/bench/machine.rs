//! On what and when it was measured.

use crate::shell::{Outcome, output, program, root};
use std::fs;

/// The machine, its system, the compiler, the commit and the date.
pub(super) fn in_words() -> Outcome<String> {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = value_of(&processors, "model name").unwrap_or("unknown processor");
    let cores = processors.lines().filter(|line| line.starts_with("processor")).count();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = value_of(&memory, "MemTotal").and_then(|kib| kib.split(' ').next()?.parse::<u64>().ok());
    let memory = memory.unwrap_or_default() / 1024 / 1024;
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let system = system.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("Linux");
    let kernel = output(&mut program("uname", ["-sr"]))?;
    let compiler = output(&mut program("rustc", ["--version"]))?;
    let commit = output(program("git", ["rev-parse", "--short", "HEAD"]).current_dir(root()))?;
    let date = output(&mut program("date", ["--utc", "+%F"]))?;
    Ok(format!(
        "{date}, commit {commit}, {model}, {cores} cores, {memory} GiB, {}, {kernel}, {compiler}.",
        system.trim_matches('"')
    ))
}

/// The value of a line `name : value`.
fn value_of<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    lines.lines().find_map(|line| Some(line.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim()))
}
