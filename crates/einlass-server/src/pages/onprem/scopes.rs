//! Scopes in plain words, grouped by what they are about.

use einlass_protocol::scope::{Scope, ScopeSet};
use std::collections::BTreeMap;

/// What scopes allow with one kind of thing.
pub(super) struct Group {
    /// `items`.
    pub(super) resource: String,
    pub(super) rights: Vec<Right>,
}

/// One scope.
pub(super) struct Right {
    pub(super) scope: Scope,
    /// What it allows, where that is one of the words that pages know.
    pub(super) kind: Kind,
    /// The word after the dot, as it is.
    pub(super) word: String,
}

/// What a permission comes down to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Read,
    Write,
    Print,
    /// An operation of its own, as version 1.2 has them.
    Other,
}

/// A list in groups, in the order of the alphabet.
pub(super) fn grouped(scopes: &ScopeSet) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<Right>> = BTreeMap::new();
    for scope in scopes.iter() {
        let (resource, word) = scope.as_str().split_once('.').unwrap_or((scope.as_str(), ""));
        let right = Right { scope: scope.clone(), kind: Kind::of(word), word: word.into() };
        groups.entry(resource).or_default().push(right);
    }
    groups.into_iter().map(|(resource, rights)| Group { resource: resource.into(), rights }).collect()
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            "read" => Self::Read,
            "write" => Self::Write,
            "print" => Self::Print,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_together_with_what_they_are_about() {
        let scopes = "items.read items.write returns.print category.createcategory odd".parse().unwrap();
        let told: Vec<_> = grouped(&scopes)
            .iter()
            .map(|group| {
                (group.resource.clone(), group.rights.iter().map(|right| right.kind).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("category".into(), vec![Kind::Other]),
                ("items".into(), vec![Kind::Read, Kind::Write]),
                ("odd".into(), vec![Kind::Other]),
                ("returns".into(), vec![Kind::Print]),
            ]
        );
    }
}
