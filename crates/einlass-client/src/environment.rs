//! Where the platform is and who we are to it, from the environment.

use crate::issuer::Issuer;
use crate::onprem::{Caller, InvalidSite, Site};
use crate::source::{ApiKey, Credentials, NoCredentials, RefreshToken};
use crate::transport::{BaseUrl, InvalidBaseUrl};
use einlass_protocol::ids::{AppId, ClientId, InvalidId};

const PUBLIC_CLIENT: &str = "PUBLIC_CLIENT_ID";

/// What the environment says.
#[derive(Debug)]
pub struct Environment {
    /// Where tokens come from: `JTL_AUTH_BASE`, else `EINLASS_URL`.
    pub auth_base: BaseUrl,
    /// Where the APIs are: `JTL_API_BASE`, else `EINLASS_URL`.
    pub api_base: BaseUrl,
    /// `CLIENT_ID` and `CLIENT_SECRET`, or their `_FILE` twins.
    pub credentials: Credentials,
}

/// What the environment lacks.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidEnvironment {
    /// There is no URL.
    #[error("neither {0} nor EINLASS_URL is set")]
    NoUrl(&'static str),
    /// There is no URL of a marketplace.
    #[error("SCX_BASE is not set")]
    NoScxBase,
    /// There is no URL of an ERP.
    #[error("ONPREM_BASE is not set")]
    NoOnpremBase,
    /// There is one that cannot be used.
    #[error("ONPREM_BASE: {0}")]
    OnpremBase(InvalidSite),
    /// `ONPREM_OWN_NETWORK` says neither yes nor no.
    #[error("ONPREM_OWN_NETWORK is neither `true` nor `false`")]
    OwnNetwork,
    /// A value that fits no header.
    #[error("{0} has characters that no header can have")]
    NoHeader(&'static str),
    /// There is one that cannot be used.
    #[error("{variable}: {reason}")]
    Url {
        /// Which variable.
        variable: &'static str,
        /// What is wrong with it.
        reason: InvalidBaseUrl,
    },
    /// A variable that says who somebody is is not set.
    #[error("{0} is not set")]
    NotSet(&'static str),
    /// There is one that says nothing of the kind.
    #[error("{variable}: {reason}")]
    Id {
        /// Which variable.
        variable: &'static str,
        /// What is wrong with it.
        reason: InvalidId,
    },
    /// There are no credentials.
    #[error(transparent)]
    Credentials(#[from] NoCredentials),
}

impl Environment {
    /// Where the APIs are, alone: for whoever calls them in a person's name. `variable` as for [`Self::read`].
    pub fn api_base(variable: impl Fn(&str) -> Option<String>) -> Result<BaseUrl, InvalidEnvironment> {
        base("JTL_API_BASE", variable)
    }

    /// Reads the environment. An empty variable counts as unset.
    ///
    /// `variable` looks a variable up: `|name| std::env::var(name).ok()`.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        Ok(Self {
            auth_base: base("JTL_AUTH_BASE", &variable)?,
            api_base: base("JTL_API_BASE", &variable)?,
            credentials: Credentials::from_env(&variable)?,
        })
    }
}

/// What the environment says of the platform that people sign in at, and of the client through which they do.
#[derive(Clone, Debug)]
pub struct LoginEnvironment {
    /// Who issues the tokens: `JTL_AUTH_BASE`, else `EINLASS_URL`.
    pub issuer: Issuer,
    /// The client, which has no secret: `PUBLIC_CLIENT_ID`.
    pub client_id: ClientId,
}

impl LoginEnvironment {
    /// Reads both. `variable` as for [`Environment::read`].
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        Ok(Self { issuer: Self::issuer(&variable)?, client_id: Self::client_id(&variable)? })
    }

    /// The issuer alone.
    pub fn issuer(variable: impl Fn(&str) -> Option<String>) -> Result<Issuer, InvalidEnvironment> {
        let (variable, value) = url("JTL_AUTH_BASE", variable)?;
        value.parse().map_err(|reason| InvalidEnvironment::Url { variable, reason })
    }

    /// The client alone.
    pub fn client_id(variable: impl Fn(&str) -> Option<String>) -> Result<ClientId, InvalidEnvironment> {
        let value = variable(PUBLIC_CLIENT).filter(|value| !value.is_empty());
        let value = value.ok_or(InvalidEnvironment::NotSet(PUBLIC_CLIENT))?;
        value.parse().map_err(|reason| InvalidEnvironment::Id { variable: PUBLIC_CLIENT, reason })
    }
}

/// What the environment says of the tokens that an app's backend gets from its frontend.
#[derive(Clone, Debug)]
pub struct AppEnvironment {
    /// Who issues them: `JTL_ISSUER`.
    pub issuer: Issuer,
    /// Which app they are for: `JTL_APP_ID`.
    pub app: AppId,
}

impl AppEnvironment {
    /// Reads both. `variable` as for [`Environment::read`].
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        let set = |name| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.ok_or(InvalidEnvironment::NotSet(name))
        };
        let issuer = set("JTL_ISSUER")?.parse();
        let app = set("JTL_APP_ID")?.parse();
        Ok(Self {
            issuer: issuer.map_err(|reason| InvalidEnvironment::Url { variable: "JTL_ISSUER", reason })?,
            app: app.map_err(|reason| InvalidEnvironment::Id { variable: "JTL_APP_ID", reason })?,
        })
    }
}

/// What the environment says of a marketplace channel.
#[derive(Debug)]
pub struct ScxEnvironment {
    /// Where the marketplace is: `SCX_BASE`, which ends with `/v1`.
    pub base: BaseUrl,
    /// What is exchanged for tokens.
    pub refresh_token: RefreshToken,
}

impl ScxEnvironment {
    /// A channel's: `SCX_REFRESH_TOKEN` or its `_FILE` twin. `variable` as for [`Environment::read`].
    pub fn channel(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        Ok(Self { base: scx_base(&variable)?, refresh_token: RefreshToken::channel_from_env(variable)? })
    }

    /// A seller's: `SCX_SELLER_REFRESH_TOKEN` or its `_FILE` twin.
    pub fn seller(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        Ok(Self { base: scx_base(&variable)?, refresh_token: RefreshToken::seller_from_env(variable)? })
    }
}

/// What the environment says of a merchant's ERP and of the app that calls it.
#[derive(Debug)]
pub struct OnpremEnvironment {
    /// Where the ERP is.
    pub site: Site,
    /// Who calls it.
    pub caller: Caller,
}

impl OnpremEnvironment {
    /// The site as [`Self::site`] reads it, `ONPREM_API_KEY` or its `_FILE` twin, and `ONPREM_APP_ID` and
    /// `ONPREM_APP_VERSION`, which are sent along if both are set. `variable` as for [`Environment::read`].
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidEnvironment> {
        let site = Self::site(&variable)?;
        let caller = Caller::new(ApiKey::from_env(&variable)?);
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let caller = match (set("ONPREM_APP_ID"), set("ONPREM_APP_VERSION")) {
            (Some(id), Some(version)) => caller
                .app(&id, &version)
                .map_err(|_| InvalidEnvironment::NoHeader("ONPREM_APP_ID or ONPREM_APP_VERSION"))?,
            _ => caller,
        };
        Ok(Self { site, caller })
    }

    /// The site alone: `ONPREM_BASE`, which ends with `/api/<database>`. With `ONPREM_OWN_NETWORK=true` it may be plain
    /// `http`, see [`Site::on_own_network`].
    pub fn site(variable: impl Fn(&str) -> Option<String>) -> Result<Site, InvalidEnvironment> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let base = set("ONPREM_BASE").ok_or(InvalidEnvironment::NoOnpremBase)?;
        let site = match set("ONPREM_OWN_NETWORK").as_deref() {
            Some("true") => Site::on_own_network(&base),
            Some("false") | None => base.parse(),
            Some(_) => return Err(InvalidEnvironment::OwnNetwork),
        };
        site.map_err(InvalidEnvironment::OnpremBase)
    }
}

fn scx_base(variable: impl Fn(&str) -> Option<String>) -> Result<BaseUrl, InvalidEnvironment> {
    let value =
        variable("SCX_BASE").filter(|value| !value.is_empty()).ok_or(InvalidEnvironment::NoScxBase)?;
    value.parse().map_err(|reason| InvalidEnvironment::Url { variable: "SCX_BASE", reason })
}

fn base(own: &'static str, variable: impl Fn(&str) -> Option<String>) -> Result<BaseUrl, InvalidEnvironment> {
    let (variable, value) = url(own, variable)?;
    value.parse().map_err(|reason| InvalidEnvironment::Url { variable, reason })
}

/// A platform's URL, and the variable that it comes from.
fn url(
    own: &'static str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(&'static str, String), InvalidEnvironment> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
    set(own).or_else(|| set("EINLASS_URL")).ok_or(InvalidEnvironment::NoUrl(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(urls: &[(&str, &str)]) -> Result<(String, String), InvalidEnvironment> {
        let credentials = [("CLIENT_ID", "app"), ("CLIENT_SECRET", "hush")];
        let all: Vec<_> = urls.iter().chain(&credentials).collect();
        let found =
            |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        let read = Environment::read(found)?;
        Ok((read.auth_base.to_string(), read.api_base.to_string()))
    }

    #[test]
    fn the_platforms_own_variables_come_first() {
        let one = ("EINLASS_URL", "http://127.0.0.1:8080");
        let both = read(&[one]).unwrap();
        assert_eq!(both, ("http://127.0.0.1:8080".into(), "http://127.0.0.1:8080".into()));
        let split = read(&[one, ("JTL_API_BASE", "https://api.example.com"), ("JTL_AUTH_BASE", "")]).unwrap();
        assert_eq!(split, ("http://127.0.0.1:8080".into(), "https://api.example.com".into()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read(&[]), Err(InvalidEnvironment::NoUrl("JTL_AUTH_BASE")));
        let plain = read(&[("EINLASS_URL", "http://example.com")]).unwrap_err().to_string();
        assert!(plain.starts_with("EINLASS_URL: not https"), "{plain}");
    }

    #[test]
    fn a_sign_in_needs_an_issuer_and_a_client() {
        let read = |variables: &[(&str, &str)]| {
            let found = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
            };
            let read = LoginEnvironment::read(found).map_err(|error| error.to_string())?;
            Ok::<_, String>(format!("{} {}", read.issuer, read.client_id))
        };
        let (issuer, client) = (("JTL_AUTH_BASE", "https://auth.example/"), ("PUBLIC_CLIENT_ID", "desk"));
        assert_eq!(read(&[issuer, client]).unwrap(), "https://auth.example/ desk", "letter by letter");
        assert_eq!(
            read(&[("EINLASS_URL", "http://127.0.0.1:1"), client]).unwrap(),
            "http://127.0.0.1:1 desk"
        );
        assert_eq!(read(&[client]).unwrap_err(), "neither JTL_AUTH_BASE nor EINLASS_URL is set");
        assert_eq!(read(&[issuer]).unwrap_err(), "PUBLIC_CLIENT_ID is not set");
        assert_eq!(
            read(&[issuer, ("PUBLIC_CLIENT_ID", "a b")]).unwrap_err(),
            "PUBLIC_CLIENT_ID: not a client id"
        );
    }

    fn on_premise(variables: &[(&str, &str)]) -> Result<String, String> {
        let found =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into());
        let read = OnpremEnvironment::read(found).map_err(|error| error.to_string())?;
        Ok(format!("{} {:?}", read.site, read.caller.headers()))
    }

    #[test]
    fn a_site_is_plain_beyond_loopback_only_where_the_environment_says_so() {
        let base = ("ONPREM_BASE", "http://erp:5883/api/eazybusiness");
        let key = ("ONPREM_API_KEY", "hush");
        assert!(on_premise(&[base, key]).unwrap_err().starts_with("ONPREM_BASE: not https"));
        assert!(on_premise(&[base, key, ("ONPREM_OWN_NETWORK", "false")]).is_err());
        let read = on_premise(&[base, key, ("ONPREM_OWN_NETWORK", "true")]).unwrap();
        assert_eq!(read, "http://erp:5883/api/eazybusiness {}");
        assert!(on_premise(&[base, key, ("ONPREM_OWN_NETWORK", "yes")]).unwrap_err().contains("neither"));
        assert_eq!(on_premise(&[key]).unwrap_err(), "ONPREM_BASE is not set");
        let secure = ("ONPREM_BASE", "https://erp/api/eazybusiness");
        assert_eq!(
            on_premise(&[secure]).unwrap_err(),
            "neither ONPREM_API_KEY nor ONPREM_API_KEY_FILE is set"
        );
    }
}
