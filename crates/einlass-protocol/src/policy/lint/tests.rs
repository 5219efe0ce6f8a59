//! Documents in, findings out.

use super::overlap::{Overlap, witness};
use super::*;
use crate::policy::RequestPath;
use crate::policy::matcher::Trie;
use proptest::prelude::*;

fn findings(text: &str, known: Option<&str>) -> Vec<String> {
    let known = known.map(|scopes| scopes.parse().unwrap());
    let documents = [Document { name: "d.yaml", text }];
    lint(&documents, known.as_ref()).iter().map(Finding::to_string).collect()
}

/// A document with those paths, each open to an installation.
fn with_paths(templates: &[&str]) -> String {
    let paths = templates
        .iter()
        .map(|template| format!("  '{template}': {{ get: {{ security: [{{ Wawi: [] }}] }} }}\n"));
    format!("openapi: 3.0.0\npaths:\n{}", paths.collect::<String>())
}

#[test]
fn a_good_document_brings_up_nothing() {
    let text = with_paths(&["/items", "/items/{id}", "/items/all", "/items/{id}.pdf", "/{kind}/{id}"]);
    assert_eq!(findings(&text, Some("a.b")), Vec::<String>::new());
}

#[test]
fn each_odd_thing_is_named_with_its_place() {
    let text = "
openapi: 3.0.0
paths:
  /silent: { get: {} }
  /open: { get: { security: [] }, put: { security: [{ Wawi: [a.b] }, {}] } }
  /foreign: { get: { security: [{ Wawi: [] }, { Wawi: [], mutualTLS: [] }] } }
  /both: { get: { security: [{ oauth2-application: [], oauth2-cloud-id-accessCode: [] }] } }
  /scopes: { get: { security: [{ Wawi: [A.B, c.d] }, { oauth2-application: [e.f] }] } }
";
    let mut found = findings(text, Some("a.b"));
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "d.yaml#/paths/~1both/get: security/0 asks for a machine token and a user-bound one, and a call carries one token",
            "d.yaml#/paths/~1foreign/get: security/1 asks for `mutualTLS`, which nothing satisfies here",
            "d.yaml#/paths/~1open/get: is public: every call is refused unless public operations are allowed",
            "d.yaml#/paths/~1open/put: is public: every call is refused unless public operations are allowed",
            "d.yaml#/paths/~1scopes/get: asks for the scope `c.d`, which is not in the list",
            "d.yaml#/paths/~1scopes/get: asks for the scope `e.f`, which is not in the list",
            "d.yaml#/paths/~1silent/get: says nothing about security: every call is refused",
        ]
    );
    assert!(
        !findings(text, None).iter().any(|finding| finding.contains("list")),
        "no list, no unknown scopes"
    );
}

#[test]
fn faults_are_findings_beside_the_others() {
    let text = "openapi: 3.0.0\npaths: { /a: { get: { security: [{ Wawi: ['a b'] }] }, put: {} } }";
    let documents = [Document { name: "d.yaml", text }];
    let kinds: Vec<_> = lint(&documents, None).iter().map(|finding| finding.complaint.kind()).collect();
    assert_eq!(kinds, ["fault", "no-security"]);
}

#[test]
fn templates_that_cross_are_named_with_a_path_that_both_take() {
    let crossing = |one, other| findings(&with_paths(&[one, other]), None);
    for (loser, winner, path) in [
        ("/{a}/x", "/items/{b}", "/items/x"),
        ("/{id}.pdf", "/report-{id}", "/report-x.pdf"),
        ("/{a}/{b}/c", "/{a}/b/{c}", "/x/b/c"),
    ] {
        let place = loser.replace('/', "~1");
        let expected = format!(
            "d.yaml#/paths/{place}: `{winner}` of d.yaml takes `{path}` too, and decides; another router may decide otherwise"
        );
        assert_eq!(crossing(loser, winner), [expected.as_str()]);
        assert_eq!(crossing(winner, loser), [expected.as_str()], "in any order");
    }
    for (one, other) in
        [("/{a}/x", "/items/y"), ("/a/{b}", "/a/b"), ("/a-{b}", "/{b}-c/d"), ("/a{b}", "/b{a}")]
    {
        assert_eq!(crossing(one, other), Vec::<String>::new(), "{one} {other}");
    }
}

fn template() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        2 => "[ab]{1,2}",
        2 => Just("{p}".to_owned()),
        1 => "[ab]{1,2}\\{p\\}",
        1 => "\\{p\\}[ab]{1,2}",
        1 => "[ab]?\\{p\\}b\\{q\\}[ab]?",
    ];
    proptest::collection::vec(segment, 1..3).prop_map(|segments| format!("/{}", segments.join("/")))
}

fn takes(template: &str, path: &str) -> bool {
    let mut trie = Trie::<bool>::default();
    *trie.entry(template::parse(template).unwrap()) = true;
    trie.find(&RequestPath::parse(path).unwrap()).is_some()
}

proptest! {
    #[test]
    fn the_path_of_an_overlap_is_taken_by_both(one in template(), other in template()) {
        let (ours, theirs) = (template::parse(&one).unwrap(), template::parse(&other).unwrap());
        if Overlap::of(&ours, &theirs).is_some() {
            let path = witness(&ours, &theirs);
            prop_assert!(takes(&one, &path) && takes(&other, &path), "{one} {other} {path}");
        }
    }

    #[test]
    fn what_takes_one_path_overlaps_and_the_narrower_takes_no_other(
        one in template(),
        other in template(),
        path in "(/[ab]{1,4}){1,2}",
    ) {
        let overlap = Overlap::of(&template::parse(&one).unwrap(), &template::parse(&other).unwrap());
        match (takes(&one, &path), takes(&other, &path)) {
            (true, true) => prop_assert!(overlap.is_some(), "{one} and {other} take {path}"),
            (true, false) => prop_assert!(!matches!(overlap, Some(Overlap::Narrower | Overlap::Same))),
            (false, true) => prop_assert!(!matches!(overlap, Some(Overlap::Wider | Overlap::Same))),
            (false, false) => {}
        }
    }
}
