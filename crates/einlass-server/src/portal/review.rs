//! From development to every merchant: what an app still lacks for that, and who moves it.

use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::manifest::Manifest;
use einlass_store::{App, Listing, ListingState, StoreError};

/// What an app lacks before merchants may find it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Lack {
    Manifest,
    Summary,
    Support,
    Privacy,
    Terms,
}

/// Everything that it lacks.
pub(crate) fn lacks(listing: Option<&Listing>) -> Vec<Lack> {
    let text = listing.and_then(|listing| listing.manifest.as_deref());
    let Some(manifest) = text.and_then(|text| Manifest::read(text).ok()) else { return vec![Lack::Manifest] };
    let checks = [
        (manifest.summary.is_empty(), Lack::Summary),
        (manifest.support.is_none(), Lack::Support),
        (manifest.privacy.is_none(), Lack::Privacy),
        (manifest.terms.is_none(), Lack::Terms),
    ];
    checks.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, lack)| lack).collect()
}

impl Platform {
    /// Asks the operator to look at an app, if it lacks nothing. Says whether that is something new.
    pub(crate) async fn submit_app(&self, app: &App, actor: &Actor) -> Result<bool, StoreError> {
        if !lacks(self.store.listing(app.id).await?.as_ref()).is_empty() {
            return Ok(false);
        }
        self.move_app(app, (ListingState::Development, ListingState::Submitted), "submit app", actor).await
    }

    /// The partner does not want it looked at any more. One that is published stays so.
    pub(crate) async fn take_app_back(&self, app: &App, actor: &Actor) -> Result<bool, StoreError> {
        self.move_app(app, (ListingState::Submitted, ListingState::Development), "take app back", actor).await
    }

    async fn move_app(
        &self,
        app: &App,
        (from, to): (ListingState, ListingState),
        action: &str,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let event = self.event(actor, action, &app.id.to_string(), &app.technical_name);
        self.store.move_listing(app.id, (from, to), &event).await
    }
}
