//! What connects gateway and platform when both are in one process.

use einlass_client::clock::Clock;
use einlass_protocol::ids::{AppId, TenantId};
use einlass_proxy::gateway::{Directory, DirectoryUnavailable, Installation, Invalidations};
use einlass_server::platform::GatewayFeed;
use einlass_store::Store;
use std::sync::Arc;
use tokio::runtime::Handle;

/// The gateway's look-ups, answered by the store. They run on the control runtime: a pool of database
/// connections must not span runtimes.
pub(crate) struct StoreDirectory {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) control: Handle,
}

impl Directory for StoreDirectory {
    async fn installation(
        &self,
        app: AppId,
        tenant: TenantId,
    ) -> Result<Option<Installation>, DirectoryUnavailable> {
        let (store, now) = (self.store.clone(), self.clock.wall());
        let look_up = self.control.spawn(async move { store.open_installation(app, tenant, now).await });
        match look_up.await {
            Ok(Ok(found)) => Ok(found.map(|found| Installation { granted: found.granted })),
            Ok(Err(fault)) => {
                tracing::error!(target: "einlass::gateway", %fault, "installations cannot be looked up");
                Err(DirectoryUnavailable)
            }
            Err(_) => Err(DirectoryUnavailable),
        }
    }
}

/// The platform's changes, told to the gateway.
pub(crate) struct Feed(pub(crate) Invalidations);

impl GatewayFeed for Feed {
    fn installation_changed(&self, app: AppId, tenant: TenantId) {
        self.0.installation(app, tenant);
    }
}
