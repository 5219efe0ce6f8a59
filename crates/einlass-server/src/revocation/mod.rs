//! Revocation: what is denied, in memory as in the store, and the operation that denies.

mod known;

pub use known::KnownRevocations;

use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::revocation::{Revocation, Subject};
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;
use einlass_store::{App, StoreError, Write};
use std::time::Duration;

/// Entries are kept for as long as any token may live that was issued before, however short the lifetime is set now.
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);
/// What clocks, and nodes that have not heard of a revocation yet, may take on top.
const SLACK: Duration = Duration::from_mins(5);

impl Platform {
    /// Denies a subject's tokens, and ends what would get it new ones: a secret; all secrets and grants of a client or an app;
    /// an installation. New secrets and a new consent open again what was shut, but for an app and a channel, which are shut
    /// out until somebody lets them in again. Of a tenant, the tokens that are out are denied to every app, and newer ones are
    /// not. Of a person, all sessions and grants end.
    ///
    /// When this returns, the gateway of this process lets none of those tokens in, and another node's hears of it
    /// at once on PostgreSQL, and within half a second where nobody tells it. Revoking again is no error, and neither
    /// is what does not exist.
    ///
    /// # Errors
    /// When the store does not answer. What it was asked to do may be done or not; asking again is safe.
    pub async fn revoke(&self, subject: Subject, actor: &Actor) -> Result<(), StoreError> {
        let event = self.event(actor, &format!("revoke {}", subject.noun()), &subject.to_string(), "");
        self.write_revocation(subject, actor, Write::from(&event)).await
    }

    /// The same, in the log alone: clients that give back their tokens would fill the audit.
    pub(crate) async fn deny(&self, subject: Subject, actor: &Actor) -> Result<(), StoreError> {
        self.write_revocation(subject, actor, self.clock.wall().into()).await
    }

    async fn write_revocation(
        &self,
        subject: Subject,
        actor: &Actor,
        write: Write<'_>,
    ) -> Result<(), StoreError> {
        let now = write.at();
        let revocation = Revocation::at(subject, now, self.last_expiry(now));
        let changes = self.store.revoke(&revocation, write).await?;
        self.apply_all(&changes).await?;
        let subject = revocation.subject;
        tracing::info!(target: "einlass::revocation", kind = subject.noun(), %subject, by = %actor, "revoked");
        Ok(())
    }

    /// Lets an app in again that is shut out. It needs new secrets; its installations count as they did. Says whether it was.
    pub(crate) async fn readmit_app(&self, app: &App, actor: &Actor) -> Result<bool, StoreError> {
        let event = self.event(actor, "readmit app", &app.id.to_string(), &app.technical_name);
        let Some(changes) = self.store.readmit_app(app.id, &event).await? else { return Ok(false) };
        self.apply_all(&changes).await?;
        tracing::info!(target: "einlass::revocation", app = %app.id, by = %actor, "let in again");
        Ok(true)
    }

    /// Lets a channel in again that is shut out. It needs new refresh tokens. Says whether it was.
    pub(crate) async fn readmit_channel(
        &self,
        name: &ChannelName,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let event = self.event(actor, "readmit channel", name.as_str(), "");
        let was_shut_out = self.store.readmit_channel(name, &event).await?;
        if was_shut_out {
            tracing::info!(target: "einlass::revocation", channel = %name, by = %actor, "let in again");
        }
        Ok(was_shut_out)
    }

    /// Until when what is denied at `now` has to be.
    pub(crate) fn end_of_denial(&self, now: UnixTime) -> UnixTime {
        self.last_expiry(now)
    }

    /// When every token that was issued until now has expired.
    fn last_expiry(&self, now: UnixTime) -> UnixTime {
        now.plus(self.settings.access_token_lifetime.max(LONGEST_LIFETIME) + SLACK)
    }
}
