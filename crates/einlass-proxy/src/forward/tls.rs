//! How an upstream is recognised by TLS, and how it recognises us.

use crate::pem;
use rustls::client::WantsClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Certificates for the connections to an upstream, in PEM files. When these change, new
/// connections are made by what they say then; while they cannot be used, by what they said before.
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
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let of_client = self.client.iter().flat_map(|client| [&client.certificate, &client.key]);
        self.authority.iter().chain(of_client).cloned().collect()
    }

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
        let (chain, key) = (pem::certificates(&self.certificate)?, pem::key(&self.key)?);
        builder.with_client_auth_cert(chain, key).map_err(|fault| pem::unusable(&self.certificate, fault))
    }
}

fn authority(file: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in pem::certificates(file)? {
        roots.add(certificate).map_err(|fault| pem::unusable(file, fault))?;
    }
    Ok(roots)
}
