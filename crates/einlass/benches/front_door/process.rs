//! A server as a process of its own, with all the processes that it starts. It ends with its handle.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How often memory is looked at while something goes on.
const SAMPLE_EVERY: Duration = Duration::from_millis(50);

/// A running server.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let child = command.stdin(Stdio::null()).spawn();
        Ok(Self { child: child.map_err(|fault| format!("{}: {fault}", command.get_program().display()))? })
    }

    /// What it prints, if that was to be piped.
    pub(crate) fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Whether it ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// The processor time that all its processes have used, in seconds. Linux counts it in hundredths.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let ticks = |process: &u32| {
            let stat = Stat::of(*process)?;
            Some(stat.user + stat.system)
        };
        self.family().iter().filter_map(ticks).sum::<f64>() / 100.0
    }

    /// The memory that all its processes keep resident, in MiB; a page that several of them share counts once.
    pub(crate) fn resident_mib(&self) -> f64 {
        let kib = |process: &u32| {
            let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
            let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        };
        self.family().iter().filter_map(kib).sum::<f64>() / 1024.0
    }

    /// The most memory that it kept resident while something went on, and what came of that.
    pub(crate) fn most_resident_mib<T: Send>(&self, during: impl FnOnce() -> T + Send) -> (f64, T) {
        std::thread::scope(|scope| {
            let running = scope.spawn(during);
            let mut most = self.resident_mib();
            while !running.is_finished() {
                std::thread::sleep(SAMPLE_EVERY);
                most = most.max(self.resident_mib());
            }
            (most, running.join().unwrap())
        })
    }

    /// Itself and all that came from it.
    fn family(&self) -> Vec<u32> {
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let process = entry.file_name().to_str().and_then(|name| name.parse().ok());
            if let Some((process, stat)) = process.and_then(|process| Some((process, Stat::of(process)?))) {
                children.entry(stat.parent).or_default().push(process);
            }
        }
        let mut family = vec![self.child.id()];
        let mut next = 0;
        while let Some(process) = family.get(next) {
            family.extend(children.remove(process).unwrap_or_default());
            next += 1;
        }
        family
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let family: Vec<String> = self.family().iter().map(ToString::to_string).collect();
        // What has ended by itself needs no killing.
        let _ = Command::new("kill").arg("-KILL").args(family).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

/// What Linux says of a process.
struct Stat {
    parent: u32,
    user: f64,
    system: f64,
}

impl Stat {
    /// `None` when the process is gone.
    fn of(process: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            user: fields.get(11)?.parse().ok()?,
            system: fields.get(12)?.parse().ok()?,
        })
    }
}
