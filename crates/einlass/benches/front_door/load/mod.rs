//! The load: requests to one server from one thread. HTTP/1.1 by hand, so that it costs the servers' machine as
//! little as may be.
//!
//! - *closed*: a few connections, each with one request under way. It finds out what fits.
//! - *paced*: requests at a fixed rate, whatever the answers do. A latency counts from the moment at which the
//!   request was due, so that a server which makes others wait is not spared their waiting.

mod connection;
mod measured;
mod pace;

pub(crate) use connection::{in_turn, once, request};
pub(crate) use measured::Measured;

use connection::Connection;
use pace::{Turn, Turns};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a paced load waits after its end for the answers that are still under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// Requests as bytes, each with its body.
pub(crate) type Requests = Arc<[Vec<u8>]>;

/// Requests to one server, taken in turn.
#[derive(Clone)]
pub(crate) struct Load {
    address: String,
    requests: Requests,
    /// The address that the server sees.
    from: Ipv4Addr,
}

impl Load {
    pub(crate) fn new(address: &str, requests: &Requests) -> Self {
        Self { address: address.into(), requests: Arc::clone(requests), from: Ipv4Addr::LOCALHOST }
    }

    /// The same as if it came from another machine.
    pub(crate) fn sent_from_elsewhere(self) -> Self {
        Self { from: Ipv4Addr::new(127, 0, 0, 2), ..self }
    }

    /// Sends as fast as answers come, for so long, on so many connections.
    pub(crate) fn closed(&self, connections: usize, span: Duration) -> Measured {
        self.run(connections, Turns::until(now() + span))
    }

    /// Sends every request once, as fast as answers come.
    pub(crate) fn each_once(&self, connections: usize) -> Measured {
        self.run(connections, Turns::up_to(self.requests.len()))
    }

    /// Sends so many a second for so long, over so many connections at most.
    pub(crate) fn paced(&self, per_second: f64, connections: usize, span: Duration) -> Measured {
        self.run(connections, Turns::paced(per_second, span))
    }

    fn run(&self, connections: usize, turns: Turns) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, async {
            let turns = Rc::new(turns);
            let begun = now();
            let runs: Vec<_> = (0..connections)
                .map(|_| {
                    let (load, turns) = (self.clone(), Rc::clone(&turns));
                    tokio::task::spawn_local(async move { load.one(&turns).await })
                })
                .collect();
            let mut all = Measured::default();
            for run in runs {
                all.merge(run.await.unwrap());
            }
            all.finish(begun.elapsed().min(turns.span().unwrap_or(Duration::MAX)), turns.offered());
            all
        })
    }

    /// One connection's part.
    async fn one(&self, turns: &Turns) -> Measured {
        let mut measured = Measured::default();
        let mut connection = None;
        while let Some(Turn { number, due }) = turns.next().await {
            let request = &self.requests[number % self.requests.len()];
            let exchange = async {
                if connection.is_none() {
                    connection = Some(Connection::open(&self.address, self.from).await?);
                }
                match &mut connection {
                    Some(open) => open.exchange(request).await,
                    None => unreachable!(),
                }
            };
            match tokio::time::timeout_at(turns.give_up(PATIENCE), exchange).await {
                Ok(Ok(status)) => measured.answered(status, due.elapsed()),
                Ok(Err(_)) => {
                    measured.broke();
                    connection = None;
                }
                Err(_) => break,
            }
        }
        measured
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
