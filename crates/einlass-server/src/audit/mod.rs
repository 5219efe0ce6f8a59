//! Who did or was refused what: the operations that change something are told whom to write down.

mod actor;
mod record;
mod refusals;

pub use actor::Actor;

pub(crate) use refusals::Refusals;
