//! What each command asks the API for.

use crate::kit::text;
use crate::stub::{Stub, TOKEN};
use std::collections::BTreeSet;

const ORG: &str = "6f1c9a52-3f0e-4a7b-8c55-0d1f6f6f2b10";

/// Commands, the request that each makes last, and its body.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("org list", "GET /organisations?limit=500", ""),
    ("org list --search bikes", "GET /organisations?search=bikes&limit=500", ""),
    ("org show ORG", "GET /organisations/ORG", ""),
    ("org create Paketwerk", "POST /organisations", r#"{"kind":"both","name":"Paketwerk"}"#),
    ("org create Bikes --kind merchant", "POST /organisations", r#"{"kind":"merchant","name":"Bikes"}"#),
    ("member list ORG", "GET /organisations/ORG/members?limit=500", ""),
    (
        "member invite ORG a@b.example",
        "POST /organisations/ORG/invitations",
        r#"{"email":"a@b.example","role":"member"}"#,
    ),
    (
        "member invite ORG a@b.example --role admin",
        "POST /organisations/ORG/invitations",
        r#"{"email":"a@b.example","role":"admin"}"#,
    ),
    ("member recover ORG m-1", "POST /organisations/ORG/members/m-1/recovery", ""),
    ("member remove ORG m-1", "DELETE /organisations/ORG/members/m-1", ""),
    ("onprem sites", "GET /sites?limit=500", ""),
    ("onprem site", "GET /sites/eazybusiness", ""),
    (
        "onprem create eazybusiness --org ORG",
        "POST /sites",
        r#"{"database":"eazybusiness","organisation":"ORG"}"#,
    ),
    (
        "onprem create --org ORG --name Warehouse",
        "POST /sites",
        r#"{"database":"eazybusiness","name":"Warehouse","organisation":"ORG"}"#,
    ),
    ("onprem licence off", "PATCH /sites/eazybusiness", r#"{"licensed":false}"#),
    ("onprem licence on eazybusiness", "PATCH /sites/eazybusiness", r#"{"licensed":true}"#),
    ("onprem keys", "GET /app-keys?limit=500", ""),
    ("onprem set-key app-1 KEYFILE", "PUT /app-keys/app-1", r#"{"public_key":"a key\n"}"#),
    ("onprem drop-key app-1", "DELETE /app-keys/app-1", ""),
    ("onprem open", "POST /sites/eazybusiness/wait", ""),
    ("onprem close", "DELETE /sites/eazybusiness/wait", ""),
    ("onprem list", "GET /sites/eazybusiness/registrations?limit=500", ""),
    ("onprem show r-1", "GET /registrations/r-1", ""),
    ("onprem approve r-1", "POST /registrations/r-1/accept", ""),
    ("onprem approve r-1 --optional A.x", "POST /registrations/r-1/accept", r#"{"optional":"a.x"}"#),
    ("onprem reject r-1", "POST /registrations/r-1/reject", ""),
    ("onprem hand-out r-1", "POST /registrations/r-1/hand-out", ""),
    ("onprem revoke r-1", "DELETE /registrations/r-1", ""),
    ("tenant list", "GET /tenants?limit=500", ""),
    ("tenant show bikes", "GET /tenants/bikes", ""),
    ("tenant create bikes", "POST /tenants", r#"{"slug":"bikes"}"#),
    (
        "tenant create bikes --name Bikes --org ORG --customer-number 12-A --account-id 7",
        "POST /tenants",
        r#"{"customer_number":"12-A","jtl_account_id":7,"name":"Bikes","organisation":"ORG","slug":"bikes"}"#,
    ),
    ("tenant revoke bikes", "POST /revocations", r#"{"kind":"tenant","subject":"the-id"}"#),
    ("app list", "GET /apps?limit=500", ""),
    ("app readmit tracker", "POST /apps/tracker/readmit", ""),
    ("channel readmit BIKES", "POST /channels/BIKES/readmit", ""),
    ("app list --search mirror", "GET /apps?search=mirror&limit=500", ""),
    ("app list --state submitted", "GET /apps?state=submitted&limit=500", ""),
    ("app show tracker", "GET /apps/tracker", ""),
    ("app create tracker", "POST /apps", r#"{"technical_name":"tracker"}"#),
    (
        "app create tracker --title Tracker --org ORG --scopes B.x --algorithm EdDSA",
        "POST /apps",
        r#"{"algorithm":"EdDSA","name":"Tracker","organisation":"ORG","scopes":"b.x","technical_name":"tracker"}"#,
    ),
    ("app change tracker --scopes a.x", "PATCH /apps/tracker", r#"{"scopes":"a.x"}"#),
    ("app manifest tracker", "GET /apps/tracker/manifest", ""),
    ("app manifest tracker MANIFEST", "PUT /apps/tracker/manifest", r#"{"version":"1"}"#),
    ("app publish tracker", "POST /apps/tracker/publish", ""),
    ("app withdraw tracker", "POST /apps/tracker/withdraw", ""),
    ("app revoke tracker", "POST /revocations", r#"{"kind":"app","subject":"the-id"}"#),
    ("client list tracker", "GET /apps/tracker/clients?limit=500", ""),
    ("client show c-1", "GET /clients/c-1", ""),
    ("client create tracker", "POST /apps/tracker/clients", ""),
    ("client create tracker --algorithm RS256", "POST /apps/tracker/clients", r#"{"algorithm":"RS256"}"#),
    (
        "client create tracker --public --redirect-uri http://127.0.0.1/cb",
        "POST /apps/tracker/clients",
        r#"{"post_logout_redirect_uris":[],"public":true,"redirect_uris":["http://127.0.0.1/cb"]}"#,
    ),
    ("client redirect-uris c-1", "GET /clients/c-1/redirect-uris", ""),
    (
        "client redirect-uris c-1 --redirect-uri https://a.example/cb --post-logout-uri https://a.example/",
        "PUT /clients/c-1/redirect-uris",
        r#"{"post_logout_redirect_uris":["https://a.example/"],"redirect_uris":["https://a.example/cb"]}"#,
    ),
    ("client revoke c-1", "POST /revocations", r#"{"kind":"client","subject":"the-id"}"#),
    ("secret list c-1", "GET /clients/c-1/secrets?limit=500", ""),
    ("secret create c-1 spring", "POST /clients/c-1/secrets", r#"{"name":"spring"}"#),
    (
        "secret create c-1 spring --expires-in 90d",
        "POST /clients/c-1/secrets",
        r#"{"expires_in":7776000,"name":"spring"}"#,
    ),
    ("secret revoke s-1", "POST /revocations", r#"{"kind":"secret","subject":"s-1"}"#),
    ("install list --app tracker", "GET /apps/tracker/installations?limit=500", ""),
    ("install list --tenant bikes", "GET /tenants/bikes/installations?limit=500", ""),
    ("install add tracker bikes", "PUT /tenants/bikes/installations/tracker", ""),
    (
        "install add tracker bikes --scopes a.x",
        "PUT /tenants/bikes/installations/tracker",
        r#"{"scopes":"a.x"}"#,
    ),
    ("install remove tracker bikes", "DELETE /tenants/bikes/installations/tracker", ""),
    ("channel list", "GET /channels?limit=500", ""),
    ("channel show BIKES", "GET /channels/BIKES", ""),
    ("channel create BIKES", "POST /channels", r#"{"name":"BIKES"}"#),
    (
        "channel create BIKES --org ORG --sign-up-url https://a/b --update-url https://c/d --chan",
        "POST /channels",
        r#"{"name":"BIKES","organisation":"ORG","scope_word":"CHAN","sign_up_url":"https://a/b","update_url":"https://c/d"}"#,
    ),
    ("channel revoke BIKES", "POST /revocations", r#"{"kind":"channel","subject":"BIKES"}"#),
    ("channel token list BIKES", "GET /channels/BIKES/tokens?limit=500", ""),
    (
        "channel token create BIKES spring --expires-in 90d",
        "POST /channels/BIKES/tokens",
        r#"{"expires_in":7776000,"name":"spring"}"#,
    ),
    ("channel token revoke r-1", "POST /revocations", r#"{"kind":"refresh-token","subject":"r-1"}"#),
    ("channel seller list bikes", "GET /tenants/bikes/seller-tokens?limit=500", ""),
    ("channel seller create bikes till", "POST /tenants/bikes/seller-tokens", r#"{"name":"till"}"#),
    ("channel seller pin bikes", "POST /tenants/bikes/seller-pin", ""),
    ("key list", "GET /keys", ""),
    ("key rotate", "POST /keys/rotate", ""),
    ("key revoke k-1", "DELETE /keys/k-1", ""),
    ("admin-token list", "GET /admin-tokens?limit=500", ""),
    ("admin-token create ops", "POST /admin-tokens", r#"{"access":"full","name":"ops"}"#),
    (
        "admin-token create ops --access read --expires-in 12h",
        "POST /admin-tokens",
        r#"{"access":"read","expires_in":43200,"name":"ops"}"#,
    ),
    ("admin-token revoke ops", "DELETE /admin-tokens/ops", ""),
    ("audit", "GET /audit?limit=500", ""),
    (
        "audit --actor a --action b --subject c&d --outcome refused --since 2026-01-01T00:00:00Z \
         --until 2026-01-02T00:00:00Z --limit 3",
        "GET /audit?actor=a&action=b&subject=c%26d&outcome=refused&since=2026-01-01T00%3A00%3A00Z\
         &until=2026-01-02T00%3A00%3A00Z&limit=3",
        "",
    ),
    ("usage", "GET /usage?by=app", ""),
    ("usage --by scope --app tracker --tenant bikes", "GET /usage?by=scope&app=tracker&tenant=bikes", ""),
    ("person list", "GET /people?limit=500", ""),
    ("person list --search anna", "GET /people?search=anna&limit=500", ""),
    ("person show p-1", "GET /people/p-1", ""),
    ("person revoke p-1", "POST /revocations", r#"{"kind":"person","subject":"p-1"}"#),
    ("status", "GET /status", ""),
    ("usage --by day --app tracker", "GET /usage?by=day&app=tracker", ""),
    ("grant list --person p-1", "GET /people/p-1/grants?limit=500", ""),
    ("grant list --client c-1", "GET /clients/c-1/grants?limit=500", ""),
    ("grant end g-1", "DELETE /grants/g-1", ""),
    ("policy explain GET /erp/v2/info", "GET /policy/explain?method=GET&path=%2Ferp%2Fv2%2Finfo", ""),
];

/// What a path of the document is with the names that the commands above use.
fn template(path: &str) -> String {
    let in_commands = [
        ("ORG", "{organisation}"),
        ("bikes", "{tenant}"),
        ("tracker", "{app}"),
        ("c-1", "{client}"),
        ("BIKES", "{channel}"),
        ("k-1", "{kid}"),
        ("p-1", "{person}"),
        ("g-1", "{grant}"),
        ("m-1", "{member}"),
        ("eazybusiness", "{database}"),
        ("r-1", "{registration}"),
        ("app-1", "{app_id}"),
        ("ops", "{admin_token}"),
    ];
    let named = |segment: &str| {
        in_commands
            .iter()
            .find(|(name, _)| *name == segment)
            .map_or(segment, |(_, template)| template)
            .to_owned()
    };
    path.split('/').map(named).collect::<Vec<_>>().join("/")
}

#[test]
fn each_command_makes_the_request_that_it_stands_for() {
    let stub = Stub::start(|_| (200, r#"{"id": "the-id", "items": [], "next": null}"#.into()));
    let folder = crate::kit::folder();
    let key = folder.path().join("app.pem");
    std::fs::write(&key, "a key\n").unwrap();
    let manifest = folder.path().join("manifest.json");
    std::fs::write(&manifest, r#"{"version": "1"}"#).unwrap();
    let with_names = |word: &str| {
        let word = word.replace("ORG", ORG).replace("KEYFILE", key.to_str().unwrap());
        word.replace("MANIFEST", manifest.to_str().unwrap())
    };
    for (command, line, body) in COMMANDS {
        let arguments: Vec<_> = command.split_whitespace().map(with_names).collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = stub.einlass(&arguments);
        assert!(output.status.success(), "{command}: {}", text(&output.stderr));
        let asked = stub.asked().pop().unwrap();
        let (method, path) = line.split_once(' ').unwrap();
        assert_eq!(asked.line, format!("{method} /admin/api{}", path.replace("ORG", ORG)), "{command}");
        assert_eq!(asked.body, body.replace("ORG", ORG), "{command}");
        assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")), "{command}");
    }
}

#[test]
fn the_document_has_no_operation_without_a_command() {
    let document = include_str!("../../../../einlass-server/src/admin/openapi.yaml");
    let (paths, _) = document.split_once("\ncomponents:").unwrap();
    let mut operations = BTreeSet::new();
    let mut path = "";
    for line in paths.lines() {
        let key = line.trim().trim_end_matches(':');
        match line.len() - line.trim_start().len() {
            2 if key.starts_with('/') => path = key,
            4 if ["get", "post", "put", "patch", "delete"].contains(&key) => {
                operations.insert(format!("{} {path}", key.to_uppercase()));
            }
            _ => {}
        }
    }
    // The document itself is for programs, and the claim has a test of its own.
    operations.remove("GET /openapi.yaml");
    operations.remove("POST /admin-tokens/claim");
    assert!(operations.len() > 20, "the document reads differently: {operations:?}");
    let commands: BTreeSet<_> =
        COMMANDS.iter().map(|(_, line, _)| template(line.split('?').next().unwrap())).collect();
    assert_eq!(operations, commands);
}

#[test]
fn a_name_stays_one_segment_of_the_path() {
    let stub = Stub::start(|_| (200, "{}".into()));
    assert!(stub.einlass(&["app", "show", "../tenants/x?y#z"]).status.success());
    assert_eq!(stub.asked()[0].line, "GET /admin/api/apps/..%2Ftenants%2Fx%3Fy%23z");
    for name in ["", ".", ".."] {
        assert_eq!(stub.einlass(&["app", "show", name]).status.code(), Some(2), "{name:?}");
    }
    assert_eq!(stub.asked(), []);
}
