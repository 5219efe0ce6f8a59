//! Scopes in plain words, grouped by what they are about.

use super::words::Words;
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
    pub(super) kind: Kind,
    /// With what, where a scope of version 1.2 says so; what it allows, where pages have no word for that.
    pub(super) rest: String,
}

/// What a permission comes down to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Read,
    /// Create, change and delete: what a coarse scope calls writing.
    Write,
    Create,
    Change,
    Delete,
    Print,
    Mail,
    Cancel,
    /// An operation that has no word here.
    Other,
}

impl Kind {
    pub(super) fn word(self, w: &Words) -> &'static str {
        match self {
            Self::Read => w.may_read,
            Self::Write => w.may_write,
            Self::Create => w.may_create,
            Self::Change => w.may_change,
            Self::Delete => w.may_delete,
            Self::Print => w.may_print,
            Self::Mail => w.may_mail,
            Self::Cancel => w.may_cancel,
            Self::Other => "",
        }
    }
}

/// How operations of version 1.2 begin (`category.createcategory`).
const VERBS: [(&str, Kind); 9] = [
    ("query", Kind::Read),
    ("get", Kind::Read),
    ("create", Kind::Create),
    ("update", Kind::Change),
    ("delete", Kind::Delete),
    ("print", Kind::Print),
    ("pdf", Kind::Print),
    ("mail", Kind::Mail),
    ("cancel", Kind::Cancel),
];

/// A list in groups, in the order of the alphabet.
pub(super) fn grouped(scopes: &ScopeSet) -> Vec<Group> {
    let mut groups: BTreeMap<&str, Vec<Right>> = BTreeMap::new();
    for scope in scopes.iter() {
        let (resource, word) = scope.as_str().split_once('.').unwrap_or((scope.as_str(), ""));
        let (kind, rest) = in_words(word);
        groups.entry(resource).or_default().push(Right { scope: scope.clone(), kind, rest: rest.into() });
    }
    groups.into_iter().map(|(resource, rights)| Group { resource: resource.into(), rights }).collect()
}

fn in_words(word: &str) -> (Kind, &str) {
    match word {
        "read" => return (Kind::Read, ""),
        "write" => return (Kind::Write, ""),
        _ => {}
    }
    let known = VERBS.iter().find_map(|(verb, kind)| Some((*kind, word.strip_prefix(verb)?)));
    known.unwrap_or((Kind::Other, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_together_with_what_they_are_about() {
        let scopes = "items.read items.write returns.print odd".parse().unwrap();
        let kinds = |group: &Group| group.rights.iter().map(|right| right.kind).collect::<Vec<_>>();
        let told: Vec<_> =
            grouped(&scopes).iter().map(|group| (group.resource.clone(), kinds(group))).collect();
        assert_eq!(
            told,
            [
                ("items".into(), vec![Kind::Read, Kind::Write]),
                ("odd".into(), vec![Kind::Other]),
                ("returns".into(), vec![Kind::Print]),
            ]
        );
    }

    #[test]
    fn fine_scopes_say_what_with_which() {
        for (word, kind, rest) in [
            ("createcategorydescription", Kind::Create, "categorydescription"),
            ("querycategories", Kind::Read, "categories"),
            ("mailcreditnote", Kind::Mail, "creditnote"),
            ("triggeritemworkflow", Kind::Other, "triggeritemworkflow"),
            ("print", Kind::Print, ""),
        ] {
            assert_eq!(in_words(word), (kind, rest));
        }
    }
}
