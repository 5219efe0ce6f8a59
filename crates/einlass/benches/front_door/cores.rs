//! Who runs where. With four cores or more the servers have one half and the load the other; with fewer, both share
//! all, and what the load takes is missing to every server alike.

use std::process::Command;
use std::sync::OnceLock;

/// Sets of cores as `taskset` writes them.
struct Cores {
    servers: String,
    load: String,
    of_servers: usize,
}

fn cores() -> &'static Cores {
    static CORES: OnceLock<Cores> = OnceLock::new();
    CORES.get_or_init(|| {
        let all = std::fs::read_to_string("/proc/cpuinfo").unwrap();
        let all = all.lines().filter(|line| line.starts_with("processor")).count();
        if all < 4 {
            let both = format!("0-{}", all - 1);
            return Cores { servers: both.clone(), load: both, of_servers: all };
        }
        let half = all / 2;
        Cores { servers: format!("0-{}", half - 1), load: format!("{half}-{}", all - 1), of_servers: half }
    })
}

/// How many cores the servers have: each gets as many workers.
pub(crate) fn of_servers() -> usize {
    cores().of_servers
}

/// A server's command, held to the servers' cores.
pub(crate) fn on_servers(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &cores().servers]).arg(program);
    command
}

/// Holds this process, which makes the load, to its cores.
pub(crate) fn hold_the_load() {
    let pid = std::process::id().to_string();
    let held =
        Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", &cores().load, &pid]).output();
    assert!(held.is_ok_and(|output| output.status.success()), "taskset holds nobody");
}

/// In words, for the report.
pub(crate) fn in_words() -> String {
    let Cores { servers, load, of_servers } = cores();
    if servers == load {
        format!("Servers and load share the {of_servers} cores {servers}.")
    } else {
        format!("Servers have the cores {servers}, the load has {load}.")
    }
}
