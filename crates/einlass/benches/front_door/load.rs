//! The load: a few connections on one thread, each with one request under way, round-robin over the
//! requests that it was given. HTTP/1.1 by hand, so that it costs the servers' machine as little as may be.

use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Requests to one server.
pub(crate) struct Load {
    address: String,
    requests: Arc<Vec<Vec<u8>>>,
}

/// What a run came to.
pub(crate) struct Measured {
    /// How long each request with a 200 took.
    pub(crate) latencies: Vec<Duration>,
    /// How many answers were none.
    pub(crate) failures: usize,
}

impl Load {
    /// Many different requests.
    pub(crate) fn of(address: &str, requests: Vec<Vec<u8>>) -> Self {
        Self { address: address.into(), requests: Arc::new(requests) }
    }

    /// One request again and again.
    pub(crate) fn same(
        address: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Self {
        Self::of(address, vec![request(address, method, path, headers, body)])
    }

    /// Sends for so long on so many connections.
    pub(crate) fn run(&self, connections: usize, span: Duration) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let end = now() + span;
            let runs: Vec<_> = (0..connections)
                .map(|number| {
                    tokio::spawn(one(
                        self.address.clone(),
                        Arc::clone(&self.requests),
                        number,
                        connections,
                        end,
                    ))
                })
                .collect();
            let mut all = Measured { latencies: Vec::new(), failures: 0 };
            for run in runs {
                let measured = run.await.unwrap();
                all.latencies.extend(measured.latencies);
                all.failures += measured.failures;
            }
            all
        })
    }
}

/// A request's bytes.
pub(crate) fn request(host: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n{}{length}\r\n{body}", headers.concat()).into_bytes()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

async fn one(
    address: String,
    requests: Arc<Vec<Vec<u8>>>,
    first: usize,
    step: usize,
    end: Instant,
) -> Measured {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut measured = Measured { latencies: Vec::new(), failures: 0 };
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut next = first;
    while now() < end {
        let sent = now();
        stream.write_all(&requests[next % requests.len()]).await.unwrap();
        next += step;
        if read_answer(&mut stream, &mut buffer).await == 200 {
            measured.latencies.push(sent.elapsed());
        } else {
            measured.failures += 1;
        }
    }
    measured
}

/// Reads one answer with a `content-length` and gives its status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> u16 {
    buffer.clear();
    loop {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server closed the connection");
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head]).unwrap().to_ascii_lowercase();
        let length = text.split("\r\ncontent-length: ").nth(1).expect("the answer has a length");
        let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
        let whole = head + 4 + length;
        while buffer.len() < whole {
            assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server closed the connection");
        }
        return text[9..12].parse().unwrap();
    }
}
