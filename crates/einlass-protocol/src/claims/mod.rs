//! What the tokens say.

mod access;
mod audience;
mod session;

pub use access::AccessClaims;
pub(crate) use audience::Audience;
pub use session::SessionClaims;
