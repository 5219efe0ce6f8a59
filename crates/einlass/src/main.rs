//! The `einlass` executable.
fn main() {}
