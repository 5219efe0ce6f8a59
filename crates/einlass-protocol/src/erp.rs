//! The ERP API's error body. Not RFC 7807: `{errorCode, errorMessage, errors}`, in two casings.

use serde_json::{Map, Value, json};

/// How the members of a body are spelled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Casing {
    /// `ErrorCode`: unversioned and `/v1` paths.
    Pascal,
    /// `errorCode`: `/v2` paths.
    Camel,
}

impl Casing {
    /// The casing that belongs to a path below the API's base, as `/v2/items`.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if first.eq_ignore_ascii_case("v2") { Self::Camel } else { Self::Pascal }
    }
}

impl Casing {
    /// A body whose members are given in Pascal, spelled this way at every depth.
    #[must_use]
    pub fn spell(self, body: Value) -> Value {
        match (self, body) {
            (Self::Camel, Value::Object(members)) => {
                let members = members.into_iter().map(|(name, value)| (camel(&name), self.spell(value)));
                Value::Object(members.collect())
            }
            (_, body) => body,
        }
    }
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

/// An error as the ERP API tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ErpError {
    /// A stable word that a program can compare.
    pub code: &'static str,
    /// What happened and what to do, for a person.
    pub message: String,
    /// Faults by the field, header or parameter they are about.
    pub errors: Vec<(&'static str, String)>,
}

impl ErpError {
    /// The body in this casing.
    #[must_use]
    pub fn to_json(&self, casing: Casing) -> Value {
        let mut errors = Map::new();
        for (field, fault) in &self.errors {
            errors.insert((*field).into(), json!([fault]));
        }
        match casing {
            Casing::Pascal => json!({
                "ErrorCode": self.code, "ErrorMessage": self.message, "Errors": errors
            }),
            Casing::Camel => json!({
                "errorCode": self.code, "errorMessage": self.message, "errors": errors
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_two_is_camel_and_everything_else_pascal() {
        for (path, casing) in [
            ("/v2/items", Casing::Camel),
            ("/V2/items", Casing::Camel),
            ("/v1/items", Casing::Pascal),
            ("/info", Casing::Pascal),
            ("/v20/x", Casing::Pascal),
            ("/", Casing::Pascal),
        ] {
            assert_eq!(Casing::of_path(path), casing, "{path}");
        }
    }

    #[test]
    fn members_are_spelled_as_the_version_has_them() {
        let body =
            json!({"RequestStatusInfo": {"AppId": "A/v1", "Status": 0}, "GrantedScopes": ["Items.Read"]});
        assert_eq!(Casing::Pascal.spell(body.clone()), body);
        let camel =
            json!({"requestStatusInfo": {"appId": "A/v1", "status": 0}, "grantedScopes": ["Items.Read"]});
        assert_eq!(Casing::Camel.spell(body), camel);
    }

    #[test]
    fn faults_are_listed_by_field() {
        let error =
            ErpError { code: "X", message: "m".into(), errors: vec![("X-Tenant-ID", "is missing".into())] };
        assert_eq!(
            error.to_json(Casing::Camel),
            json!({"errorCode": "X", "errorMessage": "m", "errors": {"X-Tenant-ID": ["is missing"]}})
        );
        assert_eq!(error.to_json(Casing::Pascal)["ErrorCode"], "X");
    }
}
