//! Whether a caller may use an operation, and if not, what is missing.

use super::operation::{Alternative, Operation};
use crate::scope::ScopeSet;

/// What kind of credential a caller presented.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CallerKind {
    /// An app that acts for itself (`oauth2-application`).
    Machine,
    /// An app that acts for a person (`oauth2-cloud-id-accessCode`).
    Person,
    /// An app at a merchant's own premises, with a key of its own (`Wawi`).
    Key,
}

/// A caller whose token is verified and whose app the tenant has installed, or whose key works.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The kind of its credential.
    pub kind: CallerKind,
    /// The scopes of its token; of a key nothing is asked here.
    pub token: &'a ScopeSet,
    /// The scopes that the tenant has granted to the app, or that the key was given.
    pub granted: &'a ScopeSet,
}

/// Why a caller may not use an operation. The text is for the log.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Scopes are missing. Of several alternatives the one that lacks the fewest.
    #[error("needs {required}; not in the token: [{not_in_token}], not granted: [{not_granted}]")]
    MissingScopes {
        /// Every scope that the alternative needs.
        required: ScopeSet,
        /// Those that the token does not carry.
        not_in_token: ScopeSet,
        /// Those that the tenant has not granted.
        not_granted: ScopeSet,
    },
    /// The token is of the wrong kind.
    #[error("takes another kind of token: {accepted:?}")]
    WrongCredential {
        /// The kind that would be accepted.
        accepted: CallerKind,
    },
    /// No caller can satisfy what the document asks for, or it does not say what it asks for.
    #[error("nothing satisfies what the document asks for")]
    Unsatisfiable,
    /// The document says that the operation is public, and nobody allowed public operations.
    #[error("public operations are not allowed")]
    PublicNotAllowed,
}

/// Judges by OpenAPI's rule: one alternative is enough, everything in it is needed. Gives the one that lets in.
pub(super) fn decide<'o>(
    operation: &'o Operation,
    caller: Caller<'_>,
    allow_public: bool,
) -> Result<&'o Alternative, Refusal> {
    let alternatives = operation.security.as_deref().unwrap_or_default();
    let mut nearest = Refusal::Unsatisfiable;
    for alternative in alternatives {
        match judge(alternative, caller, allow_public) {
            Ok(()) => return Ok(alternative),
            Err(refusal) if distance(&refusal) < distance(&nearest) => nearest = refusal,
            Err(_) => {}
        }
    }
    Err(nearest)
}

/// How far a refused caller is from being let in: missing scopes first, the fewer the nearer.
fn distance(refusal: &Refusal) -> (u8, usize) {
    match refusal {
        Refusal::MissingScopes { not_in_token, not_granted, .. } => {
            (0, not_in_token.len() + not_granted.len())
        }
        Refusal::WrongCredential { .. } => (1, 0),
        Refusal::PublicNotAllowed => (2, 0),
        Refusal::Unsatisfiable => (3, 0),
    }
}

fn judge(alternative: &Alternative, caller: Caller<'_>, allow_public: bool) -> Result<(), Refusal> {
    if alternative.is_public() {
        return if allow_public { Ok(()) } else { Err(Refusal::PublicNotAllowed) };
    }
    if caller.kind == CallerKind::Key {
        return judge_key(alternative, caller.granted);
    }
    let kind = required_kind(alternative)?;
    if let Some(accepted) = kind.filter(|&kind| kind != caller.kind) {
        return Err(Refusal::WrongCredential { accepted });
    }
    check_scopes(alternative, caller)
}

/// On a merchant's own premises there are no tokens: `Wawi` is the key, and what else is asked of one who comes from the
/// cloud drops out. With nothing left an alternative would be open to every key, which its document has not said.
fn judge_key(alternative: &Alternative, granted: &ScopeSet) -> Result<(), Refusal> {
    let needed = alternative.wawi.as_ref().filter(|_| alternative.unsupported.is_empty());
    let needed = needed.ok_or(Refusal::Unsatisfiable)?;
    let not_granted = needed.difference(granted);
    if not_granted.is_empty() {
        return Ok(());
    }
    Err(Refusal::MissingScopes { required: needed.clone(), not_in_token: ScopeSet::default(), not_granted })
}

/// The kind of token that an alternative needs, if it matters.
fn required_kind(alternative: &Alternative) -> Result<Option<CallerKind>, Refusal> {
    if !alternative.unsupported.is_empty() {
        return Err(Refusal::Unsatisfiable);
    }
    match (&alternative.application, &alternative.cloud_id) {
        (None, None) => Ok(None),
        (Some(_), None) => Ok(Some(CallerKind::Machine)),
        (None, Some(_)) => Ok(Some(CallerKind::Person)),
        (Some(_), Some(_)) => Err(Refusal::Unsatisfiable),
    }
}

fn check_scopes(alternative: &Alternative, caller: Caller<'_>) -> Result<(), Refusal> {
    let nothing = ScopeSet::default();
    let wawi = alternative.wawi.as_ref().unwrap_or(&nothing);
    let is_in_token = alternative.each_scope().all(|scope| caller.token.contains(scope));
    if is_in_token && wawi.is_subset(caller.granted) {
        return Ok(());
    }
    let required = alternative.scopes();
    let not_in_token = required.difference(caller.token);
    Err(Refusal::MissingScopes { not_in_token, not_granted: wawi.difference(caller.granted), required })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::operation::Method;

    fn scopes(text: &str) -> ScopeSet {
        text.parse().unwrap()
    }

    fn wawi(text: &str) -> Alternative {
        Alternative { wawi: Some(scopes(text)), ..Alternative::default() }
    }

    fn machine(text: &str) -> Alternative {
        Alternative { application: Some(ScopeSet::default()), ..wawi(text) }
    }

    fn person(text: &str) -> Alternative {
        Alternative { cloud_id: Some(ScopeSet::default()), ..wawi(text) }
    }

    fn try_in(kind: CallerKind, token: &str, granted: &str, ways: &[Alternative]) -> Result<(), Refusal> {
        let operation = Operation {
            document: "erp.json".into(),
            method: Method::Get,
            template: "/v2/items".into(),
            operation_id: None,
            security: Some(ways.to_vec()),
        };
        let (token, granted) = (scopes(token), scopes(granted));
        decide(&operation, Caller { kind, token: &token, granted: &granted }, false).map(|_| ())
    }

    use CallerKind::{Key, Machine, Person};

    #[test]
    fn a_scope_counts_when_token_and_installation_carry_it() {
        let ways = [machine("items.read")];
        assert_eq!(try_in(Machine, "items.read", "items.read x.y", &ways), Ok(()));
        let missing = |not_in_token, not_granted| {
            let (not_in_token, not_granted) = (scopes(not_in_token), scopes(not_granted));
            Err(Refusal::MissingScopes { required: scopes("items.read"), not_in_token, not_granted })
        };
        assert_eq!(try_in(Machine, "", "items.read", &ways), missing("items.read", ""));
        assert_eq!(try_in(Machine, "items.read", "", &ways), missing("", "items.read"));
        assert_eq!(try_in(Machine, "all.read", "all.read", &ways), missing("items.read", "items.read"));
    }

    #[test]
    fn scopes_of_an_oauth_scheme_need_no_grant() {
        let way = Alternative { application: Some(scopes("erp.use")), ..Alternative::default() };
        assert_eq!(try_in(Machine, "erp.use", "", std::slice::from_ref(&way)), Ok(()));
        assert!(try_in(Machine, "", "erp.use", &[way]).is_err());
    }

    #[test]
    fn each_scheme_takes_its_own_kind_of_token() {
        let (machine, person) = (machine("a.b"), person("a.b"));
        let both = [person.clone(), machine.clone()];
        assert_eq!(try_in(Machine, "a.b", "a.b", &both), Ok(()));
        assert_eq!(try_in(Person, "a.b", "a.b", &both), Ok(()));
        let wrong = |accepted| Err(Refusal::WrongCredential { accepted });
        assert_eq!(try_in(Person, "a.b", "a.b", &[machine]), wrong(Machine));
        assert_eq!(try_in(Machine, "a.b", "a.b", &[person]), wrong(Person));
    }

    #[test]
    fn everything_in_an_alternative_is_needed() {
        let both = Alternative { application: Some(scopes("")), ..person("a.b") };
        assert_eq!(try_in(Machine, "a.b", "a.b", &[both]), Err(Refusal::Unsatisfiable));
        let foreign = Alternative { unsupported: vec!["mutualTLS".into()], ..machine("a.b") };
        assert_eq!(
            try_in(Machine, "a.b", "a.b", std::slice::from_ref(&foreign)),
            Err(Refusal::Unsatisfiable)
        );
        assert_eq!(try_in(Machine, "a.b", "a.b", &[foreign, machine("a.b")]), Ok(()));
    }

    #[test]
    fn the_nearest_alternative_is_the_one_that_is_named() {
        let ways = [machine("a.a b.b"), machine("c.c"), person("d.d")];
        let Err(Refusal::MissingScopes { required, .. }) = try_in(Machine, "", "", &ways) else {
            panic!("scopes are missing");
        };
        assert_eq!(required, scopes("c.c"));
    }

    #[test]
    fn public_operations_are_refused_with_their_own_reason() {
        let public = [Alternative::default()];
        for kind in [Machine, Person, Key] {
            assert_eq!(try_in(kind, "a.b", "a.b", &public), Err(Refusal::PublicNotAllowed));
            assert_eq!(try_in(kind, "a.b", "a.b", &[]), Err(Refusal::Unsatisfiable));
        }
    }

    #[test]
    fn a_key_is_judged_by_its_own_scopes_and_the_oauth_schemes_drop_out() {
        let both = Alternative { application: Some(scopes("erp.use")), ..person("a.b") };
        for way in [wawi("a.b"), machine("a.b"), person("a.b"), both] {
            assert_eq!(try_in(Key, "", "a.b", std::slice::from_ref(&way)), Ok(()));
            let missing = Refusal::MissingScopes {
                required: scopes("a.b"),
                not_in_token: scopes(""),
                not_granted: scopes("a.b"),
            };
            assert_eq!(try_in(Key, "a.b", "c.d", &[way]), Err(missing));
        }
        assert_eq!(try_in(Key, "", "", &[wawi("")]), Ok(()), "any key, since the document says so");
    }

    #[test]
    fn a_key_opens_nothing_that_does_not_ask_for_one() {
        let application = Alternative { application: Some(scopes("")), ..Alternative::default() };
        let person = Alternative { cloud_id: Some(scopes("")), ..Alternative::default() };
        let foreign = Alternative { unsupported: vec!["mutualTLS".into()], ..wawi("") };
        for way in [application, person, foreign] {
            assert_eq!(try_in(Key, "a.b", "a.b", std::slice::from_ref(&way)), Err(Refusal::Unsatisfiable));
            assert_eq!(try_in(Key, "a.b", "a.b", &[way, wawi("a.b")]), Ok(()));
        }
    }

    #[test]
    fn a_token_is_no_key() {
        assert_eq!(
            try_in(Machine, "a.b", "", &[wawi("a.b")]).unwrap_err(),
            Refusal::MissingScopes {
                required: scopes("a.b"),
                not_in_token: scopes(""),
                not_granted: scopes("a.b"),
            }
        );
    }
}
