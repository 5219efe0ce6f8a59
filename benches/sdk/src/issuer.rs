//! An identity provider on loopback which takes its time, gives everybody a token and counts how often it was asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// As long as many an identity provider takes.
const TAKES: Duration = Duration::from_millis(50);

/// The identity provider.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// How long its tokens live, in seconds.
    lifetime: u64,
    asked: AtomicUsize,
}

impl Issuer {
    /// Starts one; gives it and its URL.
    pub(crate) async fn start(lifetime: u64) -> (Arc<Self>, String) {
        let issuer = Arc::new(Self { lifetime, asked: AtomicUsize::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::clone(&issuer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&serving).serve(stream));
            }
        });
        (issuer, url)
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// A token, as every one of the SDKs reads it, as long as ours are.
    pub(crate) async fn issue(&self) -> String {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(TAKES).await;
        let (token, lifetime) = (format!("{number}.{}", "t".repeat(900)), self.lifetime);
        format!(
            r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{lifetime},"ext_expires_in":{lifetime}}}"#
        )
    }

    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        let mut request = Vec::new();
        while stream.read_buf(&mut request).await.is_ok_and(|count| count > 0) {
            if !is_whole(&request) {
                continue;
            }
            request.clear();
            let body = self.issue().await;
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nmetadata-flavor: Google\r\n\
                 content-length: {length}\r\n\r\n{body}"
            );
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length:"));
    length.is_none_or(|length| length.trim().parse().is_ok_and(|length: usize| body.len() >= length))
}
