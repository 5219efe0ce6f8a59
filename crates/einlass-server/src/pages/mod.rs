//! Pages for people. Every one of them is a handler here, a template in `templates/`, and its words in [`words`].
//!
//! | file | what it is |
//! |---|---|
//! | `visit` | what happens around every page: who comes, in which language, what an error looks like, which headers |
//! | `frame` | what every page shows |
//! | `words` | what pages say, in both languages |
//! | `form` | what a page sends, and that it was a page of ours |
//! | `cookie` | what a browser holds |
//! | `place` | at which host a page is |
//! | `authorize` | the way of a client to who somebody is |
//! | `consent`, `leave` | what an app's client asks a person on that way, and on the way out |
//! | `prompt`, `redirect` | how it says that, and where it may have the answer |
//! | `surface` | what every surface has |
//! | `hub`, `partner`, `onprem`, `console` | a surface each |
//! | `scopes` | what apps may do, in plain words |
//! | `lists` | what is looked for, and one page of it |
//! | `credentials` | what callers prove themselves by, in a list |
//! | `ending` | what stands before everything dangerous |
//! | `assets` | style, icon, and the scripts |
//! | all others | a page each |

mod account;
mod assets;
mod authorize;
mod components;
mod consent;
mod console;
mod cookie;
mod credentials;
mod ending;
mod events;
mod fault;
mod form;
mod frame;
mod hub;
mod invitation;
mod language;
mod leave;
mod link;
mod lists;
mod local;
mod members;
mod onprem;
mod partner;
mod passkeys;
mod password;
mod place;
mod prompt;
mod recovery;
mod redirect;
mod scopes;
mod sign_in;
mod start;
mod surface;
mod visit;
mod words;

use crate::Platform;
use crate::emulator::session_token;
use crate::router::Surface;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};
use einlass_protocol::oauth::{FirstParty, Generation};
use place::Place;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every path for people, of these surfaces.
pub(crate) fn router(platform: &Arc<Platform>, surfaces: &BTreeSet<Surface>) -> Router<Arc<Platform>> {
    let found: Vec<FirstParty> = surfaces.iter().filter_map(|surface| surface.pages()).collect();
    let own = found.iter().map(|surface| surface::router(platform, *surface, of_surface(*surface)));
    let pages = own.fold(Router::new(), Router::merge);
    let pages = if surfaces.contains(&Surface::Identity) {
        pages.merge(identity(platform))
    } else {
        pages.merge(surface::root(platform, &found))
    };
    pages
        .route(assets::STYLE, get(assets::style))
        .route(assets::ICON, get(assets::icon))
        .route(assets::SCRIPT, get(assets::script))
        .route(assets::FIRST, get(assets::first))
        .route(assets::SHELL, get(assets::shell))
        .route(assets::PORTAL, get(assets::portal))
}

fn of_surface(surface: FirstParty) -> Router<Arc<Platform>> {
    match surface {
        FirstParty::Hub => hub::routes(),
        FirstParty::Partner => partner::routes(),
        FirstParty::Console => console::routes(),
        FirstParty::OnPremise => onprem::routes(),
    }
}

/// What clients send people to at an issuer.
fn of_issuer(generation: Generation) -> Router<Arc<Platform>> {
    let (prefix, paths) = (generation.prefix(), generation.paths());
    Router::new()
        .route(&format!("{prefix}{}", paths.authorization), get(authorize::endpoint).post(authorize::post))
        .route(&format!("{prefix}{}", paths.end_session), get(leave::page).post(leave::post))
        .layer(Extension(generation))
}

/// The identity provider's.
fn identity(platform: &Arc<Platform>) -> Router<Arc<Platform>> {
    let pages = Generation::ALL
        .into_iter()
        .map(of_issuer)
        .fold(Router::new(), Router::merge)
        .route("/consent", post(consent::decide))
        .route("/login", get(sign_in::page).post(sign_in::sign_in))
        .route("/login/passkey", post(passkeys::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/confirm", get(sign_in::confirm_page).post(sign_in::confirm))
        .route("/confirm/passkey", post(passkeys::confirm))
        .route("/language", post(language::choose))
        .route("/invitation/{code}", get(invitation::page).post(invitation::accept))
        .route("/recovery/{code}", get(recovery::page).post(recovery::recover))
        .route("/me", get(account::page))
        .route("/me/password", get(password::page).post(password::change))
        .route("/me/passkeys", post(passkeys::add))
        .route("/me/passkeys/new", get(passkeys::new))
        .route("/me/passkeys/remove", post(passkeys::remove))
        .route("/me/grants/end", post(account::end_grant))
        .route("/me/events", get(account::events))
        .route("/me/sessions/end", post(account::end_session))
        .route("/me/sessions/end-others", post(account::end_other_sessions))
        .route("/organisations/{organisation}", get(members::page))
        .route("/organisations/{organisation}/invite", get(members::invite_page).post(members::invite))
        .route("/organisations/{organisation}/members/{member}", get(members::one))
        .route("/organisations/{organisation}/members/{member}/role", post(members::change_role))
        .route("/organisations/{organisation}/members/{member}/recover", post(members::offer_recovery))
        .route("/organisations/{organisation}/members/{member}/remove", post(members::remove))
        .route("/", get(start::page));
    let pages = match &platform.settings.demonstration {
        Some(_) => pages
            .route("/dev/components", get(components::page))
            .route("/dev/session-token", post(session_token)),
        None => pages,
    };
    let place = Arc::new(Place::of(&platform.settings, None));
    pages.layer(from_fn_with_state((Arc::clone(platform), place), visit::enter))
}
