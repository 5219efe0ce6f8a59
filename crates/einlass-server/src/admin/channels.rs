//! `/admin/api/channels`: marketplace channels.

use super::fields::{PageUrl, Parsed, present};
use super::find::missing;
use super::input::{Asked, Input, Named};
use super::listing::{Listing, Paging};
use super::time::Time;
use super::{Admin, AdminError, By, done};
use crate::Platform;
use crate::audit::Actor;
use axum::Json;
use axum::extract::State;
use einlass_protocol::ids::OrganisationId;
use einlass_protocol::scx::{ChannelName, ScopeWord};
use einlass_store::{Channel, StoreError};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A channel in an answer.
#[derive(Debug, Serialize)]
pub(super) struct View {
    name: ChannelName,
    organisation: OrganisationId,
    scope_word: String,
    sign_up_url: Option<String>,
    update_url: Option<String>,
}

/// A channel, and since when it is shut out.
#[derive(Debug, Serialize)]
pub(super) struct Details {
    #[serde(flatten)]
    channel: View,
    shut_out_at: Option<Time>,
}

impl From<Channel> for View {
    fn from(channel: Channel) -> Self {
        let set = |url: String| (!url.is_empty()).then_some(url);
        Self {
            name: channel.name,
            organisation: channel.organisation,
            scope_word: channel.scope_word.to_string(),
            sign_up_url: set(channel.sign_up_url),
            update_url: set(channel.update_url),
        }
    }
}

/// A channel to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: Parsed<ChannelName>,
    #[serde(default, deserialize_with = "present")]
    organisation: Option<Parsed<OrganisationId>>,
    #[serde(default, deserialize_with = "present")]
    scope_word: Option<Parsed<ScopeWord>>,
    #[serde(default)]
    sign_up_url: PageUrl,
    #[serde(default)]
    update_url: PageUrl,
}

pub(super) async fn list(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listing<View>>, AdminError> {
    let page = paging.page()?;
    let rows = platform.store.channels(&page).await?;
    Ok(Json(Listing::of(rows, page.size, |row| row.name.to_string(), View::from)))
}

pub(super) async fn show(
    _: Admin,
    State(platform): State<Arc<Platform>>,
    Named(channel): Named<String>,
) -> Result<Json<Details>, AdminError> {
    let channel = platform.find_channel(&channel).await?;
    let shut_out_at = platform.store.channel_shut_out_at(&channel.name).await?.map(Time::from);
    Ok(Json(Details { channel: channel.into(), shut_out_at }))
}

/// Lets a channel in again that is shut out. One that is not stays as it is.
pub(super) async fn readmit(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Named(channel): Named<String>,
) -> Result<StatusCode, AdminError> {
    let channel = platform.find_channel(&channel).await?;
    platform.readmit_channel(&channel.name, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn create(
    By(actor, _): By,
    State(platform): State<Arc<Platform>>,
    Input(new): Input<New>,
) -> Result<(StatusCode, Json<View>), AdminError> {
    let organisation = new.organisation.map_or(OrganisationId::OPERATOR, |Parsed(id)| id);
    platform.find_organisation(organisation).await?;
    let channel = Channel {
        name: new.name.0,
        organisation,
        scope_word: new.scope_word.map(|Parsed(word)| word).unwrap_or_default(),
        sign_up_url: new.sign_up_url.0,
        update_url: new.update_url.0,
    };
    platform.create_channel(&channel, &actor).await?;
    Ok((StatusCode::CREATED, Json(channel.into())))
}

impl Platform {
    /// Records a channel.
    pub(crate) async fn create_channel(&self, channel: &Channel, actor: &Actor) -> Result<(), StoreError> {
        let event = self.event(actor, "create channel", channel.name.as_str(), "");
        self.store.create_channel(channel, &event).await?;
        done(&event);
        Ok(())
    }

    pub(super) async fn find_channel(&self, name: &str) -> Result<Channel, AdminError> {
        let found = match name.parse() {
            Ok(name) => self.store.channel(&name).await?,
            Err(_) => None,
        };
        found.ok_or_else(|| missing("channel", name, "channels"))
    }
}
