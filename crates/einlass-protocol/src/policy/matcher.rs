//! Finds the operation that a request means. A trie of segments, so that the number of operations does
//! not matter; the most literal path wins, from left to right, as in the upstream's own router.

use super::path::RequestPath;
use super::template::{Mixed, Pattern};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

/// Templates as a trie; each leads to what `T` holds for it.
#[derive(Debug)]
pub(super) struct Trie<T> {
    literals: HashMap<String, Self>,
    /// The more text, the earlier.
    mixed: Vec<(Mixed, Self)>,
    parameter: Option<Box<Self>>,
    here: Option<T>,
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { literals: HashMap::new(), mixed: Vec::new(), parameter: None, here: None }
    }
}

impl<T: Default> Trie<T> {
    /// What belongs to the template, made if it is new. Templates are the same when they differ in nothing
    /// but parameter names and case.
    pub(super) fn entry(&mut self, template: Vec<Pattern>) -> &mut T {
        let mut node = self;
        for pattern in template {
            node = node.child(pattern);
        }
        node.here.get_or_insert_default()
    }

    fn child(&mut self, pattern: Pattern) -> &mut Self {
        match pattern {
            Pattern::Literal(text) => self.literals.entry(text).or_default(),
            Pattern::Parameter => self.parameter.get_or_insert_default(),
            Pattern::Mixed(mixed) => self.mixed_child(mixed),
        }
    }

    fn mixed_child(&mut self, mixed: Mixed) -> &mut Self {
        let at = match self.mixed.binary_search_by_key(&rank(&mixed), |(other, _)| rank(other)) {
            Ok(at) => at,
            Err(at) => {
                self.mixed.insert(at, (mixed, Self::default()));
                at
            }
        };
        &mut self.mixed[at].1
    }
}

/// The order in which siblings are tried.
fn rank(mixed: &Mixed) -> (Reverse<usize>, Mixed) {
    (Reverse(mixed.literal_len()), mixed.clone())
}

/// How literal each segment of a template is. Of two templates that take a path, the smaller one decides.
pub(super) fn looseness(template: &[Pattern]) -> Vec<impl Ord + fmt::Debug + use<>> {
    let of_segment = |pattern: &Pattern| match pattern {
        Pattern::Literal(_) => (0, None),
        Pattern::Mixed(mixed) => (1, Some(rank(mixed))),
        Pattern::Parameter => (2, None),
    };
    template.iter().map(of_segment).collect()
}

impl<T> Trie<T> {
    /// What belongs to the most literal template that the path matches.
    pub(super) fn find(&self, path: &RequestPath) -> Option<&T> {
        self.descend(Some(&path.folded()))
    }

    /// Everything that is held, in no order.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        let mixed = self.mixed.iter().map(|(_, node)| node);
        let nodes = self.literals.values().chain(mixed).chain(self.parameter.as_deref());
        Box::new(self.here.iter().chain(nodes.flat_map(Self::iter)))
    }

    /// Every node is visited at most once, since only one way leads to it.
    fn descend(&self, rest: Option<&str>) -> Option<&T> {
        let Some(rest) = rest else { return self.here.as_ref() };
        let (segment, rest) = rest.split_once('/').map_or((rest, None), |(first, rest)| (first, Some(rest)));
        let mixed = self.mixed.iter().filter(|(mixed, _)| mixed.matches(segment)).map(|(_, node)| node);
        let nodes = self.literals.get(segment).into_iter().chain(mixed).chain(self.parameter.as_deref());
        nodes.into_iter().find_map(|node| node.descend(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::template;
    use proptest::prelude::*;

    fn trie(templates: &[&str]) -> Trie<String> {
        let mut trie = Trie::default();
        for text in templates {
            *trie.entry(template::parse(text).unwrap()) = (*text).to_owned();
        }
        trie
    }

    fn find<'t>(trie: &'t Trie<String>, path: &str) -> Option<&'t str> {
        trie.find(&RequestPath::parse(path).unwrap()).map(String::as_str)
    }

    #[test]
    fn the_most_literal_template_wins_from_left_to_right() {
        let trie = trie(&["/{a}/x", "/items/{b}", "/items/{c}.pdf", "/items/all", "/items/r-{d}.pdf"]);
        assert_eq!(find(&trie, "/items/all"), Some("/items/all"));
        assert_eq!(find(&trie, "/ITEMS/ALL"), Some("/items/all"));
        assert_eq!(find(&trie, "/items/1.PDF"), Some("/items/{c}.pdf"));
        assert_eq!(find(&trie, "/items/r-1.pdf"), Some("/items/r-{d}.pdf"));
        assert_eq!(find(&trie, "/items/1"), Some("/items/{b}"));
        assert_eq!(find(&trie, "/items/x"), Some("/items/{b}"));
        assert_eq!(find(&trie, "/other/x"), Some("/{a}/x"));
        assert_eq!(find(&trie, "/other/y"), None);
        assert_eq!(find(&trie, "/items"), None);
    }

    #[test]
    fn a_literal_that_leads_nowhere_does_not_hide_a_parameter() {
        let trie = trie(&["/items/all/new", "/{kind}/{id}/old"]);
        assert_eq!(find(&trie, "/items/all/old"), Some("/{kind}/{id}/old"));
    }

    fn templates() -> impl Strategy<Value = Vec<String>> {
        let segment = prop_oneof![
            3 => "[abAB]{1,2}",
            2 => Just("{p}".to_owned()),
            1 => "[ab]\\{p\\}",
            1 => "\\{p\\}[ab]",
            1 => "\\{p\\}b\\{q\\}",
        ];
        let template =
            proptest::collection::vec(segment, 1..4).prop_map(|segments| format!("/{}", segments.join("/")));
        proptest::collection::vec(template, 1..16)
    }

    fn looseness(template: &str) -> Vec<impl Ord + fmt::Debug + use<>> {
        super::looseness(&template::parse(template).unwrap())
    }

    /// A second, slow reading of a template.
    fn accepts(template: &str, path: &str) -> bool {
        let patterns = template::parse(template).unwrap();
        let segments: Vec<String> = path[1..].split('/').map(str::to_ascii_lowercase).collect();
        patterns.len() == segments.len()
            && patterns.iter().zip(&segments).all(|(pattern, segment)| match pattern {
                Pattern::Literal(text) => text == segment,
                Pattern::Mixed(mixed) => mixed.matches(segment),
                Pattern::Parameter => true,
            })
    }

    proptest! {
        #[test]
        fn a_request_finds_its_template_or_a_more_literal_one(
            templates in templates(),
            pick in any::<proptest::sample::Index>(),
            values in ("[abAB]{1,3}", "[abAB]{1,3}"),
        ) {
            let texts: Vec<&str> = templates.iter().map(String::as_str).collect();
            let own = pick.get(&texts);
            let path = own.replace("{p}", &values.0).replace("{q}", &values.1);
            let trie = trie(&texts);
            let found = find(&trie, &path).expect("its own template matches");
            prop_assert!(accepts(found, &path), "{found} does not accept {path}");
            prop_assert!(looseness(found) <= looseness(own), "{found} is looser than {own} for {path}");
        }

        #[test]
        fn nothing_more_literal_is_passed_over(templates in templates(), path in "(/[abAB]{1,3}){1,3}") {
            let texts: Vec<&str> = templates.iter().map(String::as_str).collect();
            let trie = trie(&texts);
            let best = texts.iter().filter(|text| accepts(text, &path)).map(|text| looseness(text)).min();
            prop_assert_eq!(find(&trie, &path).map(looseness), best);
        }
    }
}
