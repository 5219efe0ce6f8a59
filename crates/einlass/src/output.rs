//! Standard output is data, standard error is for people.

use crate::failure::Failure;
use std::io::{self, Write};

/// Writes data. A reader who has seen enough is no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write(text.as_bytes())
}

/// Writes data as it came.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    write_while_read(bytes).map(drop)
}

/// Writes data, and gives whether anybody still reads it: who has a lot to write should stop then.
pub(crate) fn write_while_read(bytes: &[u8]) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

/// Tells a person something beside the data.
#[expect(clippy::print_stderr, reason = "the one place that speaks to people")]
pub(crate) fn remark(text: &str) {
    eprintln!("{text}");
}

/// Says why a command ended, if nobody has yet.
pub(crate) fn complain(failure: &Failure) {
    if matches!(failure, Failure::Logged(_)) {
        return;
    }
    remark(&format!("einlass: {failure}"));
}

/// A text that may be written to a terminal: what others wrote must not move its cursor.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
