//! What a call needs, compiled from the upstream's own OpenAPI documents: which operation a request means
//! and which credentials and scopes open it.

mod current;
mod decision;
mod explain;
mod fault;
mod lint;
mod matcher;
mod openapi;
mod operation;
mod path;
mod security;
mod strict_json;
mod template;
#[cfg(test)]
mod tests;

pub use current::CurrentPolicy;
pub use decision::{Caller, CallerKind, Refusal};
pub use explain::Explanation;
pub use fault::{Fault, Pointer, Problem};
pub use lint::{Complaint, Finding, lint};
pub use openapi::Document;
pub use operation::{Alternative, Method, Operation};
pub use path::{PathRejected, RequestPath};
pub use template::TemplateProblem;

use matcher::Trie;

/// What an operator may decide about an upstream's documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Whether operations that their document calls public are open to every caller that is let in at all.
    pub allow_public: bool,
}

/// The operations of one upstream.
#[derive(Debug)]
pub struct Policy {
    paths: Trie<Vec<Operation>>,
    settings: Settings,
}

/// What a request means.
#[derive(Debug)]
pub enum Match<'p> {
    /// This operation; [`Policy::decide`] says to whom it is open.
    Operation(&'p Operation),
    /// The path is known and takes other methods.
    MethodNotAllowed {
        /// The methods that it takes.
        allowed: Vec<Method>,
    },
    /// No such path, or the document does not say what the operation needs.
    Unknown,
}

impl Policy {
    /// Compiles the documents of one upstream, or says everything that is wrong with them.
    pub fn compile<'d>(
        documents: impl IntoIterator<Item = Document<'d>>,
        settings: Settings,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut policy = Self { paths: Trie::default(), settings };
        for document in documents {
            for located in openapi::read(document, &mut faults) {
                faults.extend(policy.add(located).err());
            }
        }
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }

    fn add(&mut self, located: openapi::Located) -> Result<(), Fault> {
        let openapi::Located { operation, pointer } = located;
        let fault = |problem| Fault { document: operation.document.clone(), pointer, problem };
        let template = match template::parse(&operation.template) {
            Ok(template) => template,
            Err(problem) => return Err(fault(problem.into())),
        };
        let operations = self.paths.entry(template);
        if let Some(other) = operations.iter().find(|other| other.method == operation.method) {
            return Err(fault(Problem::Duplicate {
                method: other.method.as_str(),
                template: other.template.clone(),
                document: other.document.clone(),
            }));
        }
        operations.push(operation);
        Ok(())
    }

    /// Which operation a request means. The most literal path decides; its methods are the only ones.
    #[must_use]
    pub fn find(&self, method: &str, path: &RequestPath) -> Match<'_> {
        if let Some(operation) = self.candidate(method, path) {
            return if operation.security.is_some() { Match::Operation(operation) } else { Match::Unknown };
        }
        let allowed = self.allowed(path);
        if allowed.is_empty() { Match::Unknown } else { Match::MethodNotAllowed { allowed } }
    }

    /// Whether `caller` may use `operation`, and by which of its alternatives.
    pub fn decide<'o>(
        &self,
        operation: &'o Operation,
        caller: Caller<'_>,
    ) -> Result<&'o Alternative, Refusal> {
        decision::decide(operation, caller, self.settings.allow_public)
    }

    /// Every operation, in no order.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.paths.iter().flatten()
    }

    /// The operation for method and path, whether or not its document says what it needs.
    fn candidate(&self, method: &str, path: &RequestPath) -> Option<&Operation> {
        let operations = self.paths.find(path)?;
        let named = |name: &str| operations.iter().find(|operation| operation.method.as_str() == name);
        // RFC 9110 §9.3.2: HEAD is GET without the content.
        named(method).or_else(|| if method == "HEAD" { named("GET") } else { None })
    }

    /// The methods that a path takes; none where it is no operation's.
    #[must_use]
    pub fn allowed(&self, path: &RequestPath) -> Vec<Method> {
        let operations = self.paths.find(path).into_iter().flatten();
        let mut allowed: Vec<Method> = operations
            .filter(|operation| operation.security.is_some())
            .map(|operation| operation.method)
            .collect();
        if allowed.contains(&Method::Get) && !allowed.contains(&Method::Head) {
            allowed.push(Method::Head);
        }
        allowed
    }
}
