//! A new app, from its manifest.

use crate::Platform;
use crate::admin::{machine_name, new_client_id, new_secret};
use crate::audit::Actor;
use einlass_protocol::ids::{AppId, ClientId, OrganisationId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::manifest::{Imported, ManifestRejected};
use einlass_protocol::secret::Secret;
use einlass_store::{App, Client, ClientKind, NewApp, RedirectUris, StoreError};

/// An app that was just made, and what it proves itself by, which is nowhere else.
pub(crate) struct Created {
    pub(crate) app: App,
    pub(crate) client: ClientId,
    pub(crate) secret: Secret,
}

/// Why no app is made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateFault {
    #[error("the technical name is none")]
    Name,
    #[error("another app has this technical name")]
    Taken,
    #[error(transparent)]
    Manifest(#[from] ManifestRejected),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Platform {
    /// Registers an app with a client, that client's first secret and what its manifest says, of whichever version that is: all
    /// or nothing. Where the manifest says that people sign in through the app, it has a second client for that. What machines
    /// call it a manifest may say too.
    pub(crate) async fn create_app(
        &self,
        organisation: OrganisationId,
        technical_name: &str,
        text: &str,
        actor: &Actor,
    ) -> Result<Created, CreateFault> {
        let imported = self.read_manifest(text)?;
        let said = imported.technical_name.as_deref().filter(|_| technical_name.trim().is_empty());
        let technical_name = machine_name(said.unwrap_or(technical_name)).ok_or(CreateFault::Name)?;
        let (name, scopes) = (imported.manifest.name.clone(), imported.manifest.scopes.clone());
        let id = AppId::new(self.random.uuid());
        let app = App { id, organisation, technical_name, name, scopes };
        let client = new_client_id(self);
        let (secret, clear) = new_secret(self, &client, "first", None);
        let (client_id, algorithm) = (client.clone(), Algorithm::Rs256);
        let new = NewApp { app: app.clone(), client_id, algorithm, secret: Some(secret) };
        let sign_in = self.sign_in_client(id, &imported);
        let event =
            self.event(actor, "create app", &id.to_string(), &told(&new, &imported, sign_in.as_ref()));
        let with = sign_in.as_ref().map(|(client, uris)| (client, uris));
        match self.store.register_described_app(&new, &imported.text, with, &event).await {
            Ok(changes) => self.apply_all(&changes).await?,
            Err(StoreError::AlreadyExists(_)) => return Err(CreateFault::Taken),
            Err(fault) => return Err(fault.into()),
        }
        Ok(Created { app, client, secret: clear })
    }

    /// The client through which people sign in, if the manifest says that they do.
    fn sign_in_client(&self, app: AppId, imported: &Imported) -> Option<(Client, RedirectUris)> {
        let (login, logout) = (&imported.redirect_uris, &imported.post_logout_redirect_uris);
        if login.is_empty() {
            return None;
        }
        let (id, kind) = (new_client_id(self), ClientKind::Public);
        let client = Client { id, app, algorithm: Algorithm::Rs256, kind };
        Some((client, RedirectUris { login: login.clone(), logout: logout.clone() }))
    }
}

/// What the audit says: where its pages are says who is handed session tokens, and where people are sent back to who gets codes.
fn told(new: &NewApp, imported: &Imported, sign_in: Option<&(Client, RedirectUris)>) -> String {
    let NewApp { app, client_id, .. } = new;
    let (version, places) = (&imported.manifest.version, imported.manifest.framed());
    let places: Vec<&str> = places.into_iter().collect();
    let told =
        format!("{}, client {client_id}, {version}, pages at {}", app.technical_name, places.join(" "));
    match sign_in {
        Some((client, uris)) => {
            format!("{told}, public client {}, login {}", client.id, uris.login.join(" "))
        }
        None => told,
    }
}
