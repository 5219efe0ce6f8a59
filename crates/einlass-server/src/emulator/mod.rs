//! What `einlass dev` adds to the platform: a demonstration platform whose values derive from one seed, and
//! a small ERP for the gateway to stand in front of.

mod channel;
pub mod demonstration;
pub mod erp;
pub mod marketplace;
mod people;
mod seed;

pub use channel::DemonstrationChannel;
pub use demonstration::Demonstration;
pub use people::{DemonstrationPeople, DemonstrationPerson};
pub use seed::Seed;
