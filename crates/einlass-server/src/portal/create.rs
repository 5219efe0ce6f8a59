//! A new app, from its manifest.

use crate::Platform;
use crate::admin::{machine_name, new_client_id, new_secret};
use crate::audit::Actor;
use crate::hub::DescribeFault;
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
    /// Registers an app with a client and that client's first secret, and takes what its manifest says, of whichever version
    /// that is. Where the manifest says that people sign in through the app, it has a second client for that.
    pub(crate) async fn create_app(
        &self,
        organisation: OrganisationId,
        technical_name: &str,
        text: &str,
        actor: &Actor,
    ) -> Result<Created, CreateFault> {
        let imported = self.read_manifest(text)?;
        let technical_name = machine_name(technical_name).ok_or(CreateFault::Name)?;
        let (name, scopes) = (imported.manifest.name.clone(), imported.manifest.scopes.clone());
        let id = AppId::new(self.random.uuid());
        let app = App { id, organisation, technical_name, name, scopes };
        let client = new_client_id(self);
        let (secret, clear) = new_secret(self, &client, "first", None);
        let detail = format!("{}, client {client}", app.technical_name);
        let event = self.event(actor, "create app", &id.to_string(), &detail);
        let new = NewApp {
            app: app.clone(),
            client_id: client.clone(),
            algorithm: Algorithm::Rs256,
            secret: Some(secret),
        };
        match self.store.register_app(&new, &event).await {
            Ok(()) => {}
            Err(StoreError::AlreadyExists(_)) => return Err(CreateFault::Taken),
            Err(fault) => return Err(fault.into()),
        }
        self.take_manifest(&app, imported, actor).await?;
        Ok(Created { app, client, secret: clear })
    }

    async fn take_manifest(&self, app: &App, imported: Imported, actor: &Actor) -> Result<(), CreateFault> {
        let uris = RedirectUris { login: imported.redirect_uris, logout: imported.post_logout_redirect_uris };
        match self.describe_app(app, &imported.text, actor).await {
            Ok(_) => {}
            Err(DescribeFault::Rejected(rejected)) => return Err(rejected.into()),
            Err(DescribeFault::Store(fault)) => return Err(fault.into()),
        }
        if uris.login.is_empty() {
            return Ok(());
        }
        let (id, kind) = (new_client_id(self), ClientKind::Public);
        let client = Client { id, app: app.id, algorithm: Algorithm::Rs256, kind };
        let detail = format!("public, of app {}, login {}", app.technical_name, uris.login.join(" "));
        let event = self.event(actor, "create client", &client.id.to_string(), &detail);
        for change in self.store.create_public_client(&client, &uris, &event).await? {
            self.apply(&change).await?;
        }
        Ok(())
    }
}
