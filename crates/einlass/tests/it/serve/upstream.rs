//! An API behind the gateway: answers everything with 200 and what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

/// Starts one that lives as long as the test.
pub(super) fn start() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    loop {
        let head: Vec<String> =
            lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        if head.is_empty() {
            return;
        }
        let body = serde_json::to_string(&head).unwrap();
        let length = body.len();
        if write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").is_err() {
            return;
        }
    }
}

/// What a configuration says to put it behind `/erp`.
pub(super) fn configured() -> String {
    format!("[[upstream]]\nprefix = \"/erp\"\nurl = \"http://{}\"\nopenapi = [\"erp.yaml\"]\n", start())
}
