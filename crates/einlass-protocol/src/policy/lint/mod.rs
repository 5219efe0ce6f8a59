//! What is odd about documents before any call is judged by them: faults, and what a person should look at.

mod finding;
mod overlap;
#[cfg(test)]
mod tests;

pub use finding::{Complaint, Finding};

use super::fault::Pointer;
use super::matcher::looseness;
use super::openapi::{self, Located};
use super::operation::Operation;
use super::template::{self, Pattern};
use super::{Alternative, Document, Policy, Settings};
use crate::scope::ScopeSet;
use overlap::{Overlap, witness};

/// Looks through documents of one upstream. With `known`, scopes that are not among them are reported.
#[must_use]
pub fn lint(documents: &[Document<'_>], known: Option<&ScopeSet>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = match Policy::compile(documents.iter().copied(), Settings::default()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(Finding::from).collect(),
    };
    let operations = documents.iter().flat_map(|&document| openapi::read(document, &mut Vec::new()));
    let operations: Vec<Located> = operations.collect();
    for located in &operations {
        let complaints = complaints(&located.operation, known);
        findings.extend(complaints.into_iter().map(|complaint| Finding {
            document: located.operation.document.clone(),
            pointer: located.pointer.clone(),
            complaint,
        }));
    }
    findings.extend(shadows(&operations));
    findings
}

/// What is odd about one operation by itself.
fn complaints(operation: &Operation, known: Option<&ScopeSet>) -> Vec<Complaint> {
    let Some(alternatives) = &operation.security else {
        return vec![Complaint::NoSecurity];
    };
    let mut complaints = Vec::new();
    if alternatives.iter().any(Alternative::is_public) {
        complaints.push(Complaint::Public);
    }
    complaints.extend(alternatives.iter().enumerate().filter_map(unsatisfiable));
    let asked: ScopeSet =
        alternatives.iter().flat_map(|way| way.scopes().iter().cloned().collect::<Vec<_>>()).collect();
    let unknown = known.map(|known| asked.difference(known)).unwrap_or_default();
    complaints.extend(unknown.iter().cloned().map(Complaint::UnknownScope));
    complaints
}

fn unsatisfiable((index, alternative): (usize, &Alternative)) -> Option<Complaint> {
    if !alternative.unsupported.is_empty() {
        return Some(Complaint::UnknownSchemes { index, schemes: alternative.unsupported.clone() });
    }
    let both = alternative.application.is_some() && alternative.cloud_id.is_some();
    both.then_some(Complaint::TwoTokens { index })
}

/// A template, taken apart once.
struct Path<'a> {
    operation: &'a Operation,
    patterns: Vec<Pattern>,
}

impl Path<'_> {
    fn finding(&self, other: &Self, path: String) -> Finding {
        let Operation { document, template, .. } = self.operation;
        Finding {
            document: document.clone(),
            pointer: Pointer::default().child("paths").child(template),
            complaint: Complaint::Shadowed {
                template: other.operation.template.clone(),
                document: other.operation.document.clone(),
                path,
            },
        }
    }
}

/// Pairs of templates that both take some path and of which neither is simply the more literal one, so that
/// another router may decide otherwise.
fn shadows(operations: &[Located]) -> Vec<Finding> {
    let mut paths: Vec<Path<'_>> = Vec::new();
    for Located { operation, .. } in operations {
        let Ok(patterns) = template::parse(&operation.template) else { continue };
        if !paths.iter().any(|known| known.patterns == patterns) {
            paths.push(Path { operation, patterns });
        }
    }
    let pairs =
        paths.iter().enumerate().flat_map(|(at, one)| paths[at + 1..].iter().map(move |other| (one, other)));
    pairs.filter_map(|(one, other)| shadow(one, other)).collect()
}

fn shadow(one: &Path<'_>, other: &Path<'_>) -> Option<Finding> {
    if Overlap::of(&one.patterns, &other.patterns)? != Overlap::Crossing {
        return None;
    }
    let path = witness(&one.patterns, &other.patterns);
    let wins = looseness(&one.patterns) < looseness(&other.patterns);
    Some(if wins { other.finding(one, path) } else { one.finding(other, path) })
}
