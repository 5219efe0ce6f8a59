//! TLS for callers: a certificate from files, followed when it is renewed.

use crate::files::Reread;
use crate::pem;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// A listener's certificate and key: TLS 1.2 or later, HTTP/2 or HTTP/1.1 by ALPN (RFC 7301). When the files change,
/// new connections are served by the new ones within about a second; while these cannot be used, by the old ones.
/// Clones share what was read.
#[derive(Clone, Debug)]
pub struct Tls(Arc<Reread<ServerConfig>>);

impl Tls {
    /// Reads the certificate, followed in its file by those between it and its authority, and its key, both PEM.
    /// Fails with the name of the file that cannot be used, and when the two do not belong together.
    pub fn open(certificate: PathBuf, key: PathBuf) -> io::Result<Self> {
        let files = vec![certificate.clone(), key.clone()];
        Ok(Self(Arc::new(Reread::open(files, move || config(&certificate, &key))?)))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.0.get())
    }
}

fn config(certificate: &Path, key: &Path) -> io::Result<ServerConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(io::Error::other)?.with_no_client_auth();
    let (chain, private) = (pem::certificates(certificate)?, pem::key(key)?);
    let mut config = builder.with_single_cert(chain, private).map_err(|fault| match fault {
        rustls::Error::InconsistentKeys(_) => {
            pem::unusable(certificate, format_args!("it does not belong to the key in {}", key.display()))
        }
        fault => pem::unusable(certificate, fault),
    })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
