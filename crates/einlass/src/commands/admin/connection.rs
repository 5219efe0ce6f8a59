//! Where the administration API is and what opens it, from the environment.

use crate::failure::{Failure, HOW_TO_LOAD};
use einlass_client::transport::BaseUrl;
use einlass_protocol::secret::Secret;
use std::path::Path;

/// The platform's URL: `EINLASS_ADMIN_URL`, else `EINLASS_URL`. `None` if neither is set; an empty variable counts
/// as unset.
pub(crate) fn url(variable: impl Fn(&str) -> Option<String>) -> Result<Option<BaseUrl>, Failure> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    let Some((name, value)) = set("EINLASS_ADMIN_URL").or_else(|| set("EINLASS_URL")) else {
        return Ok(None);
    };
    value.parse().map(Some).map_err(|fault| Failure::Credentials(format!("{name}: {fault}")))
}

/// The admin token: `EINLASS_ADMIN_TOKEN`, the file that `EINLASS_ADMIN_TOKEN_FILE` names, else the `ADMIN_TOKEN`
/// of a development platform.
pub(super) fn token(variable: impl Fn(&str) -> Option<String>) -> Result<Secret, Failure> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    match (set("EINLASS_ADMIN_TOKEN"), set("EINLASS_ADMIN_TOKEN_FILE")) {
        (Some(_), Some(_)) => Err(Failure::Credentials(
            "both EINLASS_ADMIN_TOKEN and EINLASS_ADMIN_TOKEN_FILE are set: unset one of them".into(),
        )),
        (Some(token), None) => Ok(Secret::new(token)),
        (None, Some(file)) => read(Path::new(&file)),
        (None, None) => set("ADMIN_TOKEN").map(Secret::new).ok_or_else(no_token),
    }
}

fn read(file: &Path) -> Result<Secret, Failure> {
    let unusable = |why: &dyn std::fmt::Display| {
        Failure::Credentials(format!("EINLASS_ADMIN_TOKEN_FILE: {}: {why}", file.display()))
    };
    let text = std::fs::read_to_string(file).map_err(|fault| unusable(&fault.kind()))?;
    // Editors and `echo` end a file with a line break that is no part of the token.
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(unusable(&"the file is empty")),
        token => Ok(Secret::new(token.into())),
    }
}

/// Why there is no platform to talk to.
pub(super) fn no_url() -> Failure {
    Failure::Credentials(format!("neither EINLASS_ADMIN_URL nor EINLASS_URL is set ({HOW_TO_LOAD})"))
}

fn no_token() -> Failure {
    Failure::Credentials(format!(
        "there is no admin token: set EINLASS_ADMIN_TOKEN or EINLASS_ADMIN_TOKEN_FILE; `einlass admin-token claim` \
         gets the first one of a platform, `einlass admin-token create` more ({HOW_TO_LOAD})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn token_of(variables: &[(&str, &str)]) -> Result<String, String> {
        token(of(variables)).map(|token| token.expose().to_owned()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_url_of_the_administration_comes_first_and_plain_http_stays_on_this_machine() {
        let common = ("EINLASS_URL", "https://example.com");
        let own = [common, ("EINLASS_ADMIN_URL", "https://admin.example.com")];
        assert_eq!(url(of(&own)).unwrap().unwrap().to_string(), "https://admin.example.com");
        let empty = [common, ("EINLASS_ADMIN_URL", "")];
        assert_eq!(url(of(&empty)).unwrap().unwrap().to_string(), "https://example.com");
        assert_eq!(url(of(&[])).unwrap(), None);
        let plain = url(of(&[("EINLASS_URL", "http://example.com")])).unwrap_err().to_string();
        assert!(plain.starts_with("EINLASS_URL: not https"), "{plain}");
    }

    #[test]
    fn the_token_has_an_order_too_and_is_not_guessed() {
        let dev = ("ADMIN_TOKEN", "dev");
        assert_eq!(token_of(&[dev]).unwrap(), "dev");
        assert_eq!(token_of(&[dev, ("EINLASS_ADMIN_TOKEN", "own")]).unwrap(), "own");
        let twice = token_of(&[("EINLASS_ADMIN_TOKEN", "canary"), ("EINLASS_ADMIN_TOKEN_FILE", "f")]);
        assert!(twice.as_ref().is_err_and(|fault| fault.contains("unset one") && !fault.contains("canary")));
        assert!(token_of(&[]).is_err_and(|fault| fault.contains("admin-token claim")));
    }

    #[test]
    fn a_file_gives_the_token_without_its_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let variables = [("EINLASS_ADMIN_TOKEN_FILE", file.to_str().unwrap()), ("ADMIN_TOKEN", "dev")];
        assert!(token_of(&variables).is_err_and(|fault| fault.contains("EINLASS_ADMIN_TOKEN_FILE")));
        std::fs::write(&file, "own\n").unwrap();
        assert_eq!(token_of(&variables).unwrap(), "own");
        std::fs::write(&file, "\n").unwrap();
        assert!(token_of(&variables).is_err_and(|fault| fault.contains("empty")));
    }
}
