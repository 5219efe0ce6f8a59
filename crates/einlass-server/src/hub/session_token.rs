//! Session tokens: for the backend of one app, who acts for which merchant right now.

use super::HubFault;
use crate::Platform;
use crate::keys::SessionKeys;
use einlass_protocol::claims::SessionClaims;
use einlass_protocol::ids::{AppId, PersonId};
use einlass_store::Tenant;
use std::sync::atomic::Ordering;

impl Platform {
    /// A token that says to this app's backend that this person acts for this tenant: where the app is installed, and for as
    /// long as `session_token_lifetime`.
    pub(crate) async fn session_token(
        &self,
        tenant: &Tenant,
        app: AppId,
        person: PersonId,
    ) -> Result<String, HubFault> {
        let now = self.clock.wall();
        if self.store.open_installation(app, tenant.id, now).await?.is_none() {
            return Err(HubFault::NotInstalled);
        }
        let claims = SessionClaims {
            user: person,
            tenant: tenant.id,
            customer_number: tenant.customer_number.clone(),
            tenant_slug: Some(tenant.slug.clone()),
            expires_at: SessionKeys::end(self.settings.session_token_lifetime, now),
        };
        let token = self.session_keys.sign(app, &claims, now).map_err(|_| HubFault::NoKey)?;
        self.session_tokens.fetch_add(1, Ordering::Relaxed);
        tracing::info!(target: "einlass::hub", %app, tenant = %tenant.id, %person, "session token");
        Ok(token)
    }
}
