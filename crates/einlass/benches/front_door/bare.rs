//! The bare loops: hyper on two current-thread runtimes that share a port, doing one thing and checking
//! nothing. They are the bound of what the machine allows with this HTTP library.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use bytes::Bytes;
use einlass_protocol::jose::base64url;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;

/// A bare loop in a process of its own. It ends with its handle.
pub(crate) struct Server {
    pub(crate) address: String,
    child: Child,
}

impl Server {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn spawn(what: &str, upstream: &str) -> Server {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--serve", what, upstream])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    Server { address: address.trim_end().into(), child }
}

type Answer = Response<Either<Full<Bytes>, Incoming>>;

/// What a loop does with a request.
enum Work {
    Hello,
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Forward(String),
}

impl Work {
    fn of(what: &str, upstream: &str) -> Self {
        match what {
            "hello" => Self::Hello,
            "rs256" => Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            "eddsa" => Self::EdDsa(Ed25519KeyPair::generate().unwrap()),
            "forward" => Self::Forward(upstream.into()),
            other => panic!("nothing is called {other}"),
        }
    }

    async fn answer(&self, request: Request<Incoming>, client: &Client<HttpConnector, Incoming>) -> Answer {
        match self {
            // As long as the demonstration's list of items would be.
            Self::Hello => full(format!("{{\"items\":\"{}\"}}", "x".repeat(800))),
            Self::Rs256(key) => {
                let input = signing_input();
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
                token(&input, &signature)
            }
            Self::EdDsa(key) => {
                let input = signing_input();
                token(&input, key.sign(input.as_bytes()).as_ref())
            }
            Self::Forward(upstream) => {
                let (mut head, body) = request.into_parts();
                head.uri = format!("http://{upstream}{}", head.uri.path()).parse().unwrap();
                client.request(Request::from_parts(head, body)).await.unwrap().map(Either::Right)
            }
        }
    }
}

/// As long as our tokens' header and claims are.
fn signing_input() -> String {
    format!("{}.{}", base64url(&[b'h'; 80]), base64url(&[b'c'; 560]))
}

fn token(input: &str, signature: &[u8]) -> Answer {
    let token = format!("{input}.{}", base64url(signature));
    full(format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}"))
}

fn full(body: String) -> Answer {
    Response::new(Either::Left(Full::new(body.into())))
}

#[expect(clippy::print_stdout, reason = "this is how the parent learns the address")]
pub(crate) fn serve(what: &str, upstream: &str) {
    let first = listen("127.0.0.1:0".parse().unwrap());
    let address = first.local_addr().unwrap();
    let second = listen(address);
    println!("{address}");
    let work = Arc::new(Work::of(what, upstream));
    let other = Arc::clone(&work);
    std::thread::spawn(move || run(second, &other));
    run(first, &work);
}

fn listen(address: SocketAddr) -> TcpListener {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_reuse_port(true).unwrap();
    socket.set_nonblocking(true).unwrap();
    socket.bind(&address.into()).unwrap();
    socket.listen(1024).unwrap();
    socket.into()
}

fn run(listener: TcpListener, work: &Arc<Work>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let client = Rc::new(Client::builder(TokioExecutor::new()).build(HttpConnector::new()));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (work, client) = (Arc::clone(work), Rc::clone(&client));
            let answer = service_fn(move |request| {
                let (work, client) = (Arc::clone(&work), Rc::clone(&client));
                async move { Ok::<_, Infallible>(work.answer(request, &client).await) }
            });
            tokio::task::spawn_local(async move {
                // A load that ends closes its connections as it likes.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), answer)
                    .await;
            });
        }
    });
}
