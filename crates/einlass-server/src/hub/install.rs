//! How an app comes to a tenant and leaves it: a merchant's admin consents, the app's own page finishes it, and an admin
//! removes it. The gateway has heard of each before the answer leaves.

use super::done;
use crate::Platform;
use crate::audit::Actor;
use crate::keys::Busy;
use einlass_protocol::ids::AppId;
use einlass_protocol::manifest::Manifest;
use einlass_protocol::revocation::Subject;
use einlass_protocol::scope::ScopeSet;
use einlass_store::{App, Change, Installation, InstalledApp, Listing, ListingState, StoreError, Tenant};

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HubFault {
    #[error("the app asks for something else than was shown")]
    ChangedMeanwhile,
    #[error("the app is not installed here, or its installation has lapsed")]
    NotInstalled,
    #[error("there is no key to sign with")]
    NoKey,
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An app as a merchant sees it at one tenant.
#[derive(Clone, Debug)]
pub(crate) struct AppAt {
    pub(crate) app: App,
    pub(crate) manifest: Manifest,
    pub(crate) state: ListingState,
    /// What lets it act there, if anything does.
    pub(crate) installation: Option<Installation>,
}

impl AppAt {
    /// What it asks for beyond what it was granted.
    pub(crate) fn asks_beyond(&self) -> ScopeSet {
        let granted = self.installation.as_ref().map(|installation| &installation.granted);
        granted.map_or_else(ScopeSet::default, |granted| self.app.scopes.difference(granted))
    }

    /// Whether the merchant consented and the app has not finished.
    pub(crate) fn is_being_set_up(&self) -> bool {
        self.installation.as_ref().is_some_and(|installation| installation.lapses_at.is_some())
    }
}

impl Platform {
    /// An app at a tenant; `None` unless it is there, or offered to that merchant.
    pub(crate) async fn app_at(&self, tenant: &Tenant, app: AppId) -> Result<Option<AppAt>, StoreError> {
        let Some(listing) = self.store.listing(app).await? else { return Ok(None) };
        let installation = self.store.open_installation(app, tenant.id, self.clock.wall()).await?;
        let is_its_own = listing.app.organisation == tenant.organisation;
        let is_offered = listing.state == ListingState::Published || is_its_own;
        let is_found = installation.is_some() || is_offered && listing.manifest.is_some();
        Ok(is_found.then(|| AppAt { installation, ..AppAt::from(listing) }))
    }

    /// A merchant's admin lets an app in, with what it asks for, as it was shown. An app without a page of its own to finish
    /// with is in at once.
    pub(crate) async fn consent(
        &self,
        tenant: &Tenant,
        AppAt { app, manifest, installation, .. }: &AppAt,
        shown: &ScopeSet,
        actor: &Actor,
    ) -> Result<(), HubFault> {
        if *shown != app.scopes {
            return Err(HubFault::ChangedMeanwhile);
        }
        let needs_set_up = manifest.setup.is_some() && installation.is_none();
        let action = if needs_set_up { "consent to app" } else { "install app" };
        let event = self.event(actor, action, &subject(app.id, tenant), &shown.to_string());
        match installation {
            // One that was removed meanwhile stays removed.
            Some(_) if !self.store.grant_more(app.id, tenant.id, shown, &event).await? => {
                return Err(HubFault::NotInstalled);
            }
            Some(_) => {}
            None if needs_set_up => self.store.consent_to_app(app.id, tenant.id, shown, &event).await?,
            None => self.store.install_app(app.id, tenant.id, shown, &event).await?,
        }
        self.apply(&Change::Installation(app.id, tenant.id)).await?;
        done(&event);
        Ok(())
    }

    /// The app's own page says that it is done.
    pub(crate) async fn complete_setup(
        &self,
        tenant: &Tenant,
        app: AppId,
        actor: &Actor,
    ) -> Result<(), HubFault> {
        let event = self.event(actor, "complete setup", &subject(app, tenant), "");
        if !self.store.complete_setup(app, tenant.id, &event).await? {
            return Err(HubFault::NotInstalled);
        }
        self.apply(&Change::Installation(app, tenant.id)).await?;
        done(&event);
        Ok(())
    }

    /// A merchant's admin removes an app. When this returns, no gateway lets it in.
    pub(crate) async fn uninstall(&self, tenant: &Tenant, app: AppId, actor: &Actor) -> Result<(), HubFault> {
        let event = self.event(actor, "remove app", &subject(app, tenant), "");
        let was_there = self.store.remove_installation(app, tenant.id, &event).await?;
        self.apply(&Change::Installation(app, tenant.id)).await?;
        if was_there {
            done(&event);
        }
        Ok(())
    }
}

/// What an app says of itself. An app that says nothing has its name and no page.
fn manifest_of(text: Option<&str>, app: &App) -> Manifest {
    let said = text.and_then(|text| Manifest::read(text).ok());
    said.unwrap_or_else(|| Manifest { name: app.name.clone(), ..Manifest::default() })
}

fn subject(app: AppId, tenant: &Tenant) -> String {
    Subject::Installation(app, tenant.id).to_string()
}

impl From<InstalledApp> for AppAt {
    fn from(InstalledApp { listing, installation }: InstalledApp) -> Self {
        Self { installation: Some(installation), ..Self::from(listing) }
    }
}

impl From<Listing> for AppAt {
    fn from(Listing { app, manifest, state }: Listing) -> Self {
        Self { manifest: manifest_of(manifest.as_deref(), &app), app, state, installation: None }
    }
}
