//! What a gateway asks the platform.

use einlass_protocol::ids::{AppId, RegistrationId, TenantId};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::secret::SecretHash;

/// An app in a tenant.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The scopes that the tenant has granted.
    pub granted: ScopeSet,
}

/// What a key of an on-premise app opens.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The registration that it came of.
    pub registration: RegistrationId,
    /// The ERP where it counts.
    pub database: DatabaseName,
    /// What machines call the app.
    pub app_id: String,
    /// The scopes that it was given.
    pub granted: ScopeSet,
    /// Whether the merchant has a licence for apps.
    pub licensed: bool,
}

/// The platform did not answer, so nothing can be said: a 503, not a 403.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the platform cannot be asked")]
pub struct DirectoryUnavailable;

/// Where the platform's data is looked up, one question at a time.
pub trait Directory: Send + Sync + 'static {
    /// The installation of `app` in `tenant`, if there is one.
    fn installation(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> impl Future<Output = Result<Option<Installation>, DirectoryUnavailable>> + Send;

    /// Whether `person`, the subject of a user-bound token, may work in `tenant`. A directory that knows no
    /// people lets none in.
    fn is_member(
        &self,
        _person: &str,
        _tenant: TenantId,
    ) -> impl Future<Output = Result<bool, DirectoryUnavailable>> + Send {
        std::future::ready(Ok(false))
    }

    /// Whether an app has registered this origin, in the spelling of browsers. A directory that knows no pages opens nothing
    /// to them.
    fn is_registered_origin(
        &self,
        _origin: &str,
    ) -> impl Future<Output = Result<bool, DirectoryUnavailable>> + Send {
        std::future::ready(Ok(false))
    }

    /// What the key of this hash opens, if it works. A directory that knows no on-premise apps knows none of their keys.
    fn api_key(
        &self,
        _key: SecretHash,
    ) -> impl Future<Output = Result<Option<ApiKey>, DirectoryUnavailable>> + Send {
        std::future::ready(Ok(None))
    }
}
