//! `/partner/channels/{channel}`: a marketplace channel, and what it exchanges for tokens. Several of these count at once, so that
//! one can follow another while calls go on. Which channels there are the operator says.

use super::shown_once::{ShownOnce, Wish, Wished};
use super::words::Portal;
use super::{AtChannel, Deciding};
use crate::Platform;
use crate::pages::credentials::Credential;
use crate::pages::ending::{Ending, Fact, Words};
use crate::pages::fault::Fault;
use crate::pages::form::{Asked, Posted};
use crate::pages::frame::{Frame, page as render};
use crate::pages::lists::{behind, more};
use crate::pages::visit::Visit;
use crate::pages::words::Words as Wording;
use crate::people::acting;
use crate::portal::SecretFault;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use einlass_protocol::ids::CredentialId;
use einlass_store::{CallsOf, Channel, RefreshToken, TokenOwner};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "partner/channel.html")]
struct ChannelPage<'v> {
    f: Frame<'v>,
    p: &'static Portal,
    at: AtChannel,
    tokens: Vec<Credential>,
    /// Behind which the next page begins.
    more: Option<CredentialId>,
    sellers: i64,
    calls_today: i64,
    is_shut_out: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<CredentialId>,
}

#[derive(Deserialize)]
pub(super) struct Meant {
    token: CredentialId,
}

pub(super) async fn page(
    visit: Visit,
    at: AtChannel,
    State(platform): State<Arc<Platform>>,
    Asked(Wanted { after }): Asked<Wanted>,
) -> Result<Response, Fault> {
    let (store, now, name) = (&platform.store, platform.clock.wall(), &at.it.name);
    let mut found = store.refresh_tokens_of_channel(name, &behind(after)).await?;
    let more = more(&mut found, |token| token.id);
    let listed = |token: RefreshToken| {
        let end = at.at.is_admin.then(|| format!("{}/tokens/end?token={}", at.path(), token.id));
        Credential::of_refresh_token(token, now).ended_at(end)
    };
    let tokens = found.into_iter().map(listed).collect();
    let sellers = store.count_sellers(name).await?;
    let calls_today = store.calls_of_several(&CallsOf::Channel(name.clone()), now).await?;
    let is_shut_out = store.channel_shut_out_at(name).await?.is_some();
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    render(StatusCode::OK, &ChannelPage { f, p, at, tokens, more, sellers, calls_today, is_shut_out })
}

/// Asked for a fresh proof before anything is typed.
pub(super) async fn new(visit: Visit, Deciding(at): Deciding<Channel>) -> Result<Response, Fault> {
    ask(&visit, &at, String::new(), None)
}

fn ask(visit: &Visit, at: &AtChannel, name: String, fault: Option<&'static str>) -> Result<Response, Fault> {
    let (f, p) = (Frame::of(visit), Portal::in_language(visit.language));
    let from = (at.path(), at.it.name.to_string());
    let form = (format!("{}/tokens/new", at.path()), None);
    Wish { f, p, from, title: p.new_refresh_token, form, name, fault }.page()
}

pub(super) async fn create(
    visit: Visit,
    Deciding(at): Deciding<Channel>,
    State(platform): State<Arc<Platform>>,
    Posted(wished): Posted<Wished>,
) -> Result<Response, Fault> {
    let (lasts, name) = (wished.lasts()?, wished.name);
    let actor = acting(&at.at.me.person, &visit.browser);
    let made = match platform.add_channel_token(&at.it, &name, lasts, &actor).await {
        Ok(made) => made,
        Err(SecretFault::Store(fault)) => return Err(fault.into()),
        Err(SecretFault::ShutOut) => return Err(Fault::ShutOut),
        Err(SecretFault::TooMany) => {
            let fault = Some(Portal::in_language(visit.language).too_many_tokens);
            return ask(&visit, &at, name, fault);
        }
        Err(SecretFault::Name | SecretFault::NoClient) => {
            let fault = Some(Frame::of(&visit).w.name_fault);
            return ask(&visit, &at, name, fault);
        }
    };
    let channel = at.it.name.to_string();
    let base = format!("{}/v1", platform.settings.public_url);
    let variables = [("SCX_BASE", base), ("SCX_CHANNEL", channel.clone())];
    let from = (at.path(), channel.clone());
    let what = |w: &Wording, p: &Portal| (p.refresh_token, vec![(w.channel, channel)]);
    ShownOnce::page(&visit, from, what, &variables, ("SCX_REFRESH_TOKEN", made))
}

/// What will stop working, before it does.
pub(super) async fn end_page(
    visit: Visit,
    Deciding(at): Deciding<Channel>,
    State(platform): State<Arc<Platform>>,
    Asked(Meant { token }): Asked<Meant>,
) -> Result<Response, Fault> {
    let token = own(&platform, &at, token).await?;
    let calls_today = platform.calls_today(token.id).await?;
    let sellers = platform.store.count_sellers(&at.it.name).await?;
    let (f, p) = (Frame::of(&visit), Portal::in_language(visit.language));
    let facts = vec![
        (f.w.what_for, Fact::Text(token.name)),
        (f.w.channel, Fact::Code(at.it.name.to_string())),
        (f.w.last_used, Fact::Time(token.last_used_at)),
        (f.w.calls_today, Fact::Number(calls_today)),
        (f.w.sellers, Fact::Number(sellers)),
    ];
    let words = Words { ask: p.end_token_ask, what: p.end_token_what, verb: f.w.end };
    let from = (at.path(), at.it.name.to_string());
    let form = (format!("{}/tokens/end", at.path()), Some(("token", token.id.to_string())));
    Ending { f, from, words, facts, form }.page()
}

pub(super) async fn end(
    visit: Visit,
    Deciding(at): Deciding<Channel>,
    State(platform): State<Arc<Platform>>,
    Posted(Meant { token }): Posted<Meant>,
) -> Result<Response, Fault> {
    let token = own(&platform, &at, token).await?;
    platform.end_credential(token.id, &acting(&at.at.me.person, &visit.browser)).await?;
    Ok(Redirect::to(&at.path()).into_response())
}

/// A refresh token of this channel's; another one's is not there.
async fn own(platform: &Platform, at: &AtChannel, id: CredentialId) -> Result<RefreshToken, Fault> {
    let found = platform.store.refresh_token_of_id(id).await?;
    let own = TokenOwner::Channel(at.it.name.clone());
    found.filter(|(owner, _)| *owner == own).map(|(_, token)| token).ok_or(Fault::NotFound)
}
