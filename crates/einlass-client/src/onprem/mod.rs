//! Apps at a merchant's own ERP: registering them, and calling with the key that this brings.
//!
//! ```no_run
//! use einlass_client::onprem::{Keep, Manifest, Registrar, Site};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let site: Site = "https://erp.example:5883/api/eazybusiness".parse()?;
//! let manifest: Manifest = serde_json::from_slice(&std::fs::read("app.json")?)?;
//! let keep = Keep::in_file("registration.json");
//! let registered = Registrar::new(site)?.register(&manifest, &keep, |state| println!("{state:?}")).await?;
//! println!("granted: {:?}", registered.granted_scopes);
//! # Ok(())
//! # }
//! ```
//!
//! A registration is a request that waits for a person and a key that can be read once. So [`Registrar::register`] writes
//! down each thing before it uses it ([`Keep`]), and goes on from there when it is called again with the same file, after
//! a crash as well as after success. Two moments cannot be made safe from this side, and both have an error that says what
//! to do: when the answer to the request is lost, the ERP may have it ([`RegisterError::AlreadyRegistered`]); when the answer
//! with the key is lost, the ERP has handed it out ([`RegisterError::AlreadyRead`]).

mod answer;
mod caller;
mod error;
mod exchange;
mod keep;
mod manifest;
mod registrar;
mod site;

pub use caller::Caller;
pub use error::{Fault, Progress, RegisterError};
pub use keep::{Keep, KeepError};
pub use manifest::{InvalidManifest, InvalidRegistrationType, Localized, Manifest, RegistrationType};
pub use registrar::Registrar;
pub use site::{InvalidSite, Site};

use einlass_protocol::secret::Secret;

/// An app that was let in.
#[derive(Clone, Debug)]
pub struct Registered {
    /// What opens the ERP's API, as [`ApiKey`](crate::source::ApiKey).
    pub api_key: Secret,
    /// What it opens: the mandatory scopes and those of the optional ones that the admin left on.
    pub granted_scopes: Vec<String>,
}
