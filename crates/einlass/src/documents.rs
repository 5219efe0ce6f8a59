//! The OpenAPI documents that the gateway judges by.

use crate::failure::Failure;
use crate::reload::Watched;
use einlass_protocol::policy::{CurrentPolicy, Document, Finding, Policy, Settings, lint};
use einlass_protocol::scope::ScopeSet;
use einlass_server::emulator::erp;
use std::path::{Path, PathBuf};

/// Documents by name, read and not yet understood.
#[derive(Debug)]
pub(crate) struct Documents {
    texts: Vec<(String, String)>,
    watched: Watched,
}

impl Documents {
    /// Reads these files; without any, the document of the demonstration ERP.
    pub(crate) fn read(files: &[PathBuf]) -> Result<Self, Failure> {
        let watched = Watched::new(files);
        let texts = if files.is_empty() {
            vec![("demonstration ERP".into(), erp::OPENAPI.into())]
        } else {
            files.iter().map(|file| read(file)).collect::<Result<_, _>>()?
        };
        Ok(Self { texts, watched })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
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

    /// Puts what the files say in force whenever they change, and each time that `asked` comes back. While they
    /// are faulty the policy before stays in force. Never ends.
    pub(crate) async fn follow<A>(self, settings: Settings, policy: CurrentPolicy, asked: impl FnMut() -> A)
    where
        A: Future<Output = ()>,
    {
        let files = self.watched.files().to_vec();
        let reread = || match Self::read(&files).map(|documents| documents.policy(settings)) {
            Ok(Ok(new)) => {
                let operations = new.operations().count();
                policy.replace(new);
                tracing::info!(target: "einlass::policy", operations, "documents read again");
            }
            Ok(Err(faults)) => stays(&faults.join("; ")),
            Err(failure) => stays(&failure.to_string()),
        };
        self.watched.follow(asked, reread).await;
    }

    fn as_documents(&self) -> impl Iterator<Item = Document<'_>> {
        self.texts.iter().map(|(name, text)| Document { name, text })
    }
}

fn stays(faults: &str) {
    tracing::error!(target: "einlass::policy", faults, "documents are faulty: the policy before stays in force");
}

fn read(file: &Path) -> Result<(String, String), Failure> {
    let name = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok((name, text)),
        Err(fault) => Err(Failure::Usage(format!("{name}: {fault}"))),
    }
}
