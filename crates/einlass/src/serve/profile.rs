//! `einlass serve --profile onprem`: a platform for one merchant's own ERP and nothing else, in one folder. The first start
//! writes a configuration there; every start reads it, so that it can be changed like any other.

use crate::config;
use crate::failure::Failure;
use crate::private;
use clap::ValueEnum;
use einlass_protocol::onprem::DatabaseName;
use einlass_server::random::{OsRandom, Random};
use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

const FILE: &str = "einlass.toml";
const MASTER_KEY: &str = "master.key";
/// What ERPs of this kind usually have.
const USUAL_DATABASE: &str = "eazybusiness";
const USUAL_PORT: u16 = 5883;

/// What a profile is made of at its first start.
#[derive(clap::Args)]
pub(crate) struct Profile {
    /// Run what one merchant's own ERP needs, in a folder of its own, in place of a configuration.
    #[arg(id = "profile", long = "profile", value_enum, value_name = "PROFILE", conflicts_with = "config")]
    pub(super) kind: Option<Kind>,
    /// Where everything is kept.
    #[arg(long, value_name = "FOLDER", default_value = "einlass-onprem", requires = "profile")]
    data: PathBuf,
    /// Where the ERP is; a path in it comes before the paths of its documents.
    #[arg(long, value_name = "URL", requires = "profile")]
    upstream: Option<String>,
    /// The OpenAPI documents that describe it.
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "profile")]
    openapi: Vec<PathBuf>,
    /// What the ERP is called behind /api; eazybusiness unless said here.
    #[arg(long, value_name = "NAME", requires = "profile")]
    database: Option<DatabaseName>,
    /// Where to listen: on loopback, or anywhere with a certificate; 127.0.0.1:5883 unless said here.
    #[arg(long, value_name = "ADDRESS", requires = "profile")]
    listen: Option<SocketAddr>,
    /// What apps and browsers know it by; the address that it listens on unless said here.
    #[arg(long, value_name = "URL", requires = "profile")]
    public_url: Option<String>,
    /// A PEM file with the certificate for TLS, followed by those between it and its authority.
    #[arg(long, value_name = "FILE", requires_all = ["profile", "key", "public_url"])]
    certificate: Option<PathBuf>,
    /// A PEM file with its private key.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
}

/// Which profile.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// Registration, its pages, and the gateway in front of the ERP.
    Onprem,
}

impl Profile {
    /// The configuration in the folder, which is made at the first start.
    pub(super) fn file(&self) -> Result<PathBuf, Failure> {
        let file = self.data.join(FILE);
        if file.exists() {
            return self.unchanged(file);
        }
        let fault = |fault: io::Error| Failure::Failed(format!("{}: {fault}", self.data.display()));
        let text = self.configuration()?;
        private::create_folder(&self.data).map_err(fault)?;
        // The database's files have the modes that its library gives them, so the folder keeps others out.
        private::close_to_others(&self.data).map_err(fault)?;
        let key = self.data.join(MASTER_KEY);
        if !key.exists() {
            private::replace(&key, master_key().as_bytes()).map_err(fault)?;
        }
        // Last, so that a start that was cut off is made good by the next one.
        private::replace(&file, text.as_bytes()).map_err(fault)?;
        Ok(file)
    }

    /// What was said at the first start holds; who says something else now is told where it stands.
    fn unchanged(&self, file: PathBuf) -> Result<PathBuf, Failure> {
        let says_nothing = self.upstream.is_none() && self.openapi.is_empty() && self.certificate.is_none();
        if says_nothing && self.listen.is_none() && self.database.is_none() && self.public_url.is_none() {
            return Ok(file);
        }
        let file = file.display();
        Err(Failure::Usage(format!("{file} is there already and says all that; change it there")))
    }

    fn configuration(&self) -> Result<String, Failure> {
        let needed =
            "the first start needs --upstream and --openapi: where the ERP is, and what describes it";
        let upstream = self.upstream.as_deref().filter(|_| !self.openapi.is_empty());
        let upstream = upstream.ok_or_else(|| Failure::Usage(needed.into()))?;
        let listen = self.listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, USUAL_PORT)));
        let own = format!("http://{listen}");
        let database = self.database.as_ref().map_or(USUAL_DATABASE, DatabaseName::as_str);
        let documents: Vec<String> =
            self.openapi.iter().map(|path| quoted(path)).collect::<Result<_, _>>()?;
        let mut text = format!(
            "# Written by the first start of `einlass serve --profile onprem`, and read by every later one. Change it as you\n\
             # need; docs/einlass.toml shows every key.\n\
             public_url = {}\n\n[store]\nurl = \"sqlite:einlass.db\"\n\n[keys]\nmaster_key_file = \"{MASTER_KEY}\"\n\n\
             [[listener]]\naddress = \"{}\"\nsurfaces = [\"identity\", \"onprem\", \"admin\"]\n",
            config::quoted(self.public_url.as_deref().unwrap_or(&own)),
            listen,
        );
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            let _ = write!(
                text,
                "\n[listener.tls]\ncertificate = {}\nkey = {}\n",
                quoted(certificate)?,
                quoted(key)?
            );
        }
        let _ = write!(
            text,
            "\n[[onprem]]\ndatabase = \"{}\"\nurl = {}\nopenapi = [{}]\n",
            database,
            config::quoted(upstream),
            documents.join(", ")
        );
        Ok(text)
    }
}

/// A file that is there, by a name that holds from everywhere.
fn quoted(path: &Path) -> Result<String, Failure> {
    let whole =
        path.canonicalize().map_err(|fault| Failure::Failed(format!("{}: {fault}", path.display())))?;
    let text = whole.to_str().ok_or_else(|| Failure::Usage(format!("{} is not UTF-8", path.display())))?;
    Ok(config::quoted(text))
}

fn master_key() -> String {
    let mut key = [0; 32];
    OsRandom.fill(&mut key);
    let mut text = String::new();
    for byte in key {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text + "\n"
}
