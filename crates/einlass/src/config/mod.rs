//! What `einlass serve` is told: `einlass.toml` and the environment, read as a whole and checked as a whole.

pub(crate) mod command;
mod keys;
mod limits;
mod listener;
mod log;
mod onpremise;
mod pages;
mod public_url;
mod reader;
mod scx;
mod shutdown;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod upstream;

pub(crate) use keys::Keys;
pub(crate) use limits::Limits;
pub(crate) use listener::{Hosts, Listener, Surface, Transport};
pub(crate) use log::Log;
use pages::Pages;
pub(crate) use public_url::PublicUrl;
pub(crate) use reader::{Faults, quoted};
pub(crate) use shutdown::Shutdown;
pub(crate) use store::Store;
pub(crate) use tokens::Tokens;
pub(crate) use upstream::Upstream;

use einlass_protocol::oauth::FirstParty;
use einlass_proxy::listen;
use einlass_server::PlatformSettings;
use listener::Known;
use onpremise::OnPremise;
use reader::{Effective, Section};
use scx::Scx;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

/// A configuration that is right. Its paths are not relative to the file any more.
#[derive(Debug)]
pub(crate) struct Config {
    /// The issuer of every token, and what callers know the platform by.
    pub(crate) public_url: PublicUrl,
    /// The durable state.
    pub(crate) store: Store,
    /// The signing keys.
    pub(crate) keys: Keys,
    /// The access tokens.
    pub(crate) tokens: Tokens,
    /// Where callers are answered: at least one, no two at one address.
    pub(crate) listeners: Vec<Listener>,
    /// The surfaces that have hosts of their own.
    pages: Pages,
    /// The APIs behind the gateway; no prefix lies within another's.
    pub(crate) upstreams: Vec<Upstream>,
    /// Marketplace channels.
    pub(crate) scx: Option<Scx>,
    /// ERPs at merchants' own premises; no two have one name.
    pub(crate) onpremise: Vec<OnPremise>,
    /// What callers may use up.
    pub(crate) limits: Limits,
    /// The log.
    pub(crate) log: Log,
    /// Its end.
    pub(crate) shutdown: Shutdown,
}

/// Reads a configuration with this process's environment; see [`read`].
pub(crate) fn load(file: &Path) -> Result<(Config, Effective), Faults> {
    read(file, &|name| std::env::var(name).ok())
}

/// What is odd about a configuration that is right; see [`Effective::remarks`].
pub(crate) fn remarks(effective: &Effective) -> Vec<String> {
    effective.remarks(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

/// Reads a configuration and where each value comes from, or says everything that is wrong with it. `variable` looks a
/// variable of the environment up. Reads the files that it names too; opens no port and leaves the store alone.
fn read(file: &Path, variable: &dyn Fn(&str) -> Option<String>) -> Result<(Config, Effective), Faults> {
    reader::read(file, variable, document)
}

fn document(root: &mut Section<'_, '_>) -> Option<Config> {
    let public_url =
        root.required("public_url", "say what callers know it by, as \"https://api.example.com\"");
    let store = root.table("store", store::read);
    let keys = root.table("keys", keys::read);
    let tokens = root.table("tokens", tokens::read);
    let has_scx = root.has("scx");
    let scx = if has_scx { root.table("scx", scx::read).map(Some) } else { Some(None) };
    let limits = root.table("limits", limits::read);
    let log = root.table("log", log::read);
    let shutdown = root.table("shutdown", shutdown::read);
    let pages = root.table("pages", pages::read);
    let mut addresses = Vec::new();
    let known = Known { public_url: public_url.as_ref(), pages: pages.as_ref(), has_scx };
    let listeners = root.tables("listener", |section| listener::read(section, known, &mut addresses));
    let mut prefixes = Vec::new();
    let upstreams = root.tables("upstream", |section| upstream::read(section, &mut prefixes));
    let mut databases = Vec::new();
    let onpremise = root.tables("onprem", |section| onpremise::read(section, &mut databases));
    fit(root, listeners.as_deref());
    Some(Config {
        public_url: public_url?,
        store: store?,
        keys: keys?,
        tokens: tokens?,
        listeners: listeners?,
        pages: pages?,
        upstreams: upstreams?,
        scx: scx?,
        onpremise: onpremise?,
        limits: limits?,
        log: log?,
        shutdown: shutdown?,
    })
}

/// Whether listeners and upstreams go together. What is wrong with the listeners themselves is said elsewhere.
fn fit(root: &mut Section<'_, '_>, listeners: Option<&[Listener]>) {
    let Some(listeners) = listeners else { return };
    if listeners.is_empty() {
        root.missing("listener", "say in [[listener]] where callers are answered");
        return;
    }
    let serves = |surface| listeners.iter().any(|listener| listener.surfaces.contains(&surface));
    if root.has("upstream") && !serves(Surface::Api) {
        root.fault("upstream", "no listener serves it; add \"api\" to the surfaces of one");
    }
    if root.has("onprem") && !serves(Surface::OnPremise) {
        root.fault("onprem", "no listener serves it; add \"onprem\" to the surfaces of one");
    }
    match (root.has("scx"), serves(Surface::Scx)) {
        (true, false) => root.fault("scx", "no listener serves it; add \"scx\" to the surfaces of one"),
        (false, true) => root
            .missing("scx", "a listener serves marketplace channels; say [scx], or take \"scx\" out there"),
        _ => {}
    }
}

impl Config {
    /// What the platform is told.
    pub(crate) fn platform(&self) -> PlatformSettings {
        PlatformSettings {
            audience: self.tokens.audience.clone(),
            access_token_lifetime: self.tokens.access_lifetime,
            session_token_lifetime: self.tokens.session_lifetime,
            token_requests_per_second: self.limits.token_requests_per_second.get(),
            requests_per_second_per_address: bound(self.limits.requests_per_second_per_address),
            failures_per_minute: self.limits.failures_per_minute.get(),
            rotation: self.keys.rotation,
            homes: self.homes(),
            scx: self.scx.as_ref().map(|scx| scx.settings.clone()),
            ..PlatformSettings::new(self.public_url.to_string())
        }
    }

    /// The surfaces that have pages, and where.
    pub(crate) fn homes(&self) -> BTreeMap<FirstParty, String> {
        self.pages.homes(&self.listeners, &self.public_url)
    }

    /// What each listener is told.
    pub(crate) fn listening(&self) -> listen::Settings {
        let mut settings = listen::Settings::default();
        // A connection must outlast the silence of the slowest upstream.
        let slowest = self
            .upstreams
            .iter()
            .chain(self.scx.iter().filter_map(|scx| scx.upstream.as_ref()))
            .chain(self.onpremise.iter().map(|site| &site.upstream))
            .map(|upstream| upstream.timeouts.response_head)
            .max();
        let outlasting = slowest.unwrap_or_default() + Duration::from_secs(30);
        settings.idle = settings.idle.max(outlasting);
        settings.max_per_address = bound(self.limits.connections_per_address);
        if let Some(connections) = self.limits.connections {
            settings.max_connections = connections.get();
        }
        settings
    }
}

/// What is not counted may be as much as can be counted.
fn bound(limit: Option<NonZero<u32>>) -> u32 {
    limit.map_or(u32::MAX, NonZero::get)
}
