//! How the paths of two templates relate.

use crate::policy::template::{Mixed, Pattern};

/// How the paths of two templates that have some in common relate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Overlap {
    Same,
    /// The first takes some of the second's paths and no other.
    Narrower,
    Wider,
    /// Each takes paths that the other does not.
    Crossing,
}

impl Overlap {
    /// `None` when no path matches both.
    pub(super) fn of(ours: &[Pattern], theirs: &[Pattern]) -> Option<Self> {
        if ours.len() != theirs.len() {
            return None;
        }
        let mut segments = ours.iter().zip(theirs);
        segments.try_fold(Self::Same, |sum, (ours, theirs)| Some(sum.and(of_segments(ours, theirs)?)))
    }

    fn and(self, next: Self) -> Self {
        match (self, next) {
            (same, Self::Same) => same,
            (Self::Same, next) => next,
            (sum, next) if sum == next => sum,
            _ => Self::Crossing,
        }
    }
}

fn of_segments(ours: &Pattern, theirs: &Pattern) -> Option<Overlap> {
    use Pattern::{Literal, Mixed, Parameter};
    match (ours, theirs) {
        (ours, theirs) if ours == theirs => Some(Overlap::Same),
        (Literal(_), Literal(_)) => None,
        (Literal(text), Mixed(mixed)) => mixed.matches(text).then_some(Overlap::Narrower),
        (Mixed(mixed), Literal(text)) => mixed.matches(text).then_some(Overlap::Wider),
        (Mixed(ours), Mixed(theirs)) => of_mixed(ours, theirs),
        (_, Parameter) => Some(Overlap::Narrower),
        (Parameter, _) => Some(Overlap::Wider),
    }
}

fn of_mixed(ours: &Mixed, theirs: &Mixed) -> Option<Overlap> {
    if !ours.meets(theirs) {
        return None;
    }
    if ours.is_within(theirs) {
        return Some(Overlap::Narrower);
    }
    Some(if theirs.is_within(ours) { Overlap::Wider } else { Overlap::Crossing })
}

/// A path that both templates take, if they overlap.
pub(super) fn witness(ours: &[Pattern], theirs: &[Pattern]) -> String {
    let segments = ours.iter().zip(theirs).map(|(ours, theirs)| segment(ours, theirs));
    format!("/{}", segments.collect::<Vec<_>>().join("/"))
}

fn segment(ours: &Pattern, theirs: &Pattern) -> String {
    use Pattern::{Literal, Mixed, Parameter};
    match (ours, theirs) {
        (Literal(text), _) | (_, Literal(text)) => text.clone(),
        (Mixed(ours), Mixed(theirs)) => ours.common(theirs),
        (Mixed(mixed), Parameter) | (Parameter, Mixed(mixed)) => mixed.common(mixed),
        (Parameter, Parameter) => "x".to_owned(),
    }
}
