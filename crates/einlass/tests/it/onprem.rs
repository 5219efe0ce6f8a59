//! `einlass register` and `einlass call --onprem`.

use crate::kit::{einlass, folder, text};
use crate::stub::{Asked, Stub};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};

use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use tempfile::TempDir;

const KEY: &str = "c3b9f1d4-6a55-4c7e-9d1b-canary77e2af";
const REQUESTED: &str = r#"{"AppId":"myApp/v1","RegistrationRequestId":"r-1","Status":0}"#;
const ACCEPTED: &str = r#"{"RequestStatusInfo":{"Status":2},
    "Token":{"ApiKey":"c3b9f1d4-6a55-4c7e-9d1b-canary77e2af"},"GrantedScopes":["items.read"]}"#;

/// Statuses and bodies.
type Answers = &'static [(u16, &'static str)];

/// An ERP that answers with these in turn.
fn erp(answers: Answers) -> Stub {
    let next = Mutex::new(answers.iter());
    Stub::start(move |_| {
        let (status, body) = next.lock().unwrap().next().copied().unwrap_or((418, ""));
        (status, body.into())
    })
}

fn base(stub: &Stub) -> String {
    format!("{}/api/eazybusiness", stub.url)
}

/// A command in a folder that has a manifest, `app.json`.
fn command(folder: &TempDir, stub: &Stub, arguments: &[&str]) -> Command {
    if !folder.path().join("app.json").exists() {
        let written =
            einlass().args(["register", "--write-manifest", "app.json"]).current_dir(folder.path()).output();
        assert!(written.unwrap().status.success());
    }
    let mut command = einlass();
    command.args(arguments).current_dir(folder.path()).env("ONPREM_BASE", base(stub));
    command
}

fn register(folder: &TempDir, stub: &Stub, arguments: &[&str]) -> Output {
    command(folder, stub, &[&["register", "app.json"], arguments].concat()).output().unwrap()
}

/// Registers until it says this, and is interrupted then.
#[cfg(unix)]
fn interrupted(folder: &TempDir, stub: &Stub, until: &str) -> (Option<i32>, String) {
    let mut command = command(folder, stub, &["register", "app.json"]);
    let mut child: Child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut all = String::new();
    while !all.contains(until) {
        assert_ne!(said.read_line(&mut all).unwrap(), 0, "{all}");
    }
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    said.read_to_string(&mut all).unwrap();
    let mut data = String::new();
    child.stdout.take().unwrap().read_to_string(&mut data).unwrap();
    assert_eq!(data, "");
    (child.wait().unwrap().code(), all)
}

/// A registration that has come as far as to wait for an admin.
fn waiting(folder: &TempDir, stub: &Stub) {
    let kept = format!(
        r#"{{"site":"{}","app_id":"myApp/v1","state":"waiting","challenge_code":"c-canary","request_id":"r-1"}}"#,
        base(stub)
    );
    fs::write(folder.path().join("registration.json"), kept).unwrap();
}

fn kept(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("registration.json")).unwrap()
}

#[cfg(unix)]
#[test]
fn who_is_interrupted_goes_on_from_there_and_says_each_state() {
    let folder = folder();
    let stub = erp(&[(403, ""), (201, REQUESTED), (200, ACCEPTED)]);
    let (code, said) = interrupted(&folder, &stub, "choose Add");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("Nobody at the merchant has opened App Registration yet"), "{said}");
    assert!(
        said.contains("/onprem") && said.contains("registration.json remembers how far it came"),
        "{said}"
    );
    let (code, said) = interrupted(&folder, &stub, "Waiting for the admin");
    assert_eq!(code, Some(1), "{said}");
    let done = register(&folder, &stub, &[]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let lines = format!(
        "ONPREM_BASE={}\nONPREM_APP_ID=myApp/v1\nONPREM_APP_VERSION=1.0.0\nONPREM_API_KEY={KEY}\n",
        base(&stub)
    );
    assert_eq!(text(&done.stdout), lines);
    assert!(text(&done.stderr).contains("Granted: items.read") && !text(&done.stderr).contains(KEY));

    let asked = stub.asked();
    let lines: Vec<&str> = asked.iter().map(|asked| asked.line.as_str()).collect();
    let post = "POST /api/eazybusiness/authentication";
    assert_eq!(lines, [post, post, "GET /api/eazybusiness/authentication/r-1"]);
    let code = asked[0].challenge.clone().unwrap();
    assert!(asked.iter().all(|asked| asked.challenge.as_ref() == Some(&code)));
    assert!(!said.contains(&code));

    let again = register(&folder, &stub, &["--format", "json"]);
    let json: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(
        (json["api_key"].as_str(), json["granted_scopes"][0].as_str()),
        (Some(KEY), Some("items.read"))
    );
    assert_eq!(stub.asked(), [], "a key that is there is not asked for");
}

#[test]
fn each_end_has_its_exit_code_and_shows_no_secret() {
    let refusals: [(Answers, i32, &str); 6] = [
        (&[(404, "")], 4, "--begin-again"),
        (&[(410, "")], 4, "hand it out again"),
        (&[(402, "")], 4, "licence"),
        (&[(200, r#"{"RequestStatusInfo":{"Status":1}}"#)], 4, "rejected"),
        (&[(400, r#"{"ErrorMessage":"c-canary"}"#)], 2, "does not understand"),
        (&[(400, r#""unsupported api version""#)], 2, "--api-version"),
    ];
    for (answers, code, says) in refusals {
        let (folder, stub) = (folder(), erp(answers));
        waiting(&folder, &stub);
        let output = register(&folder, &stub, &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says) && !said.contains("canary"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_request_that_leads_nowhere_is_forgotten_on_demand_and_a_key_never() {
    let folder = folder();
    let stub = erp(&[(404, ""), (409, ""), (403, "")]);
    waiting(&folder, &stub);
    assert_eq!(register(&folder, &stub, &[]).status.code(), Some(4));
    assert!(kept(&folder).contains("c-canary"));
    let again = register(&folder, &stub, &["--begin-again"]);
    assert!(text(&again.stderr).contains("has this app already"), "{}", text(&again.stderr));
    assert!(!kept(&folder).contains("c-canary"));

    let other = erp(&[(200, ACCEPTED)]);
    waiting(&folder, &other);
    assert!(register(&folder, &other, &[]).status.success());
    let before = kept(&folder);
    for (stub, arguments) in [(&other, &["--begin-again"][..]), (&stub, &[])] {
        let output = register(&folder, stub, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(!text(&output.stderr).contains(KEY));
    }
    assert_eq!(kept(&folder), before);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_asked() {
    let (folder, stub) = (folder(), erp(&[]));
    let complaint = |arguments: &[&str]| {
        let output = command(&folder, &stub, &[&["register"], arguments].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        text(&output.stderr).to_owned()
    };
    assert!(complaint(&["absent.json"]).contains("absent.json"));
    let plain = complaint(&["app.json", "--base", "http://erp.example/api/eazybusiness"]);
    assert!(plain.contains("not https") && plain.contains("--own-network"), "{plain}");
    let public = complaint(&["app.json", "--base", "http://203.0.113.7/api/x", "--own-network"]);
    assert!(public.contains("public address"), "{public}");
    assert!(complaint(&["app.json", "--base", &stub.url]).contains("/api/<database>"));
    assert!(complaint(&["--write-manifest", "app.json"]).contains("app.json"), "what is there stays");
    let path = folder.path().join("app.json");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("DisplayName", "Displayname")).unwrap();
    assert!(complaint(&["app.json"]).contains("unknown field `Displayname`"));
    assert_eq!(stub.asked(), []);
    assert!(!folder.path().join("registration.json").exists());
}

fn call(stub: &Stub, key: &str, arguments: &[&str]) -> Output {
    let mut command = einlass();
    command.args(["call", "--onprem", "GET", "/v1/items"]).args(arguments);
    command.env("ONPREM_BASE", base(stub)).env("ONPREM_API_KEY", key).output().unwrap()
}

#[test]
fn a_call_with_the_key_needs_no_tenant_and_a_refusal_says_what_to_look_at() {
    let stub = erp(&[(200, "[]"), (401, ""), (403, "{}")]);
    let output = call(&stub, KEY, &[]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "[]"), "{}", text(&output.stderr));
    let asked: Vec<Asked> = stub.asked();
    assert_eq!(asked[0].line, "GET /api/eazybusiness/v1/items");
    assert_eq!(asked[0].authorization, Some(format!("Wawi {KEY}")));
    let refused = call(&stub, KEY, &["--run-as", "anna"]);
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains("another database") && said.contains("request-1") && !said.contains(KEY), "{said}");
    assert_eq!(call(&stub, KEY, &[]).status.code(), Some(1));
    let pasted = call(&stub, &format!("Wawi {KEY}"), &[]);
    assert_eq!(pasted.status.code(), Some(4));
    assert!(text(&pasted.stderr).contains("one word") && !text(&pasted.stderr).contains(KEY));
    assert_eq!(stub.asked().len(), 2);
}
