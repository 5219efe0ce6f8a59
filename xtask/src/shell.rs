//! Running other programs.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What went wrong, for a person.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// Tells a person.
#[expect(clippy::print_stderr, reason = "the one place that speaks to people")]
pub(crate) fn say(text: &str) {
    eprintln!("xtask: {text}");
}

/// The cargo that runs us.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Another program.
pub(crate) fn program<const N: usize>(name: impl AsRef<std::ffi::OsStr>, arguments: [&str; N]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

/// Runs a program to its end; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    say(&shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", shown(command))),
        Err(fault) => Err(format!("{}: {fault}", shown(command))),
    }
}

/// Runs a program to its end, shows what it prints and gives it.
pub(crate) fn run_and_keep(command: &mut Command) -> Outcome<String> {
    say(&shown(command));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|fault| fault.to_string())?;
    let mut kept = String::new();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
        let line = line.map_err(|fault| fault.to_string())?;
        print(&line);
        kept += &line;
        kept.push('\n');
    }
    match child.wait().map_err(|fault| fault.to_string())? {
        status if status.success() => Ok(kept),
        status => Err(format!("{} ended with {status}", shown(command))),
    }
}

/// Prints a line of what was asked for.
#[expect(clippy::print_stdout, reason = "a report is what the caller wants")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}

/// What a program prints, without the spaces around it.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|fault| format!("{}: {fault}", shown(command)))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}

/// Whether a program runs and succeeds; says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
