//! Path templates as OpenAPI writes them (`/v2/returns/{returnId}/lineitems`), taken apart for matching.

use super::path::{is_dots, is_plain};

/// Why a path of a document is no template.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TemplateProblem {
    /// It does not begin with `/`.
    #[error("a path begins with `/`")]
    NotAbsolute,
    /// No request with an empty segment gets past the gateway.
    #[error("a path with an empty segment or a `/` at the end is never forwarded")]
    EmptySegment,
    /// No request with such a segment gets past the gateway.
    #[error("a path with a segment of dots is never forwarded")]
    DotSegment,
    /// Case-insensitive comparison is only certain within ASCII, and an encoding is a second spelling.
    #[error("the literal parts of a path are ASCII letters, digits and `-._~!$&'()*+,=:@`")]
    Literal,
    /// An opening brace without its closing one, one inside another, or no name between them.
    #[error("braces of a path enclose one parameter name each")]
    Braces,
    /// Nothing says where the first of two adjacent parameters ends.
    #[error("two parameters of a path need text between them")]
    AdjacentParameters,
}

/// What one segment of a template accepts. Text is in lower case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Pattern {
    Literal(String),
    Mixed(Mixed),
    Parameter,
}

/// A segment of text and parameters, such as `report-{id}.pdf`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Mixed {
    prefix: String,
    between: Vec<String>,
    suffix: String,
}

impl Mixed {
    /// Whether `segment`, in lower case, has the texts in their order and something for each parameter.
    pub(super) fn matches(&self, segment: &str) -> bool {
        let inner = segment.strip_prefix(&*self.prefix).and_then(|rest| rest.strip_suffix(&*self.suffix));
        inner.and_then(|inner| self.between.iter().try_fold(inner, skip)).is_some_and(|last| !last.is_empty())
    }

    /// How much of it is text; more text is more specific.
    pub(super) fn literal_len(&self) -> usize {
        self.prefix.len() + self.suffix.len() + self.between.iter().map(String::len).sum::<usize>()
    }

    /// Whether some segment matches both: parameters give room for every text but the outermost ones.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let one_begins_the_other =
            self.prefix.starts_with(&other.prefix) || other.prefix.starts_with(&self.prefix);
        one_begins_the_other && (self.suffix.ends_with(&other.suffix) || other.suffix.ends_with(&self.suffix))
    }

    /// Whether every segment that matches this one matches `other` too. May say no where it is so.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        other.between.is_empty()
            && self.prefix.starts_with(&other.prefix)
            && self.suffix.ends_with(&other.suffix)
    }

    /// A segment that matches both, if they meet.
    pub(super) fn common(&self, other: &Self) -> String {
        let longer =
            |one: &str, other: &str| if one.len() < other.len() { other.to_owned() } else { one.to_owned() };
        let between = self.between.iter().chain(&other.between).map(|text| format!("x{text}"));
        let between: String = between.collect();
        format!("{}{between}x{}", longer(&self.prefix, &other.prefix), longer(&self.suffix, &other.suffix))
    }
}

/// What follows the first `text` that leaves at least one character before it.
fn skip<'s>(inner: &'s str, text: &String) -> Option<&'s str> {
    let first = inner.chars().next()?.len_utf8();
    inner[first..].split_once(&**text).map(|(_, rest)| rest)
}

/// Takes a template apart.
pub(super) fn parse(text: &str) -> Result<Vec<Pattern>, TemplateProblem> {
    let path = text.strip_prefix('/').ok_or(TemplateProblem::NotAbsolute)?;
    path.split('/').map(parse_segment).collect()
}

fn parse_segment(segment: &str) -> Result<Pattern, TemplateProblem> {
    if segment.is_empty() {
        return Err(TemplateProblem::EmptySegment);
    }
    if is_dots(segment) {
        return Err(TemplateProblem::DotSegment);
    }
    let mut texts = texts(segment)?;
    let suffix = texts.pop().unwrap_or_default();
    if texts.is_empty() {
        return Ok(Pattern::Literal(suffix));
    }
    let prefix = texts.remove(0);
    if texts.is_empty() && prefix.is_empty() && suffix.is_empty() {
        return Ok(Pattern::Parameter);
    }
    if texts.iter().any(String::is_empty) {
        return Err(TemplateProblem::AdjacentParameters);
    }
    Ok(Pattern::Mixed(Mixed { prefix, between: texts, suffix }))
}

/// The texts around the parameters: always one more than there are parameters.
fn texts(segment: &str) -> Result<Vec<String>, TemplateProblem> {
    let mut texts = Vec::new();
    let mut rest = segment;
    while let Some((text, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').ok_or(TemplateProblem::Braces)?;
        if name.is_empty() || name.contains('{') {
            return Err(TemplateProblem::Braces);
        }
        texts.push(literal(text)?);
        rest = after;
    }
    texts.push(literal(rest)?);
    Ok(texts)
}

fn literal(text: &str) -> Result<String, TemplateProblem> {
    if text.contains('}') {
        return Err(TemplateProblem::Braces);
    }
    if !text.bytes().all(is_plain) {
        return Err(TemplateProblem::Literal);
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(template: &str, segment: &str) -> bool {
        match parse_segment(template).unwrap() {
            Pattern::Literal(text) => text == segment,
            Pattern::Mixed(mixed) => mixed.matches(segment),
            Pattern::Parameter => true,
        }
    }

    #[test]
    fn mixed_segments_need_their_text_and_something_for_each_parameter() {
        assert!(matches("{id}.PDF", "4711.pdf"));
        assert!(matches("{id}.pdf", "a.pdf.pdf"));
        assert!(!matches("{id}.pdf", ".pdf"));
        assert!(!matches("{id}.pdf", "4711.txt"));
        assert!(matches("report-{id}", "report-1"));
        assert!(!matches("report-{id}", "report-"));
        assert!(matches("{a}-{b}", "--x"));
        assert!(!matches("{a}-{b}", "x-"));
        assert!(matches("items({key})", "items(7)"));
        assert!(!matches("a{x}a", "a"));
        assert!(!matches("a{x}a", "aa"));
    }

    #[test]
    fn what_could_never_match_is_no_template() {
        use TemplateProblem as P;
        let table = [
            ("v2", P::NotAbsolute),
            ("/", P::EmptySegment),
            ("/v2/", P::EmptySegment),
            ("/v2//x", P::EmptySegment),
            ("/v2/..", P::DotSegment),
            ("/größe", P::Literal),
            ("/a%20b", P::Literal),
            ("/a;b", P::Literal),
            ("/{a", P::Braces),
            ("/a}", P::Braces),
            ("/{}", P::Braces),
            ("/{a{b}}", P::Braces),
            ("/{a}{b}", P::AdjacentParameters),
        ];
        for (text, problem) in table {
            assert_eq!(parse(text), Err(problem), "{text}");
        }
    }
}
