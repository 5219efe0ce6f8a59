//! As much of `multipart/form-data` (RFC 7578) as one text field takes.

/// A body that is no such form, or has the field twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Malformed;

/// The boundary that a content type names (RFC 2046 §5.1.1), with or without quotes.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    let mut named = parameters.filter(|(name, _)| name.eq_ignore_ascii_case("boundary"));
    let boundary = named.next()?.1.trim_matches('"');
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The value of a field; `None` when it is not there or empty.
pub(super) fn field(body: &[u8], boundary: &str, name: &str) -> Result<Option<String>, Malformed> {
    let body = std::str::from_utf8(body).map_err(|_| Malformed)?;
    // The first delimiter needs no line break before it (RFC 2046 §5.1.1).
    let body = format!("\r\n{body}");
    let delimiter = format!("\r\n--{boundary}");
    let mut found = None;
    for part in body.split(&*delimiter).skip(1) {
        if part.starts_with("--") {
            return Ok(found.filter(|value: &String| !value.is_empty()));
        }
        let (head, value) = part.split_once("\r\n\r\n").ok_or(Malformed)?;
        if names(head, name) && found.replace(value.to_owned()).is_some() {
            return Err(Malformed);
        }
    }
    // Without the delimiter that closes it, the end may be missing.
    Err(Malformed)
}

fn names(head: &str, wanted: &str) -> bool {
    let is_disposition = |line: &&str| {
        line.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))
    };
    let Some(line) = head.split("\r\n").find(is_disposition) else {
        return false;
    };
    let parameters = line.split(';').skip(1).filter_map(|parameter| parameter.trim().split_once('='));
    parameters
        .into_iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("name") && value.trim_matches('"') == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Option<String>, Malformed> {
        field(body.as_bytes(), "b1", "refreshToken")
    }

    #[test]
    fn the_field_is_found_among_others() {
        let body = "--b1\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n\
                    --b1\r\ncontent-disposition: form-data; name=refreshToken\r\nContent-Type: text/plain\r\n\r\nCHAN:a\r\n\
                    --b1--\r\n";
        assert_eq!(read(body), Ok(Some("CHAN:a".into())));
        assert_eq!(read("--b1--"), Ok(None));
    }

    #[test]
    fn what_is_torn_or_twice_there_is_refused() {
        let part = "--b1\r\nContent-Disposition: form-data; name=\"refreshToken\"\r\n\r\na\r\n";
        for body in ["", "x", part, &format!("{part}{part}--b1--"), "--b1\r\nno head\r\n--b1--"] {
            assert_eq!(read(body), Err(Malformed), "{body}");
        }
    }

    #[test]
    fn the_boundary_is_a_parameter() {
        assert_eq!(boundary("multipart/form-data; charset=x; Boundary=\"a b\""), Some("a b"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; boundary="), None);
    }
}
