//! Configurations in a folder with the files that they name.

mod arbitrary;
mod effective;
mod environment;
mod example;
mod faults;
mod remarks;

use super::{Config, Effective, Faults, read};
use einlass_server::emulator::{erp, marketplace};
use rcgen::{CertificateParams, KeyPair};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// As little as can be said.
const LEAST: &str = r#"public_url = "https://api.example.com"
[keys]
master_key_file = "master.key"
[[listener]]
address = "127.0.0.1:8480"
"#;

/// A folder with what configurations name.
struct Folder(TempDir);

impl Folder {
    /// With a master key alone.
    fn bare_of_certificates() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("master.key", &format!("{}\n", "0f".repeat(32)));
        folder
    }

    fn new() -> Self {
        let folder = Self::bare_of_certificates();
        folder.write("erp.yaml", erp::OPENAPI);
        folder.write("marketplace.yaml", marketplace::OPENAPI);
        folder.write("erp.secret", "canary\n");
        folder.write("store.url", "postgres://einlass:canary@db/einlass\n");
        for (certificate, key) in
            [("tls.pem", "tls.key"), ("client.pem", "client.key"), ("erp-ca.pem", "ca.key")]
        {
            let pair = KeyPair::generate().unwrap();
            let signed = CertificateParams::new(vec!["api.example.com".into()]).unwrap().self_signed(&pair);
            folder.write(certificate, &signed.unwrap().pem());
            folder.write(key, &pair.serialize_pem());
        }
        folder
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.0.path().join(name), content).unwrap();
    }

    /// Reads this text as the folder's `einlass.toml`, with these variables set.
    fn read(&self, text: &str, variables: &[(&str, &str)]) -> Result<(Config, Effective), Faults> {
        self.write("einlass.toml", text);
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        read(&self.0.path().join("einlass.toml"), &variable)
    }

    fn config(&self, text: &str) -> Config {
        self.read(text, &[]).unwrap().0
    }

    /// What is wrong with it, without the folder's name.
    fn faults(&self, text: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let faults = self.read(text, variables).err().map(|faults| self.bare(&faults.to_string()));
        faults.iter().flat_map(|faults| faults.lines()).map(str::to_owned).collect()
    }

    fn bare(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.0.path().display()), "")
    }
}

#[test]
fn a_file_that_is_not_there_is_a_fault() {
    let faults = read(Path::new("/nowhere/einlass.toml"), &|_| None).unwrap_err().to_string();
    assert!(faults.starts_with("/nowhere/einlass.toml: cannot be read: "), "{faults}");
    assert!(faults.ends_with("; name another file with --config"), "{faults}");
}
