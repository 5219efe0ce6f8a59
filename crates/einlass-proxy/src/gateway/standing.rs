//! Whether what a call was let in by still holds, for calls that go on long after they were judged: tunnels.

use super::{Admission, Admitted, Apps, Directory, Door, Shared};
use einlass_protocol::claims::AccessClaims;
use einlass_protocol::ids::TenantId;
use einlass_protocol::scope::ScopeSet;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked at. What ends a tunnel is known here at once, so it ends within this.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Comes back when a call would not be let in again: its token has expired or was revoked, the app was uninstalled or
/// lost a scope, the person no longer works in the tenant.
pub(super) async fn lost<D: Directory>(shared: Arc<Shared<D>>, admission: Admission) {
    while holds(&shared, &admission).await {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn holds<D: Directory>(shared: &Shared<D>, admission: &Admission) -> bool {
    match (&admission.caller, &shared.door) {
        (Admitted::App { known, tenant, narrowed }, Door::Apps(apps)) => {
            let scopes = narrowed.as_ref().unwrap_or(&known.claims.scope);
            app_holds(shared, apps, &known.claims, *tenant, scopes).await
        }
        (Admitted::Party(claims), Door::Marketplace(_)) => {
            let revoked = shared.revocations.check_scx(claims, shared.clock.monotonic());
            shared.clock.wall() < claims.expires_at && revoked.is_ok()
        }
        // A key has no end of its own, so that it counts while somebody says so.
        (Admitted::Key { key, .. }, Door::OnPremise(onpremise)) => {
            onpremise.keys.get(&key.hash).await.is_ok_and(|key| key.licensed)
        }
        _ => false,
    }
}

async fn app_holds<D: Directory>(
    shared: &Shared<D>,
    Apps { installations, .. }: &Apps<D>,
    claims: &AccessClaims,
    tenant: TenantId,
    scopes: &ScopeSet,
) -> bool {
    let revoked = shared.revocations.check(claims, Some(tenant), shared.clock.monotonic());
    // That nothing was heard ends a tunnel too: it would not be let in again.
    if shared.clock.wall() >= claims.expires_at || revoked.is_err() {
        return false;
    }
    // While the platform cannot be asked nothing is known to have changed; the token's end comes in any case.
    let installation = installations.get(claims.app_id, tenant).await;
    let is_installed = installation
        .map_or(true, |found| found.is_some_and(|found| scopes.intersection(&found.granted) == *scopes));
    is_installed
        && (!claims.is_user_bound() || installations.is_member(&claims.subject, tenant).await.unwrap_or(true))
}
