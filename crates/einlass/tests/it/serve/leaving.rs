//! How a node goes: whoever sends requests to it hears of it first.

use super::site::{Engine, PATIENCE, Site, eventually};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A caller who keeps its connection for as long as it may.
struct Caller<'a> {
    authority: &'a str,
    connection: Option<BufReader<TcpStream>>,
}

/// What a caller was told.
struct Told {
    status: u16,
    closes: bool,
}

impl Caller<'_> {
    fn ask(&mut self, path: &str) -> io::Result<Told> {
        let mut connection = match self.connection.take() {
            Some(kept) => kept,
            None => BufReader::new(TcpStream::connect(self.authority)?),
        };
        connection.get_ref().set_read_timeout(Some(PATIENCE))?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.authority);
        connection.get_mut().write_all(request.as_bytes())?;
        let told = read_answer(&mut connection)?;
        if !told.closes {
            self.connection = Some(connection);
        }
        Ok(told)
    }
}

fn read_answer(connection: &mut BufReader<TcpStream>) -> io::Result<Told> {
    let (mut status, mut length, mut closes) = (0, 0, false);
    for (number, line) in connection.by_ref().lines().enumerate() {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if number == 0 {
            status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap();
        }
        closes |= line == "connection: close";
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    if status == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    connection.read_exact(&mut vec![0; length])?;
    Ok(Told { status, closes })
}

#[test]
fn a_node_says_that_it_goes_before_it_refuses_anybody() {
    let site = Site::new(Engine::Sqlite, "[shutdown]\ngrace = \"2s\"\n");
    let node = site.start();
    let authority = node.url.strip_prefix("http://").unwrap();
    let caller = || Caller { authority, connection: None };
    let (mut keeping, mut looking) = (caller(), caller());
    let told = keeping.ask("/livez").unwrap();
    assert_eq!((told.status, told.closes), (200, false));

    node.ask_to_end();
    while looking.ask("/readyz").unwrap().status == 200 {}
    let mut served = 0;
    // From here on every answer ends its connection, so that none is in use when the listener closes.
    while let Ok(told) = keeping.ask("/livez") {
        assert_eq!((told.status, told.closes), (200, true), "after {served}");
        assert_eq!(keeping.connection.is_none(), told.closes);
        served += 1;
    }
    assert!(served > 0);
    // The workers' listeners close one after another.
    eventually("nobody listens", || {
        TcpStream::connect(authority).is_err_and(|fault| fault.kind() == io::ErrorKind::ConnectionRefused)
    });
    node.await_end();
}
