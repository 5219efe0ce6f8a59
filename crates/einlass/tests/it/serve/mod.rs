//! `einlass serve`: what an operator runs.

mod crash;
mod demonstration;
mod first_operator;
mod hosts;
mod leaving;
mod marketplace;
mod nodes;
mod operations_guide;
mod profile;
mod recovery;
mod rotation;
mod site;
mod upstream;
