//! Reads operations from OpenAPI 3.0 and 3.1 documents. Every fault is reported with its place, not only
//! the first one, so that a document is put right in one go.

use super::fault::{Fault, Pointer, Problem};
use super::operation::{Method, Operation};
use super::{security, strict_json};
use serde_json::{Map, Value};

/// An OpenAPI document, JSON or YAML.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// What to call it in faults and explanations, usually its file name.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// An operation and its place.
pub(super) struct Located {
    pub(super) operation: Operation,
    pub(super) pointer: Pointer,
}

/// Reads the document's operations; what is wrong with it is added to `faults`.
pub(super) fn read(document: Document<'_>, faults: &mut Vec<Fault>) -> Vec<Located> {
    let mut notes = Notes { document: document.name, faults };
    match parse(document.text) {
        Ok(root) => read_root(&root, &mut notes),
        Err(problem) => {
            notes.add(&Pointer::default(), problem);
            Vec::new()
        }
    }
}

/// Collects the faults of one document.
pub(super) struct Notes<'a> {
    document: &'a str,
    faults: &'a mut Vec<Fault>,
}

impl Notes<'_> {
    pub(super) fn add(&mut self, pointer: &Pointer, problem: impl Into<Problem>) {
        let document = self.document.to_owned();
        self.faults.push(Fault { document, pointer: pointer.clone(), problem: problem.into() });
    }

    /// The value as an object, or a fault.
    pub(super) fn object<'v>(&mut self, value: &'v Value, at: &Pointer) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.add(at, Problem::Shape("an object"));
        }
        object
    }

    /// The value as an array, or a fault.
    pub(super) fn array<'v>(&mut self, value: &'v Value, at: &Pointer) -> Option<&'v Vec<Value>> {
        let array = value.as_array();
        if array.is_none() {
            self.add(at, Problem::Shape("an array"));
        }
        array
    }

    /// The value as a text, or a fault.
    pub(super) fn text<'v>(&mut self, value: &'v Value, at: &Pointer) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            self.add(at, Problem::Shape("a text"));
        }
        text
    }
}

fn parse(text: &str) -> Result<Value, Problem> {
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim_start().starts_with('{') {
        return strict_json::parse(text).map_err(|error| Problem::Unreadable(error.to_string()));
    }
    serde_saphyr::from_str(text).map_err(|error| Problem::Unreadable(error.to_string()))
}

fn read_root(root: &Value, notes: &mut Notes<'_>) -> Vec<Located> {
    let top = Pointer::default();
    let version = root["openapi"].as_str().unwrap_or_default();
    if !(version.starts_with("3.0.") || version.starts_with("3.1.")) {
        notes.add(&top.child("openapi"), Problem::Version);
        return Vec::new();
    }
    security::check_schemes(root, notes);
    let default = read_security(root, &top, notes);
    let at = top.child("paths");
    let Some(paths) = root.get("paths").and_then(|paths| notes.object(paths, &at)) else {
        return Vec::new();
    };
    let templates = paths.iter().filter(|(template, _)| !template.starts_with("x-"));
    templates
        .flat_map(|(template, item)| {
            let place = PathPlace { template, at: at.child(template), default: default.as_ref() };
            read_path(root, item, &place, notes)
        })
        .collect()
}

/// What the operations of one path have in common.
struct PathPlace<'a> {
    template: &'a str,
    at: Pointer,
    default: Option<&'a Vec<super::Alternative>>,
}

fn read_path(root: &Value, item: &Value, place: &PathPlace<'_>, notes: &mut Notes<'_>) -> Vec<Located> {
    let Some((item, at)) = resolve(root, item, &place.at, notes) else { return Vec::new() };
    let Some(item) = notes.object(item, &at) else { return Vec::new() };
    let methods = Method::ALL.into_iter();
    methods
        .filter_map(|method| {
            let key = method.as_str().to_ascii_lowercase();
            read_operation(item.get(&key)?, method, at.child(&key), place, notes)
        })
        .collect()
}

/// A path item, or the one that its `$ref` names.
fn resolve<'v>(
    root: &'v Value,
    item: &'v Value,
    at: &Pointer,
    notes: &mut Notes<'_>,
) -> Option<(&'v Value, Pointer)> {
    let Some(reference) = item.get("$ref") else { return Some((item, at.clone())) };
    let at = at.child("$ref");
    let reference = notes.text(reference, &at)?;
    let target = reference
        .strip_prefix("#/components/pathItems/")
        .filter(|name| !name.contains(['/', '~', '%']))
        .and_then(|name| Some((root.get("components")?.get("pathItems")?.get(name)?, name)))
        .filter(|(target, _)| target.get("$ref").is_none());
    let Some((target, name)) = target else {
        notes.add(&at, Problem::Reference(reference.to_owned()));
        return None;
    };
    Some((target, Pointer::default().child("components").child("pathItems").child(name)))
}

fn read_operation(
    value: &Value,
    method: Method,
    at: Pointer,
    place: &PathPlace<'_>,
    notes: &mut Notes<'_>,
) -> Option<Located> {
    notes.object(value, &at)?;
    let operation_id = value.get("operationId").and_then(|id| notes.text(id, &at.child("operationId")));
    // OpenAPI 3.1, "Operation Object": the operation's list replaces the document's.
    let security = read_security(value, &at, notes).or_else(|| place.default.cloned());
    let operation = Operation {
        document: notes.document.to_owned(),
        method,
        template: place.template.to_owned(),
        operation_id: operation_id.map(str::to_owned),
        security,
    };
    Some(Located { operation, pointer: at })
}

fn read_security(holder: &Value, at: &Pointer, notes: &mut Notes<'_>) -> Option<Vec<super::Alternative>> {
    Some(security::read(holder.get("security")?, &at.child("security"), notes))
}
