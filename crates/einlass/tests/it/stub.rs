//! A server that remembers what it was asked and answers as it was told.

use crate::kit::einlass;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// What the commands under test send as their admin token.
pub(crate) const TOKEN: &str = "canary-token";

/// One request as it came.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Asked {
    /// Method and target: `GET /admin/api/apps?limit=1`.
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    /// What an ERP is told to know a registration by.
    pub(crate) challenge: Option<String>,
    pub(crate) body: String,
}

/// Serves until the test ends.
pub(crate) struct Stub {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Stub {
    /// Answers each request with a status and a body.
    pub(crate) fn start(answer: impl Fn(&Asked) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let remember = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                let (status, body) = answer(&request);
                remember.lock().unwrap().push(request);
                let length = body.len();
                // Whoever went away needs no answer.
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} Some Reason\r\nconnection: close\r\nx-request-id: request-1\r\n\
                     location: /elsewhere\r\ncontent-length: {length}\r\n\r\n{body}"
                );
            }
        });
        Self { url, asked }
    }

    /// What it was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// A command that talks to this server.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = einlass();
        command.args(arguments).env("EINLASS_URL", &self.url).env("EINLASS_ADMIN_TOKEN", TOKEN);
        command
    }

    /// Runs it to its end.
    pub(crate) fn einlass(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

fn read(stream: &mut TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut asked = Asked::default();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                asked.authorization = Some(value.into());
            }
            Some((name, value)) if name.eq_ignore_ascii_case("x-challengecode") => {
                asked.challenge = Some(value.into());
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None => asked.line = line.trim_end_matches(" HTTP/1.1").into(),
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    asked.body = String::from_utf8(body).unwrap();
    asked
}

/// Runs a command that reads this from its standard input.
pub(crate) fn with_input(mut command: Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}
