//! The listeners, as the configuration has them.

use crate::config::{Hosts, Listener, Transport};
use crate::failure::Failure;
use crate::node::Listening;
use einlass_proxy::listen::{self, Descriptors, Proxies, Settings, Tls, bind};
use std::num::NonZero;
use std::sync::Arc;

/// Binds them all. Nothing is answered yet: who connects waits.
pub(super) fn open(listeners: Vec<Listener>, settings: &Settings) -> Result<Vec<Listening>, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let settings = Descriptors::raise()?.bound(settings.clone(), workers * listeners.len(), workers);
    listeners.into_iter().map(|listener| one(listener, workers, &settings)).collect()
}

fn one(listener: Listener, workers: usize, settings: &Settings) -> Result<Listening, Failure> {
    let Listener { address, surfaces, hosts, transport, trusted_proxies } = listener;
    let networks: Vec<String> = trusted_proxies.iter().map(ToString::to_string).collect();
    let proxies = Proxies::trusting(networks.iter().map(String::as_str));
    let proxies = proxies.map_err(|fault| Failure::Usage(fault.to_string()))?;
    let (tls, proxies) = match transport {
        Transport::Tls { certificate, key } => (Some(Tls::open(certificate, key)?), proxies),
        Transport::Plain => (None, proxies),
        Transport::PlainBehindProxies => (None, proxies.only()),
    };
    let hosts = match hosts {
        Hosts::Any => listen::Hosts::Any,
        Hosts::These(names) => listen::Hosts::Named(names),
    };
    let bound = bind(address, workers).map_err(|fault| {
        Failure::Failed(format!("cannot listen on {address}: {fault}; end what listens there"))
    })?;
    // Each counts for itself.
    let counters = Arc::default();
    let settings = Settings { tls, proxies, hosts, counters, ..settings.clone() };
    Ok(Listening { bound, settings, surfaces })
}
