//! What `einlass dev` adds to the platform: a demonstration platform whose values derive from one seed, and
//! a small ERP for the gateway to stand in front of.

pub mod demonstration;
pub mod erp;
mod seed;

pub use demonstration::Demonstration;
pub use seed::Seed;
