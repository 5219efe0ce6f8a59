//! `/admin/api/apps/{app}/clients` and `/admin/api/clients/{client}`: the clients through which apps act, and where people who let
//! them come back to.

use super::fields::present;
use super::input::{Asked, Input, MaybeInput, Named};
use super::listing::{Listing, Paging};
use super::{Admin, AdminError, By, done, secrets};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{AppId, ClientId, CredentialId};
use einlass_protocol::jose::Algorithm;
use einlass_protocol::manifest::WebUrl;
use einlass_store::{Client, ClientKind, RedirectUris};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many addresses of each kind a client may have.
const MOST_URIS: usize = 20;

/// A client in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: ClientId,
    app: AppId,
    algorithm: Algorithm,
    kind: &'static str,
}

impl From<Client> for View {
    fn from(Client { id, app, algorithm, kind }: Client) -> Self {
        Self { id, app, algorithm, kind: kind.as_str() }
    }
}

/// A client to be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    #[serde(default, deserialize_with = "present")]
    algorithm: Option<Algorithm>,
    /// A client that can keep no secret, as a program on somebody's own machine.
    #[serde(default)]
    public: bool,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
}

/// A client and its secret, which is nowhere else; a public one has none.
#[derive(Serialize)]
pub(super) struct Created {
    client: View,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<CredentialId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// Where people come back to.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Uris {
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
}

impl Uris {
    /// They are compared letter by letter, so they are kept letter by letter; but each must be one that a browser can be sent to.
    fn checked(self) -> Result<RedirectUris, AdminError> {
        let lists = [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ];
        for (field, list) in lists {
            if list.len() > MOST_URIS {
                return Err(AdminError::BadRequest(format!("{field}: at most {MOST_URIS}")));
            }
            for (number, uri) in list.iter().enumerate() {
                let refused = |why: &str| AdminError::BadRequest(format!("{field}[{number}]: {why}"));
                uri.parse::<WebUrl>().map_err(|why| refused(&why.to_string()))?;
                // RFC 6749 §3.1.2
                if uri.contains('#') {
                    return Err(refused("must have no fragment"));
                }
            }
        }
        Ok(RedirectUris { login: self.redirect_uris, logout: self.post_logout_redirect_uris })
    }
}

/// For the audit: whoever gets people sent somewhere else gets their codes.
fn in_words(RedirectUris { login, logout }: &RedirectUris) -> String {
    let lists = [("login", login), ("logout", logout)];
    let lists = lists.iter().filter(|(_, list)| !list.is_empty());
    let lists: Vec<_> = lists.map(|(purpose, list)| format!("{purpose} {}", list.join(" "))).collect();
    lists.join(", ")
}

/// An id for a client to be.
#[expect(clippy::expect_used, reason = "a UUID is a client id")]
pub(crate) fn new_id(platform: &Platform) -> ClientId {
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
    let New { algorithm, public, redirect_uris, post_logout_redirect_uris } = new;
    let uris = Uris { redirect_uris, post_logout_redirect_uris }.checked()?;
    if !public && uris != RedirectUris::default() {
        let why = "redirect_uris: of a client with a secret they are set by PUT …/redirect-uris";
        return Err(AdminError::BadRequest(why.into()));
    }
    let (algorithm, id) = (algorithm.unwrap_or(Algorithm::Rs256), new_id(&platform));
    let kind = if public { ClientKind::Public } else { ClientKind::Service };
    let client = Client { id, app: app.id, algorithm, kind };
    let detail = format!("of app {} {}", app.id, in_words(&uris));
    let event = platform.event(&actor, "create client", client.id.as_str(), detail.trim_end());
    let secret = if public {
        let changes = platform.store.create_public_client(&client, &uris, &event).await?;
        platform.apply_all(&changes).await?;
        None
    } else {
        let (secret, clear) = secrets::make(&platform, &client.id, "first", None);
        platform.store.create_client(&client, &secret, &event).await?;
        Some((secret.id, clear))
    };
    done(&event);
    let created = Created {
        client: client.into(),
        secret_id: secret.as_ref().map(|(id, _)| *id),
        client_secret: secret.map(|(_, clear)| clear.expose().to_owned()),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

pub(super) async fn redirect_uris(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
) -> Result<Json<Uris>, AdminError> {
    let client = platform.find_client(&client).await?;
    let RedirectUris { login, logout } = platform.store.redirect_uris(&client.id).await?;
    Ok(Json(Uris { redirect_uris: login, post_logout_redirect_uris: logout }))
}

pub(super) async fn set_redirect_uris(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
    Input(uris): Input<Uris>,
) -> Result<Json<Uris>, AdminError> {
    let client = platform.find_client(&client).await?;
    let uris = uris.checked()?;
    let event = platform.event(&actor, "change redirect uris", client.id.as_str(), &in_words(&uris));
    let changes = platform.store.set_redirect_uris(&client.id, &uris, &event).await?;
    platform.apply_all(&changes.unwrap_or_default()).await?;
    done(&event);
    let RedirectUris { login, logout } = uris;
    Ok(Json(Uris { redirect_uris: login, post_logout_redirect_uris: logout }))
}
