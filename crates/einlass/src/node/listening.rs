//! A node at work: its listeners, and what it does by itself beside them. They end together.

use super::in_process::StoreDirectory;
use super::metrics::Metrics;
use super::{Node, fallback};
use crate::failure::Failure;
use einlass_proxy::gateway::Gateway;
use einlass_proxy::listen::{self, Bound, Counters, Leaving, Route};
use einlass_server::router::{self, Surface};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

/// An address that is bound, and what is found there.
pub(crate) struct Listening {
    pub(crate) bound: Bound,
    pub(crate) settings: listen::Settings,
    pub(crate) surfaces: BTreeSet<Surface>,
}

impl Node {
    /// Serves until `end` comes or a listener fails, then lets what has begun finish. After `end` it tells whoever
    /// sends requests, and goes on serving for `grace`, so that they can go elsewhere first.
    pub(crate) async fn serve(
        self,
        listeners: Vec<Listening>,
        grace: Duration,
        end: impl Future<Output = ()>,
    ) -> Result<(), Failure> {
        let (stop, stopped) = watch::channel(());
        let told = |mut stopped: watch::Receiver<()>| async move { _ = stopped.changed().await };
        let metrics = self.metrics(&listeners);
        let leaving = Leaving::default();
        let mut running = JoinSet::new();
        for Listening { bound, mut settings, surfaces } in listeners {
            settings.leaving = leaving.clone();
            let worker = self.worker(&surfaces, &metrics);
            running.spawn(bound.run(settings, worker, told(stopped.clone())));
        }
        let Self { store, platform, .. } = self;
        let maintained = Arc::clone(&platform);
        let maintenance = tokio::spawn(async move { maintained.maintain(told(stopped)).await });
        let gone = async {
            end.await;
            platform.leave();
            leaving.announce();
            tokio::time::sleep(grace).await;
        };
        let mut outcome = Ok(());
        tokio::select! {
            () = gone => {}
            Some(ended) = running.join_next() => outcome = flat(ended),
        }
        drop(stop);
        while let Some(ended) = running.join_next().await {
            outcome = outcome.and(flat(ended));
        }
        let _ = maintenance.await;
        store.close().await;
        Ok(outcome?)
    }

    /// What makes the service of each worker of a listener.
    fn worker(
        &self,
        surfaces: &BTreeSet<Surface>,
        metrics: &Metrics,
    ) -> impl Fn() -> io::Result<Route<StoreDirectory>> + Clone + Send + use<> {
        let mut gateways = if surfaces.contains(&Surface::Api) { self.gateways.clone() } else { Vec::new() };
        if surfaces.contains(&Surface::Scx) {
            gateways.extend(self.marketplace.clone());
        }
        if surfaces.contains(&Surface::OnPremise) {
            gateways.extend(self.onpremise.iter().cloned());
        }
        let fallback = fallback::of(&self.platform, surfaces, metrics);
        let tokens = surfaces.contains(&Surface::Identity).then(|| fallback::tokens(&self.platform));
        let control = Handle::current();
        move || {
            let gateways = gateways.iter().cloned().map(Gateway::new).collect::<io::Result<Vec<_>>>()?;
            let route = Route::new(gateways).otherwise(Arc::clone(&fallback), control.clone());
            Ok(match &tokens {
                Some(tokens) => route.here(router::TOKEN, Arc::clone(tokens)),
                None => route,
            })
        }
    }

    fn metrics(&self, listeners: &[Listening]) -> Metrics {
        let gateways = self.gateways.iter().chain(&self.marketplace).chain(&self.onpremise);
        Metrics {
            platform: Arc::clone(&self.platform),
            gateways: gateways.map(|door| (door.prefix.clone(), Arc::clone(&door.counters))).collect(),
            listeners: listeners.iter().map(Listening::counters).collect(),
        }
    }
}

impl Listening {
    fn counters(&self) -> (String, Arc<Counters>) {
        (self.bound.local_addr().to_string(), Arc::clone(&self.settings.counters))
    }
}

/// A panic is an error like others here.
fn flat(ended: Result<io::Result<()>, JoinError>) -> io::Result<()> {
    ended.map_err(io::Error::other)?
}
