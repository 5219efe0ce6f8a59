//! The OpenAPI documents that the gateway judges by.

use crate::failure::Failure;
use einlass_protocol::policy::{Document, Finding, Policy, Settings, lint};
use einlass_protocol::scope::ScopeSet;
use einlass_server::emulator::erp;
use std::path::{Path, PathBuf};

/// Documents by name, read and not yet understood.
pub(crate) struct Documents(Vec<(String, String)>);

impl Documents {
    /// Reads these files; without any, the document of the demonstration ERP.
    pub(crate) fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        if files.is_empty() {
            return Ok(Self(vec![("demonstration ERP".into(), erp::OPENAPI.into())]));
        }
        files.iter().map(|file| read(file)).collect::<Result<_, _>>().map(Self)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Understands them, or says everything that is wrong with them.
    pub(crate) fn policy(&self, settings: Settings) -> Result<Policy, Vec<String>> {
        Policy::compile(self.as_documents(), settings)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    /// What is odd about them; with `known`, scopes that are not among these are reported.
    pub(crate) fn lint(&self, known: Option<&ScopeSet>) -> Vec<Finding> {
        lint(&self.as_documents().collect::<Vec<_>>(), known)
    }

    /// Understands them as a command does that takes them from its command line.
    pub(crate) fn compile(&self) -> Result<Policy, Failure> {
        self.policy(Settings::default()).map_err(|faults| Failure::Usage(faults.join("\n         ")))
    }

    fn as_documents(&self) -> impl Iterator<Item = Document<'_>> {
        self.0.iter().map(|(name, text)| Document { name, text })
    }
}

fn read(file: &Path) -> Result<(String, String), Failure> {
    let name = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok((name, text)),
        Err(fault) => Err(Failure::Usage(format!("{name}: {fault}"))),
    }
}
