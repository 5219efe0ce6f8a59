//! The executable as people use it: started, called, ended.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod administration;
#[cfg(unix)]
mod administration_guide;
mod cloud_guide;
mod commands;
mod config;
mod dev;
mod kinds_and_doors;
mod kit;
mod login;
mod onprem;
mod onpremise;
mod pages;
mod referees;
mod reload;
mod restart;
mod revocation;
mod scx;
mod serve;
mod stock_mirror;
mod stub;
mod tour;
