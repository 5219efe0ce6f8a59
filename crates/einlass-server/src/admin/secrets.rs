//! `/admin/api/clients/{client}/secrets`: several to a client, so that one can follow another without an outage.

use super::fields::{Lifetime, Name, present};
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, done};
use crate::Platform;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::{ClientId, CredentialId};
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{ClientKind, ClientSecret, NewSecret};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What an answer says of a secret.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: CredentialId,
    client: ClientId,
    name: String,
    created_at: Time,
    expires_at: Option<Time>,
    last_used_at: Option<Time>,
    revoked_at: Option<Time>,
}

impl View {
    fn of(client: &ClientId, secret: ClientSecret) -> Self {
        Self {
            id: secret.id,
            client: client.clone(),
            name: secret.name,
            created_at: secret.created_at.into(),
            expires_at: secret.expires_at.map(Time::from),
            last_used_at: secret.last_used_at.map(Time::from),
            revoked_at: secret.revoked_at.map(Time::from),
        }
    }
}

/// A secret to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Name,
    #[serde(default, deserialize_with = "present")]
    expires_in: Option<Lifetime>,
}

/// A secret, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    secret: View,
    client_secret: String,
}

/// A secret for a client, hashed and in clear.
pub(crate) fn make(
    platform: &Platform,
    client: &ClientId,
    name: &str,
    expires_at: Option<UnixTime>,
) -> (NewSecret, Secret) {
    let clear = platform.random.secret(SecretKind::ClientSecret);
    let new = NewSecret {
        id: CredentialId::new(platform.ordered_id(platform.clock.wall())),
        client_id: client.clone(),
        name: name.into(),
        hash: SecretHash::of(&clear),
        expires_at,
    };
    (new, clear)
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (client, page) = (platform.find_client(&client).await?.id, paging.page()?);
    let rows = platform.store.client_secrets(&client, &page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), |row| View::of(&client, row))))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(client): Named<String>,
    Input(New { name: Name(name), expires_in }): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let client = platform.find_client(&client).await?;
    if client.kind == ClientKind::Public {
        return Err(AdminError::Conflict("this client is public: it can keep no secret"));
    }
    let client = client.id;
    let expires_at = expires_in.map(|Lifetime(span)| platform.clock.wall().plus(span));
    let (new, clear) = make(&platform, &client, &name, expires_at);
    let detail = format!("{name}, of client {client}");
    let event = platform.event(&actor, "create secret", &new.id.to_string(), &detail);
    platform.store.add_client_secret(&new, &event).await?;
    done(&event);
    let (last_used_at, revoked_at) = (None, None);
    let secret =
        ClientSecret { id: new.id, name, created_at: event.at, expires_at, last_used_at, revoked_at };
    let secret = View::of(&client, secret);
    Ok((StatusCode::CREATED, Json(Created { secret, client_secret: clear.expose().to_owned() })))
}
