//! `einlass policy lint`: what is odd about OpenAPI documents, before the gateway judges by them.

use crate::documents::Documents;
use crate::failure::Failure;
use crate::output;
use clap::ValueEnum;
use einlass_protocol::policy::Finding;
use einlass_protocol::scope::{Scope, ScopeSet};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Which documents, and by which scopes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// An OpenAPI document, JSON or YAML; the documents of one upstream belong together.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    openapi: Vec<PathBuf>,
    /// The scopes that exist, one a line; lines that begin with # are passed over.
    #[arg(long, value_name = "FILE")]
    scopes: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A line for each finding.
    Text,
    /// All findings in one object.
    Json,
}

pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let documents = Documents::read(&options.openapi)?;
    let known = options.scopes.as_deref().map(read_scopes).transpose()?;
    let findings = documents.lint(known.as_ref());
    output::print(&match options.format {
        Format::Text => findings.iter().map(|finding| format!("{finding}\n")).collect::<Vec<_>>().concat(),
        Format::Json => {
            format!("{}\n", json!({ "findings": findings.iter().map(as_json).collect::<Vec<_>>() }))
        }
    })?;
    match findings.len() {
        0 => Ok(()),
        1 => Err(Failure::Failed("1 finding".into())),
        several => Err(Failure::Failed(format!("{several} findings"))),
    }
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "document": finding.document,
        "pointer": finding.pointer.as_str(),
        "kind": finding.complaint.kind(),
        "message": finding.complaint.to_string(),
    })
}

/// Reads the list of scopes, or says which line is none.
fn read_scopes(file: &Path) -> Result<ScopeSet, Failure> {
    let fault = |place: String, fault: &dyn std::error::Error| Failure::Usage(format!("{place}: {fault}"));
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| fault(name.to_string(), &error))?;
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|(at, line)| line.parse::<Scope>().map_err(|error| fault(format!("{name}:{}", at + 1), &error)))
        .collect()
}
