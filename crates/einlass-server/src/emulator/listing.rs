//! What the demonstration app says of itself, wherever it is served.

use super::Demonstration;
use einlass_protocol::time::UnixTime;
use einlass_store::{ListingState, Store, StoreError};
use serde_json::json;

/// What people call the app.
pub(super) const NAME: &str = "Stock Mirror";

impl Demonstration {
    /// Its manifest, for an app that is served at this origin.
    #[must_use]
    pub fn manifest(&self, origin: &str) -> String {
        let scopes: Vec<String> = self.scopes.iter().map(ToString::to_string).collect();
        let (stock, customer) = (format!("{origin}/stock"), format!("{origin}/customer"));
        let manifest = json!({
            "manifestVersion": "1",
            "version": "1.0.0",
            "name": {"short": NAME, "full": "Stock Mirror, the demonstration app"},
            "description": {
                "short": "Shows what is in stock, and who is chosen.",
                "full": "A small app to be read by whoever writes one: it is installed, shows a page and a pane, and calls the API.",
            },
            "lifecycle": {"setupUrl": format!("{origin}/setup")},
            "capabilities": {
                "hub": {"appLauncher": {"redirectUrl": format!("{origin}/")}},
                "erp": {
                    "menuItems": [{"id": "stock", "name": "Stock", "url": stock}],
                    "pane": [{"url": customer, "title": NAME, "context": "customers"}],
                    "api": {"scopes": scopes},
                },
            },
        });
        manifest.to_string()
    }

    /// Has every merchant find the app, with its pages at this origin: another one, maybe, than at the start before.
    pub async fn record_listing(&self, origin: &str, store: &Store, now: UnixTime) -> Result<(), StoreError> {
        let manifest = self.manifest(origin);
        let known = store.listing(self.app).await?.and_then(|listing| listing.manifest);
        if known.as_ref() != Some(&manifest) {
            store.describe_app(self.app, &manifest, (NAME, &self.scopes), now).await?;
        }
        store.list_app(self.app, ListingState::Published, now).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::Seed;
    use einlass_protocol::manifest::Manifest;

    #[test]
    fn the_manifest_is_one_without_a_fault() {
        let demo = Demonstration::of(&Seed::new(&[7; 32]), Demonstration::usual_scopes());
        let manifest = Manifest::read(&demo.manifest("http://localhost:8481")).unwrap();
        assert_eq!(manifest.framed().into_iter().collect::<Vec<_>>(), ["http://localhost:8481"]);
        assert_eq!((&*manifest.name, &manifest.scopes), (NAME, &demo.scopes));
        assert_eq!(manifest.setup.unwrap().as_str(), "http://localhost:8481/setup");
        assert_eq!((&*manifest.menu[0].id, &*manifest.panes[0].context), ("stock", "customers"));
    }
}
