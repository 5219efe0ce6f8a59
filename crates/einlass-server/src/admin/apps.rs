//! `/admin/api/apps`: apps and what they ask for.

use super::fields::{Name, Parsed, Scopes, Search, TechnicalName, present};
use super::input::{Asked, Input, Named};
use super::listing::{Limit, Listing, after};
use super::time::Time;
use super::{Admin, AdminError, By, clients, done, secrets};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{AppId, ClientId, CredentialId, OrganisationId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::scope::ScopeSet;
use einlass_store::{App, ListingState, NewApp, Page};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An app in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: AppId,
    organisation: OrganisationId,
    technical_name: String,
    name: String,
    scopes: ScopeSet,
}

/// An app, and since when it is shut out.
#[derive(Debug, Serialize)]
pub(super) struct Details {
    #[serde(flatten)]
    app: View,
    shut_out_at: Option<Time>,
}

impl From<App> for View {
    fn from(App { id, organisation, technical_name, name, scopes }: App) -> Self {
        Self { id, organisation, technical_name, name, scopes }
    }
}

/// An app to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    technical_name: TechnicalName,
    #[serde(default, deserialize_with = "present")]
    name: Option<Name>,
    #[serde(default, deserialize_with = "present")]
    organisation: Option<Parsed<OrganisationId>>,
    #[serde(default)]
    scopes: Scopes,
    #[serde(default, deserialize_with = "present")]
    algorithm: Option<Algorithm>,
}

/// An app, its client and the client's secret, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    app: View,
    client_id: ClientId,
    secret_id: CredentialId,
    client_secret: String,
}

/// What changes of an app.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    scopes: Scopes,
}

/// Which apps to list, by id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[serde(default)]
    search: Search,
    state: Option<Parsed<ListingState>>,
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(Question { search: Search(search), state, after: behind, limit: Limit(size) }): Asked<Question>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = Page { after: behind.map(|key| after(&key)).transpose()?, size };
    let rows = match state {
        None => platform.store.apps_named_like(None, &search, &page).await?,
        Some(Parsed(state)) => {
            let listings = platform.store.listings_in(state, &search, &page).await?;
            listings.into_iter().map(|listing| listing.app).collect()
        }
    };
    Ok(Json(Listing::of(rows, size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
) -> Result<Json<Details>, AdminError> {
    let app = platform.find_app(&app).await?;
    let shut_out_at = platform.store.app_shut_out_at(app.id).await?.map(Time::from);
    Ok(Json(Details { app: app.into(), shut_out_at }))
}

/// Lets an app in again that is shut out. One that is not stays as it is.
pub(super) async fn readmit(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
) -> Result<StatusCode, AdminError> {
    let app = platform.find_app(&app).await?;
    platform.readmit_app(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(new): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let organisation = match new.organisation {
        Some(Parsed(id)) => {
            let organisation = platform.find_organisation(id).await?;
            if !organisation.kind.is_partner() {
                return Err(AdminError::Conflict(
                    "this organisation is a merchant alone; partners have apps",
                ));
            }
            organisation.id
        }
        None => OrganisationId::OPERATOR,
    };
    let TechnicalName(technical_name) = new.technical_name;
    let app = App {
        id: AppId::new(platform.random.uuid()),
        organisation,
        name: new.name.map_or_else(|| technical_name.clone(), |Name(name)| name),
        technical_name,
        scopes: new.scopes.0,
    };
    let client_id = clients::new_id(&platform);
    let (secret, clear) = secrets::make(&platform, &client_id, "first", None);
    let detail = format!("{}, client {client_id}", app.technical_name);
    let event = platform.event(&actor, "create app", &app.id.to_string(), &detail);
    let secret_id = secret.id;
    let algorithm = new.algorithm.unwrap_or(Algorithm::Rs256);
    let new = NewApp { app, client_id, algorithm, secret: Some(secret) };
    platform.store.register_app(&new, &event).await?;
    done(&event);
    let NewApp { app, client_id, .. } = new;
    let client_secret = clear.expose().to_owned();
    Ok((StatusCode::CREATED, Json(Created { app: app.into(), client_id, secret_id, client_secret })))
}

pub(super) async fn change(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(app): Named<String>,
    Input(Changed { scopes: Scopes(scopes) }): Input<Changed>,
) -> Result<Json<View>, AdminError> {
    let app = platform.find_app(&app).await?;
    let event = platform.event(&actor, "change app", &app.id.to_string(), &scopes.to_string());
    let changes = platform.store.change_app_scopes(app.id, &scopes, &event).await?;
    for change in changes.iter().flatten() {
        platform.apply(change).await?;
    }
    done(&event);
    Ok(Json(App { scopes, ..app }.into()))
}
