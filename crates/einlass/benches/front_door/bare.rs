//! The bare loops: hyper on a current-thread runtime for each core, which share a port, doing one thing and checking
//! nothing. They are the bound of what the machine allows with this HTTP library.

use crate::cores::{of_servers, on_servers};
use crate::process::Process;
use crate::race::Contender;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use bytes::Bytes;
use einlass_protocol::jose::{Algorithm, base64url};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::process::Stdio;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

/// A bare loop in a process of its own.
pub(crate) struct Server {
    name: &'static str,
    pub(crate) address: String,
    pub(crate) process: Process,
}

impl Server {
    /// One that answers.
    pub(crate) fn upstream() -> Self {
        Self::start("bare hyper, answers (the upstream itself)", &["hello"])
    }

    /// One that forwards to an upstream.
    pub(crate) fn forwarder(upstream: &str) -> Self {
        Self::start("bare hyper, forwards, checks nothing", &["forward", upstream])
    }

    /// One that signs something as long as a token, for everybody.
    pub(crate) fn signer(algorithm: Algorithm) -> Self {
        Self::start("bare hyper, signs for everybody", &["sign", algorithm.as_str()])
    }

    fn start(name: &'static str, work: &[&str]) -> Self {
        let mut command = on_servers(std::env::current_exe().unwrap());
        let mut process = Process::start(command.arg("--serve").args(work).stdout(Stdio::piped())).unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout().unwrap()).read_line(&mut address).unwrap();
        Self { name, address: address.trim_end().into(), process }
    }

    pub(crate) fn contender(&self) -> Contender<'_> {
        Contender { name: self.name.into(), address: &self.address, process: &self.process }
    }
}

type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// What a loop does with a request.
enum Work {
    Hello,
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Forward(String),
}

impl Work {
    fn of(words: &[&str]) -> Self {
        match words {
            ["hello"] => Self::Hello,
            ["sign", "RS256"] => Self::Rs256(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            ["sign", "EdDSA"] => Self::EdDsa(Ed25519KeyPair::generate().unwrap()),
            ["forward", upstream] => Self::Forward((*upstream).into()),
            other => panic!("nothing is called {other:?}"),
        }
    }

    async fn answer(&self, request: Request<Incoming>, client: &Client<HttpConnector, Incoming>) -> Answer {
        match self {
            Self::Hello => upstream(request).await,
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
                client.request(Request::from_parts(head, body)).await.unwrap().map(BodyExt::boxed)
            }
        }
    }
}

/// Answers as the API would: `…/bodies/<size>` takes a body, or gives one of this size; all else gives a list of items.
async fn upstream(request: Request<Incoming>) -> Answer {
    let Some((_, size)) = request.uri().path().rsplit_once("/bodies/") else {
        return full(ITEMS.clone());
    };
    if request.method() == Method::GET {
        return Response::new(Filler(size.parse().unwrap()).boxed());
    }
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            break;
        }
    }
    full("taken".into())
}

/// As long as the demonstration's list of items would be.
static ITEMS: LazyLock<Bytes> = LazyLock::new(|| format!("{{\"items\":\"{}\"}}", "x".repeat(800)).into());

/// A body of so many bytes.
struct Filler(u64);

impl Body for Filler {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        static PIECE: [u8; 64 * 1024] = [b'x'; 64 * 1024];
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        let length = PIECE.len().min(usize::try_from(self.0).unwrap_or(usize::MAX));
        self.0 -= length as u64;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&PIECE[..length])))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

/// As long as our tokens' header and claims are.
fn signing_input() -> String {
    format!("{}.{}", base64url(&[b'h'; 80]), base64url(&[b'c'; 560]))
}

fn token(input: &str, signature: &[u8]) -> Answer {
    let token = format!("{input}.{}", base64url(signature));
    full(format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\",\"expires_in\":3600}}").into())
}

fn full(body: Bytes) -> Answer {
    Response::new(Full::new(body).map_err(|never| match never {}).boxed())
}

/// Serves with a thread on each core that the servers have, until it is killed.
#[expect(clippy::print_stdout, reason = "this is how the parent learns the address")]
pub(crate) fn serve(words: &[&str]) {
    let first = listen("127.0.0.1:0".parse().unwrap());
    let address = first.local_addr().unwrap();
    let work = Arc::new(Work::of(words));
    for _ in 1..of_servers() {
        let (listener, work) = (listen(address), Arc::clone(&work));
        std::thread::spawn(move || run(listener, &work));
    }
    println!("{address}");
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
