//! `POST /oauth2/token`.

mod answer;
mod authentication;
mod failures;
mod limits;
mod malformed;
mod scope;
