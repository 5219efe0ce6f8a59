//! Who did what: the operations that change something are told whom to write down.

mod actor;
mod record;

pub use actor::Actor;
