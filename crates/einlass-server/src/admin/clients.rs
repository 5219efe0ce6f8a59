//! `/admin/api/apps/{app}/clients` and `/admin/api/clients/{client}`: the clients through which apps act.

use super::fields::present;
use super::input::{Asked, MaybeInput, Named};
use super::listing::{Listing, Paging};
use super::{Admin, AdminError, By, done, secrets};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{AppId, ClientId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_store::Client;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A client in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: ClientId,
    app: AppId,
    algorithm: Algorithm,
}

impl From<Client> for View {
    fn from(Client { id, app, algorithm }: Client) -> Self {
        Self { id, app, algorithm }
    }
}

/// A client to be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    #[serde(default, deserialize_with = "present")]
    algorithm: Option<Algorithm>,
}

/// A client and its secret, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    client: View,
    secret_id: CredentialId,
    client_secret: String,
}

/// An id for a client to be.
#[expect(clippy::expect_used, reason = "a UUID is a client id")]
pub(super) fn new_id(platform: &Platform) -> ClientId {
    platform.random.uuid().to_string().parse().expect("a UUID is a client id")
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (app, page) = (platform.find_app(&app).await?, paging.page()?);
    let rows = platform.store.clients_of_app(app.id, &page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
) -> Result<Json<View>, AdminError> {
    Ok(Json(platform.find_client(&client).await?.into()))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
    MaybeInput(new): MaybeInput<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let app = platform.find_app(&app).await?;
    let algorithm = new.algorithm.unwrap_or(Algorithm::Rs256);
    let client = Client { id: new_id(&platform), app: app.id, algorithm };
    let (secret, clear) = secrets::make(&platform, &client.id, "first", None);
    let detail = format!("of app {}", app.id);
    let event = platform.event(&actor, "create client", client.id.as_str(), &detail);
    platform.store.create_client(&client, &secret, &event).await?;
    done(&event);
    let client_secret = clear.expose().to_owned();
    Ok((StatusCode::CREATED, Json(Created { client: client.into(), secret_id: secret.id, client_secret })))
}
