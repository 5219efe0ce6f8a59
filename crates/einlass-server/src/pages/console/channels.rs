//! `/admin/channels` and `/admin/channels/{channel}`: marketplace channels, and what they exchange for tokens.

use super::rows::RowList;
use super::words::Console;
use super::{Operator, SurelyOperator, ends};
use crate::Platform;
use crate::pages::credentials::Credential;
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Named, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{Row, behind, more};
use crate::pages::visit::Visit;
use crate::people::acting;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::CredentialId;
use einlass_protocol::scx::ChannelName;
use einlass_protocol::time::UnixTime;
use einlass_store::{CallsOf, Channel, Organisation};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "console/channel.html")]
struct ChannelPage<'v> {
    f: Frame<'v>,
    p: &'static Console,
    channel: Channel,
    owner: Organisation,
    sellers: i64,
    calls_today: i64,
    tokens: Vec<Credential>,
    more: Option<CredentialId>,
    /// Since when it is shut out, if it is.
    shut_out_at: Option<UnixTime>,
    may_change: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<ChannelName>,
}

#[derive(Deserialize)]
pub(super) struct WantedTokens {
    #[serde(default)]
    done: String,
    after: Option<CredentialId>,
}

pub(super) async fn list(
    visit: Visit,
    _: Operator,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let is_first = after.is_none();
    let mut channels = platform.store.channels(&behind(after)).await?;
    let more = more(&mut channels, |channel| channel.name.to_string());
    let row = |Channel { name, sign_up_url, .. }: Channel| Row {
        path: format!("/admin/channels/{name}"),
        name: name.to_string(),
        code: sign_up_url,
    };
    let rows = channels.into_iter().map(row).collect();
    let (f, p) = (Frame::of(&visit), Console::in_language(visit.language));
    let list = RowList {
        here: "/admin/channels",
        heading: f.w.channels,
        hint: None,
        find: None,
        search: String::new(),
        none: p.no_channels,
        f,
        p,
        is_first,
        rows,
        more,
    };
    render(StatusCode::OK, &list)
}

pub(super) async fn page(
    visit: Visit,
    Operator { may_change }: Operator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Asked(WantedTokens { done, after }): Asked<WantedTokens>,
) -> Result<Response, Fault> {
    let (store, now) = (&platform.store, platform.clock.wall());
    let name: ChannelName = named.parse().map_err(|_| Fault::NotFound)?;
    let channel = store.channel(&name).await?.ok_or(Fault::NotFound)?;
    let owner = store.organisation(channel.organisation).await?.ok_or(Fault::NotFound)?;
    let sellers = store.count_sellers(&name).await?;
    let mut tokens = store.refresh_tokens_of_channel(&name, &behind(after)).await?;
    let more = more(&mut tokens, |token| token.id);
    let tokens = ends::refresh_tokens(tokens, may_change, now);
    let shut_out_at = store.channel_shut_out_at(&name).await?;
    let calls_today = store.calls_of_several(&CallsOf::Channel(name), now).await?;
    let p = Console::in_language(visit.language);
    let f = Frame::of(&visit).saying(p.said(&visit, &done));
    let page =
        ChannelPage { f, p, channel, owner, sellers, calls_today, tokens, more, shut_out_at, may_change };
    render(StatusCode::OK, &page)
}

/// Lets it in again, when it was shut out.
pub(super) async fn readmit(
    visit: Visit,
    SurelyOperator(me): SurelyOperator,
    State(platform): State<Arc<Platform>>,
    Named(named): Named<String>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let name: ChannelName = named.parse().map_err(|_| Fault::NotFound)?;
    let channel = platform.store.channel(&name).await?.ok_or(Fault::NotFound)?;
    platform.readmit_channel(&channel.name, &acting(&me.person, &visit.browser)).await?;
    Ok(Redirect::to(&format!("/admin/channels/{name}")).into_response())
}
