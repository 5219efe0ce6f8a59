//! What `einlass dev` adds to the platform: a demonstration platform whose values derive from one seed, and
//! a small ERP for the gateway to stand in front of.

mod channel;
mod customers;
pub mod demonstration;
pub mod erp;
mod listing;
pub mod marketplace;
mod people;
mod seed;
mod session_token;

pub use channel::DemonstrationChannel;
pub use customers::{Customer, customers};
pub use demonstration::Demonstration;
pub use people::{DemonstrationPeople, DemonstrationPerson};
pub use seed::Seed;
pub(crate) use session_token::session_token;
