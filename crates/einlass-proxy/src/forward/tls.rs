//! How an upstream is recognised by TLS, and how it recognises us.

use rustls::client::WantsClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Certificates for the connections to an upstream, in PEM files that are read when a worker starts.
#[derive(Clone, Debug, Default)]
pub struct UpstreamTls {
    /// Who must have signed the upstream's certificate, and nobody else. Without it: whom this machine trusts.
    pub authority: Option<PathBuf>,
    /// What we show to an upstream that asks who we are.
    pub client: Option<ClientIdentity>,
}

/// A client certificate.
#[derive(Clone, Debug)]
pub struct ClientIdentity {
    /// The certificate, followed by those between it and its authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl UpstreamTls {
    /// Reads the files. Fails with the name of the one that cannot be used.
    pub fn config(&self) -> io::Result<ClientConfig> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = versions.map_err(io::Error::other)?;
        let trusting = match &self.authority {
            Some(file) => builder.with_root_certificates(authority(file)?),
            None => builder.with_platform_verifier().map_err(io::Error::other)?,
        };
        match &self.client {
            Some(client) => client.shown_by(trusting),
            None => Ok(trusting.with_no_client_auth()),
        }
    }
}

impl ClientIdentity {
    fn shown_by(&self, builder: ConfigBuilder<ClientConfig, WantsClientCert>) -> io::Result<ClientConfig> {
        let chain = certificates(&self.certificate)?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|fault| unusable(&self.key, fault))?;
        builder.with_client_auth_cert(chain, key).map_err(|fault| unusable(&self.certificate, fault))
    }
}

fn authority(file: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots.add(certificate).map_err(|fault| unusable(file, fault))?;
    }
    Ok(roots)
}

/// The certificates of a file: at least one.
fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = read.map_err(|fault| unusable(file, fault))?;
    if found.is_empty() { Err(unusable(file, "there is no certificate in it")) } else { Ok(found) }
}

fn unusable(file: &Path, why: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {why}", file.display()))
}
