//! A person's sign-in, for a program on the person's machine: an authorization code with a proof key, over the person's
//! browser and the loopback interface (RFC 8252).
//!
//! ```no_run
//! use einlass_client::login::{Login, SignInFile, SignInTokens};
//! use einlass_client::{ApiClient, TokenCache};
//! use std::time::Duration;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let file = SignInFile::at("login.json");
//! let scope = "openid offline_access".parse()?;
//! let begun = Login::new("https://auth.example".parse()?, "client".parse()?, scope).begin().await?;
//! println!("Open in a browser: {}", begun.url());
//! file.keep(&begun.finish(Duration::from_mins(5)).await?).await?;
//!
//! let api = ApiClient::new("https://api.example".parse()?, TokenCache::new(SignInTokens::new(file)))?;
//! # let _ = api;
//! # Ok(())
//! # }
//! ```
//!
//! - What comes of it is in a file for its owner alone, which any number of processes may use at once: who renews the
//!   access token holds the file's lock.
//! - A refresh token counts once. Its successor is in the file, durably, before anybody gets the access token that came
//!   with it. If the answer with both is lost, the same refresh token is sent again: the platform gives the same answer for
//!   half a minute.
//! - When the platform does not take the refresh token any more, the error says to sign in again, and the file stays.

mod begin;
mod error;
mod exchange;
mod finish;
mod keep;
mod page;
mod redirect;
mod tokens;

pub use begin::Login;
pub use error::{LoginError, SignOutError};
pub use finish::Begun;
pub use keep::{SignInFile, SignInFileError};
pub use tokens::SignInTokens;

use crate::transport::BaseUrl;
use einlass_protocol::ids::ClientId;
use einlass_protocol::secret::Secret;
use einlass_protocol::time::UnixTime;

/// What a sign-in brought. Its `Debug` shows everything but the tokens.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who issued the tokens.
    pub issuer: String,
    /// The client that they were issued to.
    pub client_id: ClientId,
    /// Who signed in, as the issuer calls them (`sub`).
    pub subject: String,
    /// Until when the access token counts. What the program may do ends later, if there is a refresh token.
    pub expires_at: UnixTime,
    token_endpoint: BaseUrl,
    revocation_endpoint: Option<BaseUrl>,
    access_token: Secret,
    refresh_token: Option<Secret>,
}

impl SignedIn {
    /// Whether it goes on when the access token has expired. It does if `offline_access` was asked for and granted.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.refresh_token.is_some()
    }
}
