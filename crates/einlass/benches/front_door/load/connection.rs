//! One connection: a request's bytes out, an answer's head and length in.

use std::io::{self, Read as _, Write as _};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const BUFFER: usize = 64 * 1024;

/// A request's bytes.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut lines = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    for (name, value) in headers {
        lines.extend([name, ": ", value, "\r\n"]);
    }
    if method == "POST" {
        lines.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
    }
    lines.push_str("\r\n");
    [lines.as_bytes(), body].concat()
}

/// An open connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(address: &str, from: Ipv4Addr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let address = address.parse().map_err(|_| io::ErrorKind::InvalidInput)?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Sends a request, reads its answer to the end and gives its status.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            self.more().await?;
            let Some(head) = Head::of(&self.buffer)? else { continue };
            let mut missing = (head.end + head.length).saturating_sub(self.buffer.len());
            while missing > 0 {
                self.buffer.clear();
                missing = missing.saturating_sub(self.more().await?);
            }
            return Ok(head.status);
        }
    }

    async fn more(&mut self) -> io::Result<usize> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }
}

struct Head {
    status: u16,
    end: usize,
    length: usize,
}

impl Head {
    /// Reads a head, unless it is not all there.
    fn of(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let unreadable =
            || io::Error::new(io::ErrorKind::InvalidData, "an answer without a status or a length");
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| unreadable())?;
        let status = text.get(9..12).and_then(|status| status.parse().ok()).ok_or_else(unreadable)?;
        let length = text.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        Ok(Some(Self { status, end: end + 4, length: length.ok_or_else(unreadable)? }))
    }
}

/// One request on a connection of its own: status and body of the answer.
pub(crate) fn once(address: &str, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    in_turn(address, &[request]).map(|mut answers| answers.remove(0))
}

/// Requests one after the other on one connection: status and body of each answer.
pub(crate) fn in_turn(address: &str, requests: &[impl AsRef<[u8]>]) -> io::Result<Vec<(u16, Vec<u8>)>> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    requests.iter().map(|request| ask(&mut stream, request.as_ref())).collect()
}

fn ask(stream: &mut std::net::TcpStream, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
    stream.write_all(request)?;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = stream.read(&mut piece)?;
        answer.extend_from_slice(&piece[..count]);
        if let Some(head) = Head::of(&answer)?
            && answer.len() >= head.end + head.length
        {
            return Ok((head.status, answer.split_off(head.end)));
        }
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}
