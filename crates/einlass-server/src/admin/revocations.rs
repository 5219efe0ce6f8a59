//! `POST /admin/api/revocations`: deny every token of a subject, and end what would get it new ones.

use super::fields::Name;
use super::input::Input;
use super::{AdminError, By};
use crate::Platform;
use axum::extract::State;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::revocation::Subject;
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

/// What to revoke.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    kind: Kind,
    subject: Name,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Token,
    Secret,
    Client,
    App,
    Installation,
    Tenant,
    Channel,
    Person,
    #[serde(rename = "refresh-token")]
    RefreshToken,
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(New { kind, subject: Name(subject) }): Input<New>,
) -> Result<StatusCode, AdminError> {
    let subject = find(&platform, kind, &subject).await?;
    platform.revoke(subject, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever mistypes an id must not believe that something was revoked, so it must be there. Tokens have no rows.
async fn find(platform: &Platform, kind: Kind, name: &str) -> Result<Subject, AdminError> {
    Ok(match kind {
        Kind::Token => Subject::Token(name.parse().map_err(|_| {
            AdminError::BadRequest("subject: a token is named by the UUID in its `jti`".into())
        })?),
        Kind::Secret => secret(platform, name).await?,
        Kind::Client => Subject::Client(platform.find_client(name).await?.id),
        Kind::App => Subject::App(platform.find_app(name).await?.id),
        Kind::Tenant => Subject::Tenant(platform.find_tenant(name).await?.id),
        Kind::Channel => Subject::Channel(platform.find_channel(name).await?.name),
        Kind::Person => Subject::Person(platform.find_person(name).await?.id),
        Kind::RefreshToken => refresh_token(platform, name).await?,
        Kind::Installation => {
            let (app, tenant) = name.split_once('@').ok_or_else(|| {
                AdminError::BadRequest("subject: an installation is named by app@tenant".into())
            })?;
            let tenant = platform.find_tenant(tenant).await?.id;
            Subject::Installation(platform.find_app(app).await?.id, tenant)
        }
    })
}

async fn secret(platform: &Platform, name: &str) -> Result<Subject, AdminError> {
    let id: CredentialId = name.parse().map_err(|_| {
        AdminError::BadRequest("subject: a secret is named by its id, a UUID, never by itself".into())
    })?;
    if platform.store.client_secret(id).await?.is_none() {
        let words =
            format!("no secret has the id {id}; GET /admin/api/clients/{{client}}/secrets lists them");
        return Err(AdminError::NotFound(words));
    }
    Ok(Subject::Credential(id))
}

async fn refresh_token(platform: &Platform, name: &str) -> Result<Subject, AdminError> {
    let id: CredentialId = name.parse().map_err(|_| {
        AdminError::BadRequest("subject: a refresh token is named by its id, a UUID, never by itself".into())
    })?;
    if platform.store.refresh_token_of_id(id).await?.is_none() {
        let words = format!(
            "no refresh token has the id {id}; GET /admin/api/channels/{{channel}}/tokens lists a channel's"
        );
        return Err(AdminError::NotFound(words));
    }
    Ok(Subject::Credential(id))
}
