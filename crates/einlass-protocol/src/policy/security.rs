//! Reads what a document asks of callers: security requirements and the schemes that they name.

use super::fault::{Pointer, Problem};
use super::openapi::Notes;
use super::operation::Alternative;
use crate::scope::{Scope, ScopeSet};
use serde_json::Value;

const WAWI: &str = "Wawi";
const APPLICATION: &str = "oauth2-application";
const CLOUD_ID: &str = "oauth2-cloud-id-accessCode";

/// A scheme of the platform's name that is something else would make every reading of it a guess.
pub(super) fn check_schemes(root: &Value, notes: &mut Notes<'_>) {
    let Some(schemes) = root.get("components").and_then(|components| components.get("securitySchemes"))
    else {
        return;
    };
    let at = Pointer::default().child("components").child("securitySchemes");
    for (name, expected) in [(WAWI, "apiKey"), (APPLICATION, "oauth2"), (CLOUD_ID, "oauth2")] {
        let Some(scheme) = schemes.get(name) else { continue };
        if scheme.get("type").and_then(Value::as_str) != Some(expected) {
            notes.add(&at.child(name), Problem::SchemeType(name.to_owned(), expected));
        }
    }
}

/// Reads a `security` list. An empty list is the same as one empty alternative: public.
pub(super) fn read(list: &Value, at: &Pointer, notes: &mut Notes<'_>) -> Vec<Alternative> {
    let Some(list) = notes.array(list, at) else { return Vec::new() };
    if list.is_empty() {
        return vec![Alternative::default()];
    }
    let alternatives = list.iter().enumerate();
    alternatives.map(|(index, value)| read_alternative(value, &at.child(&index.to_string()), notes)).collect()
}

fn read_alternative(value: &Value, at: &Pointer, notes: &mut Notes<'_>) -> Alternative {
    let mut alternative = Alternative::default();
    for (name, scopes) in notes.object(value, at).into_iter().flatten() {
        let scopes = read_scopes(scopes, &at.child(name), notes);
        match name.as_str() {
            WAWI => alternative.wawi = Some(scopes),
            APPLICATION => alternative.application = Some(scopes),
            CLOUD_ID => alternative.cloud_id = Some(scopes),
            _ => alternative.unsupported.push(name.clone()),
        }
    }
    alternative
}

fn read_scopes(list: &Value, at: &Pointer, notes: &mut Notes<'_>) -> ScopeSet {
    let Some(list) = notes.array(list, at) else { return ScopeSet::default() };
    list.iter()
        .enumerate()
        .filter_map(|(index, value)| {
            let at = at.child(&index.to_string());
            let scope = notes.text(value, &at)?.parse::<Scope>();
            scope.map_err(|invalid| notes.add(&at, invalid)).ok()
        })
        .collect()
}
