//! The listeners, as the configuration has them.

use crate::config::{Hosts, Limits, Listener, Transport};
use crate::failure::Failure;
use crate::node::Listening;
use einlass_proxy::listen::{self, Descriptors, Proxies, Settings, Tls, bind};
use std::num::NonZero;

/// Binds them all. Nothing is answered yet: who connects waits.
pub(super) fn open(listeners: Vec<Listener>, limits: &Limits) -> Result<Vec<Listening>, Failure> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let in_all = workers * listeners.len();
    let descriptors = Descriptors::raise()?;
    listeners.into_iter().map(|listener| one(listener, limits, workers, descriptors, in_all)).collect()
}

fn one(
    listener: Listener,
    limits: &Limits,
    workers: usize,
    descriptors: Descriptors,
    in_all: usize,
) -> Result<Listening, Failure> {
    let Listener { address, surfaces, hosts, transport, trusted_proxies } = listener;
    let settings = descriptors.bound(settings(limits), in_all);
    let proxies = Proxies::new(trusted_proxies);
    let (tls, proxies) = match transport {
        Transport::Tls { certificate, key } => (Some(Tls::open(certificate, key)?), proxies),
        Transport::Plain => (None, proxies),
        Transport::PlainBehindProxies => (None, proxies.only()),
    };
    let hosts = match hosts {
        Hosts::Any => listen::Hosts::Any,
        Hosts::These(names) => listen::Hosts::Named(names),
    };
    let bound = bind(address, workers)
        .map_err(|fault| Failure::Failed(format!("cannot listen on {address}: {fault}; end what listens there")))?;
    Ok(Listening { bound, settings: Settings { tls, proxies, hosts, ..settings }, surfaces })
}

fn settings(limits: &Limits) -> Settings {
    let usual = Settings::default();
    Settings {
        max_connections: limits.connections.map_or(usual.max_connections, NonZero::get),
        max_per_address: limits.connections_per_address.map_or(u32::MAX, NonZero::get),
        ..usual
    }
}
