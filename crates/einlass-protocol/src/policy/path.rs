//! The path that is judged is the path that is forwarded. What two parsers could read differently is
//! refused and never repaired, because a repair is a second opinion.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::borrow::Cow;

/// What stays as it is in a canonical path: `pchar` of RFC 3986 §3.3 without `;`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Why a request path is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PathRejected {
    /// It does not begin with `/`.
    #[error("the path must begin with `/`")]
    NotAbsolute,
    /// `//`, or a `/` at the end.
    #[error("the path has an empty segment: send neither `//` nor a `/` at the end")]
    EmptySegment,
    /// A segment of nothing but dots, in any encoding.
    #[error("the path has a segment of dots: resolve `.` and `..` before sending")]
    DotSegment,
    /// A dot or white space at the end of a segment, which some servers cut off.
    #[error("a segment of the path ends in a dot or a space")]
    TrailingDot,
    /// A `/` or `\` inside a segment.
    #[error("a segment of the path contains an encoded `/` or a `\\`")]
    Separator,
    /// A `;`, which some servers cut off together with what follows it.
    #[error("a segment of the path contains `;`")]
    Parameter,
    /// A control character.
    #[error("a segment of the path contains a control character")]
    Control,
    /// A character that a URI must encode (RFC 3986 §3.3), a broken `%` sequence, or bytes that are no UTF-8.
    #[error("the path is not percent-encoded UTF-8")]
    Encoding,
    /// What is left after decoding could be decoded again.
    #[error("the path is encoded twice: encode each segment once")]
    EncodedTwice,
    /// A character that some servers fold to an ASCII one.
    #[error("a segment of the path contains a look-alike of an ASCII character")]
    LookAlike,
}

/// A path that every parser reads the same way. It has at least one segment and no empty one, so that
/// `/v2/info` and `/v2/info/` cannot be taken for each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestPath {
    decoded: String,
    canonical: String,
}

impl RequestPath {
    /// Reads the path of a request target, without query (RFC 9112 §3.2.1).
    pub fn parse(raw: &str) -> Result<Self, PathRejected> {
        let segments = raw.strip_prefix('/').ok_or(PathRejected::NotAbsolute)?;
        if segments.split('/').all(is_canonical) {
            return Ok(Self { decoded: segments.into(), canonical: raw.into() });
        }
        Self::read(segments)
    }

    /// Reads it segment by segment, which comes to the same.
    fn read(segments: &str) -> Result<Self, PathRejected> {
        let mut path = Self {
            decoded: String::with_capacity(segments.len()),
            canonical: String::with_capacity(segments.len() + 1),
        };
        for segment in segments.split('/') {
            path.push(&decode(segment)?);
        }
        Ok(path)
    }

    fn push(&mut self, segment: &str) {
        if !self.canonical.is_empty() {
            self.decoded.push('/');
        }
        self.decoded.push_str(segment);
        self.canonical.push('/');
        self.canonical.extend(utf8_percent_encode(segment, ENCODED));
    }

    /// The segments, decoded once.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.decoded.split('/')
    }

    /// What to forward: the one spelling of these segments.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The decoded segments joined by `/`, ASCII letters in lower case. No segment contains a `/`.
    pub(super) fn folded(&self) -> Cow<'_, str> {
        if self.decoded.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.decoded.to_ascii_lowercase().into();
        }
        Cow::Borrowed(&self.decoded)
    }
}

/// Whether `byte` may stand unencoded in a segment. The `%` of an encoding and the `;` are not among them.
pub(super) fn is_plain(byte: u8) -> bool {
    matches!(
        byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~'
            | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@'
    )
}

/// Whether a segment is good as it is, and the one spelling of itself: most are.
fn is_canonical(segment: &str) -> bool {
    !segment.is_empty() && !segment.ends_with('.') && segment.bytes().all(is_plain)
}

/// Whether a segment is `.`, `..` or more of the same.
pub(super) fn is_dots(segment: &str) -> bool {
    segment.bytes().all(|byte| byte == b'.')
}

fn decode(raw: &str) -> Result<String, PathRejected> {
    if raw.is_empty() {
        return Err(PathRejected::EmptySegment);
    }
    check_raw(raw.as_bytes())?;
    // RFC 3629 §3: overlong forms and surrogates are no UTF-8, so the decoder refuses them.
    let decoded = percent_decode_str(raw).decode_utf8().map_err(|_| PathRejected::Encoding)?;
    if is_dots(&decoded) {
        return Err(PathRejected::DotSegment);
    }
    if contains_encoding(decoded.as_bytes()) {
        return Err(PathRejected::EncodedTwice);
    }
    decoded.chars().try_for_each(check_char)?;
    if decoded.ends_with(|last: char| last == '.' || last.is_whitespace()) {
        return Err(PathRejected::TrailingDot);
    }
    Ok(decoded.into_owned())
}

fn check_raw(raw: &[u8]) -> Result<(), PathRejected> {
    for (at, &byte) in raw.iter().enumerate() {
        match byte {
            b'\\' => return Err(PathRejected::Separator),
            b';' => return Err(PathRejected::Parameter),
            b'%' if !is_encoding(&raw[at..]) => return Err(PathRejected::Encoding),
            b'%' => {}
            _ if byte.is_ascii_control() => return Err(PathRejected::Control),
            _ if !is_plain(byte) => return Err(PathRejected::Encoding),
            _ => {}
        }
    }
    Ok(())
}

fn check_char(c: char) -> Result<(), PathRejected> {
    match c {
        '/' | '\\' => Err(PathRejected::Separator),
        ';' => Err(PathRejected::Parameter),
        _ if c.is_control() => Err(PathRejected::Control),
        _ if is_look_alike(c) => Err(PathRejected::LookAlike),
        _ => Ok(()),
    }
}

/// The full-width twins of ASCII (`／`, `．`, `％`, …), and letters that turn into ASCII by a change of case
/// (`ſ` U+017F, `ı` U+0131, `K` U+212A, …).
fn is_look_alike(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}')
        || (!c.is_ascii()
            && c.to_lowercase().chain(c.to_uppercase()).any(|folded| folded.is_ascii_alphabetic()))
}

fn contains_encoding(decoded: &[u8]) -> bool {
    decoded.windows(3).any(is_encoding)
}

fn is_encoding(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_two_parsers_read_differently_is_refused() {
        use PathRejected as R;
        let table = [
            ("", R::NotAbsolute),
            ("v2/info", R::NotAbsolute),
            ("/", R::EmptySegment),
            ("//evil/v2", R::EmptySegment),
            ("/v2//info", R::EmptySegment),
            ("/v2/info/", R::EmptySegment),
            ("/v2/../admin", R::DotSegment),
            ("/v2/./info", R::DotSegment),
            ("/v2/%2e%2E/admin", R::DotSegment),
            ("/v2/.%2e", R::DotSegment),
            ("/v2/...", R::DotSegment),
            ("/v2/info.", R::TrailingDot),
            ("/v2/info%2E", R::TrailingDot),
            ("/v2/info%20", R::TrailingDot),
            ("/v2/%20/info", R::TrailingDot),
            ("/v2./info", R::TrailingDot),
            ("/v2/info%C2%A0", R::TrailingDot),
            ("/v2%2finfo", R::Separator),
            ("/v2%5Cinfo", R::Separator),
            ("/v2\\info", R::Separator),
            ("/v2/info;a=b", R::Parameter),
            ("/v2/info%3Ba", R::Parameter),
            ("/v2/%00", R::Control),
            ("/v2/\u{1}", R::Control),
            ("/v2/%7f", R::Control),
            ("/v2/%C2%85", R::Control),
            ("/v2/%", R::Encoding),
            ("/v2/%4", R::Encoding),
            ("/v2/%zz", R::Encoding),
            ("/v2/%u002e", R::Encoding),
            ("/v2/%C0%AE", R::Encoding),
            ("/v2/%E0%80%AF", R::Encoding),
            ("/v2/%ED%A0%80", R::Encoding),
            ("/v2/%FF", R::Encoding),
            ("/v2/ä", R::Encoding),
            ("/v2/a b", R::Encoding),
            ("/v2/a#b", R::Encoding),
            ("/v2/a?b", R::Encoding),
            ("/v2/{id}", R::Encoding),
            ("/v2/%252e%252e", R::EncodedTwice),
            ("/v2/a%252Fb", R::EncodedTwice),
            ("/v2/%EF%BC%8F", R::LookAlike),
            ("/v2/%EF%BC%BC", R::LookAlike),
            ("/v2/%EF%BC%8E%EF%BC%8E", R::LookAlike),
            ("/v2/%EF%BC%85", R::LookAlike),
            ("/v2/%EF%BC%9B", R::LookAlike),
            ("/v2/return%C5%BF", R::LookAlike),
            ("/v2/%E2%84%AA", R::LookAlike),
            ("/v2/%C4%B1nfo", R::LookAlike),
            ("/v2/%C4%B0nfo", R::LookAlike),
        ];
        for (raw, why) in table {
            assert_eq!(RequestPath::parse(raw), Err(why), "{raw:?}");
        }
    }

    #[test]
    fn what_is_forwarded_has_one_spelling() {
        let table = [
            ("/v2/info", "/v2/info"),
            ("/v2/%69nfo", "/v2/info"),
            ("/v2/a%20b", "/v2/a%20b"),
            ("/v2/gr%c3%b6sse", "/v2/gr%C3%B6sse"),
            ("/v2/100%25", "/v2/100%25"),
            ("/v2/%2B(1)%40", "/v2/+(1)@"),
            ("/v2/..a", "/v2/..a"),
        ];
        for (raw, canonical) in table {
            assert_eq!(RequestPath::parse(raw).unwrap().canonical(), canonical, "{raw:?}");
        }
    }

    /// Text that is often close to a path and often hostile.
    fn raw_path() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[a-zA-Z0-9._~-]{1,4}",
            2 => "%[0-9a-fA-F]{2}",
            2 => Just("/".to_owned()),
            1 => "[%;\\\\. ?#]",
            1 => "%(25|2e|2f|5c|3b|00)".prop_map(|text| text),
            1 => any::<char>().prop_map(|c| utf8_percent_encode(&c.to_string(), ENCODED).to_string()),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| format!("/{}", pieces.concat()))
    }

    proptest! {
        #[test]
        fn the_canonical_path_is_a_fixed_point(raw in raw_path()) {
            if let Ok(path) = RequestPath::parse(&raw) {
                prop_assert_eq!(&RequestPath::parse(path.canonical()), &Ok(path.clone()));
            }
        }

        #[test]
        fn decoding_once_more_finds_nothing_new(raw in raw_path()) {
            if let Ok(path) = RequestPath::parse(&raw) {
                for segment in path.segments() {
                    let again = percent_decode_str(segment).decode_utf8_lossy();
                    prop_assert_eq!(&again, segment);
                    prop_assert!(!matches!(&*again, "" | "." | ".."));
                    prop_assert!(!again.contains(['/', '\\', ';', '\0']));
                }
            }
        }

        #[test]
        fn case_does_not_change_the_verdict(raw in raw_path()) {
            let folded = |raw: &str| RequestPath::parse(raw).map(|path| path.folded().into_owned());
            prop_assert_eq!(folded(&raw.to_ascii_uppercase()), folded(&raw));
        }

        #[test]
        fn a_path_that_is_good_as_it_is_is_read_no_differently(raw in prop_oneof!["(/[!-~]{0,3}){1,4}", raw_path()]) {
            prop_assert_eq!(RequestPath::parse(&raw), RequestPath::read(&raw[1..]));
        }
    }
}
