//! `einlass token --session`: who acts for which merchant, as the App Shell of a development platform would say it to the
//! demonstration app.

use super::variable;
use crate::failure::{Failure, HOW_TO_LOAD};
use einlass_client::transport::{self, BaseUrl};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

/// A session token, from the platform that the environment names.
pub(super) async fn fetch() -> Result<String, Failure> {
    let base = base(variable)?;
    let url = base.below(["dev", "session-token"]);
    let url = url.ok_or_else(|| Failure::Usage(format!("{base} has no paths below it")))?;
    let unreachable = |fault: reqwest::Error| {
        Failure::Unavailable(format!("the platform at {base} does not answer: {}", fault.without_url()))
    };
    let request = transport::short_answer_client(&base)?.post(url).header(CONTENT_TYPE, FORM);
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(unreachable)?;
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    match (status, body["sessionToken"].as_str()) {
        (StatusCode::OK, Some(token)) => Ok(token.to_owned()),
        (StatusCode::NOT_FOUND, _) => Err(Failure::Failed(
            "session tokens come from the App Shell; only `einlass dev` hands one out without a browser"
                .into(),
        )),
        _ => {
            let why = body["error"].as_str().map_or_else(|| format!("status {status}"), str::to_owned);
            Err(Failure::Failed(format!("the platform at {base} gives no session token: {why}")))
        }
    }
}

/// `EINLASS_URL`, else `JTL_API_BASE`; an empty variable counts as unset.
fn base(variable: impl Fn(&str) -> Option<String>) -> Result<BaseUrl, Failure> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    let Some((name, value)) = set("EINLASS_URL").or_else(|| set("JTL_API_BASE")) else {
        return Err(Failure::Credentials(format!(
            "neither EINLASS_URL nor JTL_API_BASE is set ({HOW_TO_LOAD})"
        )));
    };
    value.parse().map_err(|fault| Failure::Credentials(format!("{name}: {fault}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platform_is_where_the_environment_says() {
        let of = |found: &[(&str, &str)]| {
            let found = |name: &str| found.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
            base(found).map(|base| base.to_string()).map_err(|fault| fault.to_string())
        };
        let (own, api) = (("EINLASS_URL", "http://127.0.0.1:1"), ("JTL_API_BASE", "http://127.0.0.1:2"));
        assert_eq!(of(&[api, own]).unwrap(), "http://127.0.0.1:1");
        assert_eq!(of(&[api, ("EINLASS_URL", "")]).unwrap(), "http://127.0.0.1:2");
        assert!(of(&[]).unwrap_err().contains("dev.env"));
    }
}
