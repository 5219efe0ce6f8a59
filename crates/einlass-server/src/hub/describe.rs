//! What an app says of itself, and who finds it.

use super::done;
use crate::Platform;
use crate::audit::Actor;
use einlass_protocol::manifest::{Fault, Imported, Manifest, ManifestRejected, WebUrl};
use einlass_protocol::scope::{Scope, ScopeSet};
use einlass_store::{App, ListingState, StoreError};
use serde_json::Value;
use std::collections::BTreeSet;

/// Why a manifest is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DescribeFault {
    #[error(transparent)]
    Rejected(#[from] ManifestRejected),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Platform {
    /// What a manifest says, of whichever version, and everything that is wrong with it here.
    pub(crate) fn read_manifest(&self, text: &str) -> Result<Imported, ManifestRejected> {
        let imported = Manifest::import(text).map_err(|rejected| self.with_unknown_scopes(text, rejected))?;
        self.fits_here(&imported.manifest)?;
        Ok(imported)
    }

    /// All that is wrong at once: unknown scopes too, of a manifest that has other faults.
    fn with_unknown_scopes(
        &self,
        text: &str,
        ManifestRejected(mut faults): ManifestRejected,
    ) -> ManifestRejected {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let places = ["/capabilities/erp/api/scopes", "/manifest/capabilities/erp/api/scopes"];
        let listed = places.iter().filter_map(|place| value.pointer(place)?.as_array()).flatten();
        let scopes = listed.filter_map(|scope| scope.as_str()?.parse::<Scope>().ok()).collect();
        faults.extend(self.unknown_scopes(&scopes));
        ManifestRejected(faults)
    }

    fn fits_here(&self, manifest: &Manifest) -> Result<(), ManifestRejected> {
        let unknown = self.unknown_scopes(&manifest.scopes);
        let faults: Vec<Fault> = self.pages_of_ours(manifest).chain(unknown).collect();
        if faults.is_empty() { Ok(()) } else { Err(ManifestRejected(faults)) }
    }

    /// What an app says of itself from now on: its name and its scopes are the manifest's.
    pub(crate) async fn describe_app(
        &self,
        app: &App,
        text: &str,
        actor: &Actor,
    ) -> Result<Manifest, DescribeFault> {
        let manifest = Manifest::read(text)?;
        self.fits_here(&manifest)?;
        // Where its pages are says who is handed session tokens from now on.
        let places: Vec<&str> = manifest.framed().into_iter().collect();
        let detail = format!("{}, pages at {}", manifest.version, places.join(" "));
        let event = self.event(actor, "describe app", &app.id.to_string(), &detail);
        let said = (manifest.name.as_str(), &manifest.scopes);
        let changes = self.store.describe_app(app.id, text, said, &event).await?;
        for change in changes.iter().flatten() {
            self.apply(change).await?;
        }
        done(&event);
        Ok(manifest)
    }

    /// Who finds an app from now on. Says whether it has a manifest: without one nobody would know what it is.
    pub(crate) async fn list_app(
        &self,
        app: &App,
        state: ListingState,
        actor: &Actor,
    ) -> Result<bool, StoreError> {
        let Some(_) = self.store.listing(app.id).await?.and_then(|listing| listing.manifest) else {
            return Ok(false);
        };
        let action = if state == ListingState::Published { "publish app" } else { "withdraw app" };
        let event = self.event(actor, action, &app.id.to_string(), &app.technical_name);
        if self.store.list_app(app.id, state, &event).await? {
            done(&event);
        }
        Ok(true)
    }

    /// A page of ours in a frame of ours could do whatever we can.
    fn pages_of_ours(&self, manifest: &Manifest) -> impl Iterator<Item = Fault> {
        let ours: BTreeSet<String> = std::iter::once(&self.settings.public_url)
            .chain(self.settings.homes.values())
            .filter_map(|url| url.parse().ok().map(|url: WebUrl| url.origin().to_owned()))
            .collect();
        let framed: Vec<String> = manifest.framed().into_iter().map(str::to_owned).collect();
        framed.into_iter().filter(move |origin| ours.contains(origin)).map(|origin| Fault {
            path: "capabilities".into(),
            message: format!("{origin} is the platform itself; an app has an origin of its own"),
        })
    }

    /// A scope that no API knows of is a typo. Where there is no API, nothing is known.
    fn unknown_scopes(&self, scopes: &ScopeSet) -> impl Iterator<Item = Fault> {
        let mut known = BTreeSet::new();
        for behind in &self.behind {
            for operation in behind.policy.load().operations() {
                known.extend(operation.security.iter().flatten().flat_map(|it| it.each_scope().cloned()));
            }
        }
        let unknown: Vec<Scope> =
            scopes.iter().filter(|scope| !known.is_empty() && !known.contains(*scope)).cloned().collect();
        unknown.into_iter().map(|scope| Fault {
            path: "capabilities.erp.api.scopes".into(),
            message: format!("no API of this platform knows {scope}"),
        })
    }
}
