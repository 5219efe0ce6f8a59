//! Which line something is in.

/// The line of a byte, counted from 1.
pub(super) fn of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
