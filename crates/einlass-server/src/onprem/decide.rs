//! What an admin does: waits for an app, decides what it may do, and ends that.

use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::ids::{OrganisationId, RegistrationId, SiteId};
use einlass_protocol::onprem::DatabaseName;
use einlass_protocol::scope::ScopeSet;
use einlass_protocol::time::UnixTime;
use einlass_store::{AuditEvent, Change, Registration, Site, StoreError};
use std::time::Duration;

/// How long an admin waits for an app to register before the window closes by itself.
const WINDOW: Duration = Duration::from_mins(10);
/// How long an accepted app has to read its key.
const KEY_WAITS: Duration = Duration::from_hours(24);

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecisionFault {
    #[error("it was decided before, or waited for too long")]
    Decided,
    #[error("what the app cannot do without is not to be left out")]
    Scopes,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which of the scopes that an app asks for it is to have.
pub(crate) enum Chosen {
    /// All of them.
    All,
    /// What it cannot do without, and these of the others.
    Optional(ScopeSet),
}

impl Chosen {
    fn of(self, registration: &Registration) -> Result<ScopeSet, DecisionFault> {
        let Registration { mandatory, optional, .. } = registration;
        let chosen = match self {
            Self::All => optional.clone(),
            Self::Optional(chosen) => chosen,
        };
        if !chosen.difference(optional).difference(mandatory).is_empty() {
            return Err(DecisionFault::Scopes);
        }
        Ok(mandatory.iter().chain(chosen.iter()).cloned().collect())
    }
}

impl Platform {
    /// Records a merchant's ERP.
    pub(crate) async fn create_site(
        &self,
        organisation: OrganisationId,
        database: DatabaseName,
        name: String,
        actor: &Actor,
    ) -> Result<Site, StoreError> {
        let id = SiteId::new(self.random.uuid());
        let site = Site { id, organisation, database, name, waiting_until: None, licensed: true };
        let event = self.event(actor, "create site", &id.to_string(), site.database.as_str());
        self.store.create_site(&site, &event).await?;
        done(&event);
        Ok(site)
    }

    /// Records the ERP of this database unless it is there, as the operator's own: for a platform that one merchant runs
    /// for itself.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn ensure_site(&self, database: &DatabaseName) -> Result<(), StoreError> {
        if self.store.site_of_database(database).await?.is_some() {
            return Ok(());
        }
        let (name, actor) = (database.to_string(), Actor::platform());
        match self.create_site(OrganisationId::OPERATOR, database.clone(), name, &actor).await {
            Err(StoreError::AlreadyExists(_)) => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    /// Notes that a merchant has a licence for apps, or has none: whoever keeps licences says so.
    pub(crate) async fn license_site(
        &self,
        site: &Site,
        licensed: bool,
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let action = if licensed { "license site" } else { "unlicense site" };
        let event = self.event(actor, action, &site.id.to_string(), site.database.as_str());
        if self.store.license_site(site.id, licensed, &event).await? {
            done(&event);
        }
        Ok(())
    }

    /// Waits at a site for an app to register: ten minutes from now, or no more. Gives until when.
    pub(crate) async fn await_registration(
        &self,
        site: &Site,
        waits: bool,
        actor: &Actor,
    ) -> Result<Option<UnixTime>, StoreError> {
        let until = waits.then(|| self.clock.wall().plus(WINDOW));
        let action = if waits { "await registration" } else { "await no registration" };
        let event = self.event(actor, action, &site.id.to_string(), site.database.as_str());
        if self.store.await_registration(site.id, until, &actor.name, &event).await? {
            done(&event);
        }
        Ok(until)
    }

    /// Lets an app in, with what it cannot do without and what was chosen beside that.
    pub(crate) async fn accept_registration(
        &self,
        registration: &Registration,
        chosen: Chosen,
        actor: &Actor,
    ) -> Result<ScopeSet, DecisionFault> {
        let granted = chosen.of(registration)?;
        let detail = format!("{}: {granted}", registration.app_id);
        self.decide(registration.id, Some(&granted), ("accept registration", &detail), actor).await?;
        Ok(granted)
    }

    /// Turns an app away.
    pub(crate) async fn reject_registration(
        &self,
        registration: &Registration,
        actor: &Actor,
    ) -> Result<(), DecisionFault> {
        self.decide(registration.id, None, ("reject registration", &registration.app_id), actor).await
    }

    async fn decide(
        &self,
        id: RegistrationId,
        granted: Option<&ScopeSet>,
        (action, detail): (&str, &str),
        actor: &Actor,
    ) -> Result<(), DecisionFault> {
        let event = self.event(actor, action, &id.to_string(), detail);
        let until = event.at.plus(KEY_WAITS);
        if !self.store.decide_registration(id, granted, (&actor.name, until), &event).await? {
            return Err(DecisionFault::Decided);
        }
        done(&event);
        Ok(())
    }

    /// Lets the app's key be read once more; the one that was read opens nothing from here on.
    pub(crate) async fn hand_out_again(
        &self,
        registration: &Registration,
        actor: &Actor,
    ) -> Result<(), DecisionFault> {
        let event =
            self.event(actor, "hand out api key again", &registration.id.to_string(), &registration.app_id);
        let until = event.at.plus(KEY_WAITS);
        let changes = self.store.hand_out_again(registration.id, until, &event).await?;
        self.ended(changes, &event).await
    }

    /// Ends what an app may do here. At every gateway that is so when this returns.
    pub(crate) async fn revoke_registration(
        &self,
        registration: &Registration,
        actor: &Actor,
    ) -> Result<(), DecisionFault> {
        let event =
            self.event(actor, "revoke registration", &registration.id.to_string(), &registration.app_id);
        let changes = self.store.revoke_registration(registration.id, &event).await?;
        self.ended(changes, &event).await
    }

    async fn ended(&self, changes: Vec<Change>, event: &AuditEvent) -> Result<(), DecisionFault> {
        if changes.is_empty() {
            return Err(DecisionFault::Decided);
        }
        for change in &changes {
            self.apply(change).await?;
        }
        done(event);
        Ok(())
    }
}

/// Says in the log what the audit says.
fn done(event: &AuditEvent) {
    let AuditEvent { action, subject, detail, actor, .. } = event;
    tracing::info!(target: "einlass::onprem", action, subject, detail, by = actor, "done");
}
