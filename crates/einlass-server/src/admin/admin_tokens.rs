//! `/admin/api/admin-tokens`: what opens this API.

use super::fields::{Lifetime, Name, present};
use super::find::missing;
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, done};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::CredentialId;
use einlass_protocol::secret::{Secret, SecretHash, SecretKind};
use einlass_protocol::time::UnixTime;
use einlass_store::{Access, AdminToken, NewAdminToken, StoreError};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a token works that nobody gave a time.
pub(super) const USUAL_LIFETIME: Duration = Duration::from_hours(90 * 24);

/// What an answer says of an admin token.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: CredentialId,
    name: String,
    access: String,
    created_at: Time,
    expires_at: Option<Time>,
    revoked_at: Option<Time>,
}

impl From<AdminToken> for View {
    fn from(token: AdminToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            access: token.access.to_string(),
            created_at: token.created_at.into(),
            expires_at: token.expires_at.map(Time::from),
            revoked_at: token.revoked_at.map(Time::from),
        }
    }
}

/// An admin token to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Name,
    #[serde(default)]
    access: Wished,
    #[serde(default, deserialize_with = "present")]
    expires_in: Option<Lifetime>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wished {
    Read,
    #[default]
    Full,
}

/// An admin token, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    admin_token: View,
    token: String,
}

impl Created {
    pub(super) fn of(new: NewAdminToken, created_at: UnixTime, clear: &Secret) -> Self {
        let NewAdminToken { id, name, access, expires_at, .. } = new;
        let token = AdminToken { id, name, access, created_at, expires_at, revoked_at: None };
        Self { admin_token: token.into(), token: clear.expose().to_owned() }
    }
}

/// The name, unless it would be taken for an id.
pub(super) fn no_id(Name(name): Name) -> Result<String, &'static str> {
    if name.parse::<Uuid>().is_ok() { Err("send a name, not a UUID") } else { Ok(name) }
}

/// Why there is no new token.
pub(crate) enum TokenFault {
    /// It cannot be called that.
    Name,
    /// Another one is.
    Taken,
    Store(StoreError),
}

impl Platform {
    /// Makes an admin token, and gives it in clear.
    pub(crate) async fn create_admin_token(
        &self,
        name: &str,
        access: Access,
        actor: &Actor,
    ) -> Result<Secret, TokenFault> {
        let name = Name::try_from(name.to_owned()).map_err(|_| TokenFault::Name)?;
        let (new, clear) = make(self, name, access, None).map_err(|_| TokenFault::Name)?;
        match self.record_admin_token(&new, actor).await {
            Ok(_) => Ok(clear),
            Err(StoreError::AlreadyExists(_)) => Err(TokenFault::Taken),
            Err(fault) => Err(TokenFault::Store(fault)),
        }
    }

    async fn record_admin_token(&self, new: &NewAdminToken, actor: &Actor) -> Result<UnixTime, StoreError> {
        let detail = format!("{}, {}", new.name, new.access);
        let event = self.event(actor, "create admin token", &new.id.to_string(), &detail);
        self.store.create_admin_token(new, &event).await?;
        done(&event);
        Ok(event.at)
    }

    /// Ends an admin token. Ending it again is no error.
    pub(crate) async fn end_admin_token(&self, token: &AdminToken, actor: &Actor) -> Result<(), StoreError> {
        let event = self.event(actor, "revoke admin token", &token.id.to_string(), &token.name);
        if self.store.revoke_admin_token(token.id, &event).await? {
            done(&event);
        }
        Ok(())
    }
}

/// A token of this name, hashed and in clear.
pub(super) fn make(
    platform: &Platform,
    name: Name,
    access: Access,
    lifetime: Option<Lifetime>,
) -> Result<(NewAdminToken, Secret), AdminError> {
    let name = no_id(name).map_err(|words| AdminError::BadRequest(format!("name: {words}")))?;
    let (now, clear) = (platform.clock.wall(), platform.random.secret(SecretKind::AdminToken));
    let lifetime = lifetime.map_or(USUAL_LIFETIME, |Lifetime(span)| span);
    let new = NewAdminToken {
        id: CredentialId::new(platform.ordered_id(now)),
        name,
        hash: SecretHash::of(&clear),
        access,
        expires_at: Some(now.plus(lifetime)),
    };
    Ok((new, clear))
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page()?;
    let rows = platform.store.admin_tokens(&page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(New { name, access, expires_in }): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let access = match access {
        Wished::Read => Access::Read,
        Wished::Full => Access::Full,
    };
    let (new, clear) = make(&platform, name, access, expires_in)?;
    let created_at = platform.record_admin_token(&new, &actor).await?;
    Ok((StatusCode::CREATED, Json(Created::of(new, created_at, &clear))))
}

/// Ends a token. Ending it again is no error.
pub(super) async fn revoke(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(name): Named<String>,
) -> Result<StatusCode, AdminError> {
    let token = find(&platform, &name).await?;
    platform.end_admin_token(&token, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(platform: &Platform, name: &str) -> Result<AdminToken, AdminError> {
    let found = match (name.parse(), Name::try_from(name.to_owned())) {
        (Ok(id), _) => platform.store.admin_token_of_id(id).await?,
        (_, Ok(Name(name))) => platform.store.admin_token_named(&name).await?,
        _ => None,
    };
    found.ok_or_else(|| missing("admin token", name, "admin-tokens"))
}
