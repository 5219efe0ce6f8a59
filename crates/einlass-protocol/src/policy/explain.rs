//! Why a request is judged as it is, in words.

use super::operation::{Method, Operation};
use super::path::RequestPath;
use super::{Match, Policy};
use std::fmt;

/// What a policy says about a method and a path.
#[derive(Debug)]
pub enum Explanation<'p> {
    /// The operation that is judged.
    Operation(&'p Operation),
    /// The path is known, the method is not.
    MethodNotAllowed(Vec<Method>),
    /// Nothing matches, or only an operation whose document does not say what it needs.
    Unknown {
        /// The operation without a `security` section, if there is one.
        unstated: Option<&'p Operation>,
        /// Up to three templates that look most like the path, the nearest first.
        nearest: Vec<&'p str>,
    },
}

impl Policy {
    /// Explains what [`Policy::find`] answers.
    #[must_use]
    pub fn explain(&self, method: &str, path: &RequestPath) -> Explanation<'_> {
        match self.find(method, path) {
            Match::Operation(operation) => Explanation::Operation(operation),
            Match::MethodNotAllowed { allowed } => Explanation::MethodNotAllowed(allowed),
            Match::Unknown => {
                let unstated = self.candidate(method, path);
                let nearest = if unstated.is_some() { Vec::new() } else { self.nearest(path) };
                Explanation::Unknown { unstated, nearest }
            }
        }
    }

    fn nearest(&self, path: &RequestPath) -> Vec<&str> {
        let folded = path.folded();
        let mut templates: Vec<_> = self.operations().map(|operation| operation.template.as_str()).collect();
        templates.sort_by_cached_key(|template| (distance(template, &folded), *template));
        templates.dedup();
        templates.truncate(3);
        templates
    }
}

/// How many characters differ, segment by segment; a parameter differs from nothing.
fn distance(template: &str, folded: &str) -> usize {
    let mut ours = template[1..].split('/');
    let mut theirs = folded.split('/');
    let mut sum = 0;
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return sum,
            (Some(ours), Some(_)) if ours.contains('{') => {}
            (Some(ours), Some(theirs)) => sum += edits(&ours.to_ascii_lowercase(), theirs),
            (Some(rest), None) | (None, Some(rest)) => sum += rest.chars().count() + 1,
        }
    }
}

/// The number of characters to insert, delete or replace (Levenshtein's distance).
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, ours) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, theirs) in to.chars().enumerate() {
            let replaced = diagonal + usize::from(ours != theirs);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(operation) => write_operation(operation, f),
            Self::MethodNotAllowed(allowed) => {
                let allowed: Vec<_> = allowed.iter().map(|method| method.as_str()).collect();
                write!(f, "refused: this path takes {}", allowed.join(", "))
            }
            Self::Unknown { unstated: Some(operation), .. } => {
                write!(f, "refused: {} has no `security` section, nor has its document", Name(operation))
            }
            Self::Unknown { nearest, .. } => write_nearest(nearest, f),
        }
    }
}

fn write_operation(operation: &Operation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}", Name(operation))?;
    for (index, alternative) in operation.security.iter().flatten().enumerate() {
        let word = if index == 0 { "needs" } else { "or" };
        write!(f, "\n  {word} {alternative}")?;
    }
    Ok(())
}

fn write_nearest(nearest: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("refused: no operation has this path")?;
    for (index, template) in nearest.iter().enumerate() {
        write!(f, "\n  {} {template}", if index == 0 { "nearest:" } else { "        " })?;
    }
    Ok(())
}

/// An operation with its names.
struct Name<'a>(&'a Operation);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { document, method, template, operation_id, .. } = self.0;
        write!(f, "{} {template}", method.as_str())?;
        if let Some(id) = operation_id {
            write!(f, " ({id})")?;
        }
        write!(f, " of {document}")
    }
}
