//! `einlass login`, `call --user` and `logout`, with the browser's part played by hand.

use crate::kit::{Dev, einlass, folder, send, text};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};

/// A browser without a screen, in which the merchant has signed in.
struct Browser {
    origin: String,
    session: String,
}

impl Browser {
    fn signed_in(dev: &Dev) -> Self {
        let mut browser = Self { origin: dev.url().to_owned(), session: String::new() };
        let form = [("email", &*dev.env["MERCHANT_EMAIL"]), ("password", &dev.env["MERCHANT_PASSWORD"])];
        let heads = browser.post("/login", &form);
        let cookie = heads.split("set-cookie: einlass=").nth(1).unwrap_or_else(|| panic!("{heads}"));
        cookie.split(';').next().unwrap().clone_into(&mut browser.session);
        browser
    }

    /// Reads the page that asks, and answers it. Gives where the browser is sent.
    fn decide(&self, url: &str, allow: &str) -> String {
        let (status, page) = send("GET", url, &[("Cookie", &self.cookie())], "");
        assert_eq!(status, 200, "{page}");
        let (_, form) = page.split_once("action=\"/consent\">").unwrap_or_else(|| panic!("{page}"));
        let mut fields = hidden(form.split("</form>").next().unwrap());
        fields.push(("allow", allow.into()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
        let heads = self.post("/consent", &fields);
        let location = heads.split("location: ").nth(1).unwrap_or_else(|| panic!("{heads}"));
        location.lines().next().unwrap().trim_end().to_owned()
    }

    /// The heads of the answer to a form.
    fn post(&self, path: &str, form: &[(&str, &str)]) -> String {
        let mut curl = std::process::Command::new("curl");
        curl.args(["-s", "-o", "/dev/null", "-D", "-", "-H"]).arg(format!("origin: {}", self.origin));
        curl.arg("-H").arg(format!("cookie: {}", self.cookie()));
        for (name, value) in form {
            curl.arg("--data-urlencode").arg(format!("{name}={value}"));
        }
        let output = curl.arg(format!("{}{path}", self.origin)).output().unwrap();
        text(&output.stdout).to_owned()
    }

    fn cookie(&self) -> String {
        format!("einlass={}", self.session)
    }
}

/// The hidden fields of a form.
fn hidden(form: &str) -> Vec<(&str, String)> {
    let fields = form.split("<input type=\"hidden\" name=\"").skip(1);
    let parts = fields.map(|field| field.split('"').collect::<Vec<_>>());
    parts.map(|parts| (parts[0], parts[2].replace("&#38;", "&").replace("&amp;", "&"))).collect()
}

/// An `einlass login` that waits for its browser, and the URL that it prints.
fn begin(dev: &Dev, file: &Path, more: &[&str]) -> (Child, String) {
    let mut child = einlass()
        .args(["login", "--no-browser", "--file"])
        .arg(file)
        .args(more)
        .envs(&dev.env)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    if url.is_empty() {
        let mut complaint = String::new();
        child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
        panic!("{complaint}");
    }
    (child, url.trim_end().to_owned())
}

/// Signs the merchant in. Gives what the program said.
fn sign_in(dev: &Dev, file: &Path) -> String {
    sign_in_at(dev, file, &[])
}

fn sign_in_at(dev: &Dev, file: &Path, more: &[&str]) -> String {
    let (child, url) = begin(dev, file, more);
    let back = Browser::signed_in(dev).decide(&url, "true");
    let (status, page) = send("GET", &back, &[], "");
    assert!(status == 200 && page.contains("can be closed"), "{status} {page}");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr).to_owned()
}

fn call(dev: &Dev, file: &Path, tenant: &str) -> Output {
    let file = file.to_str().unwrap();
    let tenant = &dev.env[tenant];
    dev.einlass(&["call", "--user", "--file", file, "GET", "/erp/v2/info", "--tenant", tenant])
}

fn logout(dev: &Dev, file: &Path, more: &[&str]) -> Output {
    dev.einlass(&[&["logout", "--file", file.to_str().unwrap()], more].concat())
}

fn kept(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// As if an hour had passed.
fn expire(file: &Path) {
    let mut content = kept(file);
    content["expires_at"] = 0.into();
    fs::write(file, content.to_string()).unwrap();
}

fn login_file(data: &Path) -> PathBuf {
    data.join("config/login.json")
}

#[test]
fn a_person_signs_in_calls_and_signs_out() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    let said = sign_in(&dev, &file);
    let content = kept(&file);
    let subject = content["subject"].as_str().unwrap();
    assert!(said.contains(subject) && said.contains(file.to_str().unwrap()), "{said}");
    for name in ["access_token", "refresh_token"] {
        let secret = content[name].as_str().unwrap();
        assert!(!said.contains(&secret[secret.len() - 12..]), "{said}");
    }

    let ok = call(&dev, &file, "TENANT_ID");
    let body: Value = serde_json::from_slice(&ok.stdout).unwrap();
    assert_eq!((ok.status.code(), body["tenant"].as_str()), (Some(0), Some(&*dev.env["TENANT_ID"])));
    let elsewhere = call(&dev, &file, "OTHER_TENANT_ID");
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(text(&elsewhere.stderr).contains("403"), "{}", text(&elsewhere.stderr));

    let copy = data.path().join("copy.json");
    fs::copy(&file, &copy).unwrap();
    let out = logout(&dev, &file, &[]);
    assert!(out.status.success() && text(&out.stderr).contains("Signed out"), "{}", text(&out.stderr));
    assert!(!file.exists());
    let used_afterwards = call(&dev, &copy, "TENANT_ID");
    assert_eq!(used_afterwards.status.code(), Some(4), "{}", text(&used_afterwards.stderr));
    expire(&copy);
    let used_afterwards = call(&dev, &copy, "TENANT_ID");
    assert_eq!(used_afterwards.status.code(), Some(4));
    assert!(text(&used_afterwards.stderr).contains("sign in again"), "{}", text(&used_afterwards.stderr));
    let nobody = call(&dev, &file, "TENANT_ID");
    assert_eq!(nobody.status.code(), Some(4));
    assert!(text(&nobody.stderr).contains("einlass login"), "{}", text(&nobody.stderr));
}

/// Its paths are others, which its document names.
#[test]
fn the_second_issuer_signs_people_in_as_well() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    sign_in_at(&dev, &file, &["--issuer", &dev.env["JTL_ISSUER"]]);
    assert_eq!(kept(&file)["issuer"], *dev.env["JTL_ISSUER"]);
    assert!(call(&dev, &file, "TENANT_ID").status.success());
    expire(&file);
    let renewed = call(&dev, &file, "TENANT_ID");
    assert!(renewed.status.success(), "{}", text(&renewed.stderr));
    assert!(logout(&dev, &file, &[]).status.success());
}

#[test]
fn processes_that_renew_one_sign_in_at_once_all_go_on() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    sign_in(&dev, &file);
    for _ in 0..2 {
        let before = kept(&file)["refresh_token"].clone();
        expire(&file);
        let calls: Vec<Child> = (0..6)
            .map(|_| {
                einlass()
                    .args(["call", "--user", "GET", "/erp/v2/info"])
                    .envs(&dev.env)
                    .env("EINLASS_LOGIN_FILE", &file)
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in calls {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        assert_ne!(kept(&file)["refresh_token"], before);
    }
    expire(&file);
    assert!(call(&dev, &file, "TENANT_ID").status.success(), "nothing was replayed");
}

#[test]
fn who_says_no_is_signed_in_nowhere() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    let (child, url) = begin(&dev, &file, &["--scope", "openid items.read"]);
    let back = Browser::signed_in(&dev).decide(&url, "false");
    assert_eq!(send("GET", &back, &[], "").0, 200);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("access_denied"), "{}", text(&output.stderr));
    assert!(!file.exists());
}

#[test]
fn without_the_platform_a_sign_in_is_kept_unless_it_is_to_be_forgotten() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    sign_in(&dev, &file);
    let env = dev.env.clone();
    dev.end();
    let logout = |more: &[&str]| {
        let mut command = einlass();
        command.args(["logout", "--file"]).arg(&file).args(more).envs(&env).output().unwrap()
    };
    let output = logout(&[]);
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("--forget"), "{}", text(&output.stderr));
    assert!(file.exists());
    let output = logout(&["--forget"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("goes on"), "{}", text(&output.stderr));
    assert!(!file.exists());
}

/// Exit code and complaint of an `einlass login` that asks nobody.
fn refused(arguments: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String) {
    let output =
        einlass().args(["login", "--no-browser"]).args(arguments).envs(env.iter().copied()).output().unwrap();
    (output.status.code(), text(&output.stderr).to_owned())
}

/// Arguments, environment, exit code and a word of the complaint.
type Typo<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], i32, &'a str);

#[test]
fn a_typo_is_an_error_that_says_what_to_look_at() {
    let data = folder();
    let file = data.path().join("login.json");
    let (file, at) = (file.to_str().unwrap(), ("JTL_AUTH_BASE", "http://127.0.0.1:1"));
    let id = ("PUBLIC_CLIENT_ID", "desk");
    let foreign = data.path().join("notes");
    fs::write(&foreign, "mine").unwrap();
    let cases: [Typo; 8] = [
        (&["--issuer", "auth.example"], &[id], 2, "--issuer"),
        (&["--issuer", "http://auth.example"], &[id], 2, "https"),
        (&["--client-id", "a b"], &[at], 2, "--client-id"),
        (&[], &[id], 4, "JTL_AUTH_BASE"),
        (&[], &[at], 4, "PUBLIC_CLIENT_ID"),
        (&["--scope", "items.read"], &[at, id], 2, "openid"),
        (&["--file", foreign.to_str().unwrap()], &[at, id], 2, "left as it is"),
        (&[], &[at, id], 5, "cannot be reached"),
    ];
    for (arguments, env, code, word) in cases {
        let arguments = if arguments.contains(&"--file") {
            arguments.to_vec()
        } else {
            [arguments, &["--file", file]].concat()
        };
        let (found, complaint) = refused(&arguments, env);
        assert!(found == Some(code) && complaint.contains(word), "{arguments:?}: {found:?} {complaint}");
    }
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
}

#[test]
fn an_issuer_that_is_none_or_has_another_name_is_told_so() {
    let data = folder();
    let dev = Dev::start(data.path());
    let file = login_file(data.path());
    let said = |issuer: &str| {
        let env = [("PUBLIC_CLIENT_ID", &*dev.env["PUBLIC_CLIENT_ID"])];
        refused(&["--issuer", issuer, "--file", file.to_str().unwrap()], &env)
    };
    let (code, complaint) = said(&format!("{}/nowhere", dev.url()));
    assert!(code == Some(2) && complaint.contains("--issuer"), "{complaint}");
    let (code, complaint) = said(&dev.url().replace("127.0.0.1", "localhost"));
    assert!(code == Some(2) && complaint.contains(dev.url()), "{complaint}");
}
