//! `/admin/api/channels/{channel}/tokens` and `/admin/api/tenants/{tenant}/seller-tokens`: refresh tokens, several to an
//! owner, so that one can follow another without an outage; and `…/seller-pin`, which a seller trades for one.

use super::fields::{Lifetime, Name, present};
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
use einlass_store::{NewRefreshToken, RefreshToken, StoreError, TokenOwner};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long a PIN counts: somebody reads it out and somebody else types it in.
const PIN_COUNTS_FOR: Duration = Duration::from_mins(10);
/// How often a PIN that another tenant has is drawn again.
const MOST_DRAWS: u32 = 5;

/// What an answer says of a refresh token.
#[derive(Debug, Serialize)]
pub(super) struct View {
    id: CredentialId,
    name: String,
    created_at: Time,
    expires_at: Option<Time>,
    last_used_at: Option<Time>,
    revoked_at: Option<Time>,
}

impl From<RefreshToken> for View {
    fn from(token: RefreshToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            created_at: token.created_at.into(),
            expires_at: token.expires_at.map(Time::from),
            last_used_at: token.last_used_at.map(Time::from),
            revoked_at: token.revoked_at.map(Time::from),
        }
    }
}

/// A refresh token to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Name,
    #[serde(default, deserialize_with = "present")]
    expires_in: Option<Lifetime>,
}

/// A refresh token, which is nowhere else.
#[derive(Serialize)]
pub(super) struct Created {
    token: View,
    refresh_token: String,
}

/// A PIN, which is nowhere else.
#[derive(Serialize)]
pub(super) struct CreatedPin {
    pin: String,
    expires_at: Time,
}

pub(super) async fn of_channel(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(channel): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (channel, page) = (platform.find_channel(&channel).await?, paging.page()?);
    let rows = platform.store.refresh_tokens_of_channel(&channel.name, &page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn of_tenant(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(tenant): Named<String>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let (tenant, page) = (platform.find_tenant(&tenant).await?, paging.page()?);
    let rows = platform.store.refresh_tokens_of_tenant(tenant.id, &page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.id.to_string(), View::from)))
}

pub(super) async fn create_of_channel(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(channel): Named<String>,
    Input(new): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let channel = platform.find_channel(&channel).await?.name;
    create(&platform, &actor, TokenOwner::Channel(channel), new).await
}

pub(super) async fn create_of_tenant(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(tenant): Named<String>,
    Input(new): Input<New>,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let tenant = platform.find_tenant(&tenant).await?.id;
    create(&platform, &actor, TokenOwner::Seller(tenant), new).await
}

async fn create(
    platform: &Platform,
    actor: &Actor,
    owner: TokenOwner,
    New { name: Name(name), expires_in }: New,
) -> Result<(StatusCode, Json<Created>), AdminError> {
    let lasts = expires_in.map(|Lifetime(span)| span);
    let (token, clear) = make(platform, owner, name, lasts, actor).await?;
    let refresh_token = clear.expose().to_owned();
    Ok((StatusCode::CREATED, Json(Created { token: token.into(), refresh_token })))
}

/// Makes a refresh token, and gives it in clear.
pub(crate) async fn make(
    platform: &Platform,
    owner: TokenOwner,
    name: String,
    lasts: Option<Duration>,
    actor: &Actor,
) -> Result<(RefreshToken, Secret), StoreError> {
    let whose = match &owner {
        TokenOwner::Channel(name) => format!("channel {name}"),
        TokenOwner::Seller(tenant) => format!("tenant {tenant}"),
    };
    let kind = match owner {
        TokenOwner::Channel(_) => SecretKind::ChannelToken,
        TokenOwner::Seller(_) => SecretKind::SellerToken,
    };
    let clear = platform.random.secret(kind);
    let id = CredentialId::new(platform.ordered_id(platform.clock.wall()));
    let event =
        platform.event(actor, "create refresh token", &id.to_string(), &format!("{name}, of {whose}"));
    let expires_at = lasts.map(|span| event.at.plus(span));
    let hash = SecretHash::of(&clear);
    let new = NewRefreshToken { id, owner, name: name.clone(), hash, expires_at };
    platform.store.add_refresh_token(&new, &event).await?;
    done(&event);
    let (created_at, last_used_at, revoked_at) = (event.at, None, None);
    Ok((RefreshToken { id, name, created_at, expires_at, last_used_at, revoked_at }, clear))
}

pub(super) async fn create_pin(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(tenant): Named<String>,
) -> Result<(StatusCode, Json<CreatedPin>), AdminError> {
    let tenant = platform.find_tenant(&tenant).await?.id;
    let mut draws_left = MOST_DRAWS;
    loop {
        let pin = draw_pin(&platform);
        let event = platform.event(&actor, "create seller pin", &tenant.to_string(), "");
        let expires_at = event.at.plus(PIN_COUNTS_FOR);
        draws_left -= 1;
        match platform.store.offer_seller_pin(&SecretHash::of(&pin), tenant, expires_at, &event).await {
            Err(StoreError::AlreadyExists(_)) if draws_left > 0 => continue,
            outcome => outcome?,
        }
        done(&event);
        let body = CreatedPin { pin: pin.expose().to_owned(), expires_at: expires_at.into() };
        return Ok((StatusCode::CREATED, Json(body)));
    }
}

/// Six digits; with 64 bits behind them each number is as likely as another.
fn draw_pin(platform: &Platform) -> Secret {
    let mut entropy = [0; 8];
    platform.random.fill(&mut entropy);
    Secret::new(format!("{:06}", u64::from_le_bytes(entropy) % 1_000_000))
}
