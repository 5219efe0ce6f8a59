//! Who did what: the operations that change something are told whom to write down.

mod actor;

pub use actor::Actor;
