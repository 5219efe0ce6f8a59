//! App tokens: who acts for which merchant right now, for the backend of one app and for the API. They are the second issuer's,
//! and say more than session tokens do: which app they are for, and which key has signed them.

use super::HubFault;
use crate::Platform;
use einlass_protocol::claims::AppClaims;
use einlass_protocol::ids::{AppId, ClientId, PersonId, TokenId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::oauth::Generation;
use einlass_store::Tenant;
use std::sync::atomic::Ordering;

const TYPE: &str = "JWT";

impl Platform {
    /// A token that says to this app's backend, and to the API, that this person acts for this tenant: where the app is
    /// installed, and for as long as a session token.
    pub(crate) async fn app_token(
        &self,
        tenant: &Tenant,
        app: AppId,
        person: PersonId,
    ) -> Result<String, HubFault> {
        let now = self.clock.wall();
        if self.store.open_installation(app, tenant.id, now).await?.is_none() {
            return Err(HubFault::NotInstalled);
        }
        let issuer = self.issuer(Generation::B);
        let key = issuer.keys.ring().signing(Algorithm::Rs256, now).ok_or(HubFault::NoKey)?;
        let claims = AppClaims {
            issuer: issuer.url.clone(),
            subject: person.to_string(),
            app,
            tenant: tenant.id,
            token_id: Some(TokenId::new(self.random.uuid())),
            issued_at: now,
            expires_at: now.plus(self.settings.session_token_lifetime),
        };
        // All that one app's pages ask for wait for each other, as what one client asks for does.
        let owner: ClientId = app.to_string().parse().map_err(|_| HubFault::NoKey)?;
        let token = self.pool.sign(Some(&owner), key, TYPE, claims.to_json()).await?;
        self.app_tokens.fetch_add(1, Ordering::Relaxed);
        tracing::info!(target: "einlass::hub", %app, tenant = %tenant.id, %person, "app token");
        Ok(token)
    }
}
