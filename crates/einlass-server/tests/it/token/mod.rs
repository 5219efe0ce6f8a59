//! `POST /oauth2/token`.

mod answer;
mod authentication;
mod limits;
mod malformed;
mod scope;
