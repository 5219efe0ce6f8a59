//! What the tokens say.

mod access;
mod app;
mod audience;
mod id;
mod session;

pub use access::AccessClaims;
pub use app::AppClaims;
pub(crate) use audience::Audience;
pub use id::IdClaims;
pub use session::SessionClaims;
