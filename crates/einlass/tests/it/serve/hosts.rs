//! Every surface at a host of its own, over TLS, as a browser sees it: `tests/browser/hosts.mjs`.

use super::site::{Engine, Node, Site, free_port};
use crate::kit::text;
use rcgen::generate_simple_self_signed;
use std::fs;
use std::path::Path;
use std::process::Command;

const HOSTS: [&str; 5] = ["auth", "hub", "partner", "admin", "onprem"];

#[test]
fn surfaces_at_hosts_of_their_own_share_one_sign_in_and_no_cookie() {
    let (site, port) = (Site::new(Engine::Sqlite, ""), free_port());
    let names = HOSTS.map(|host| format!("{host}.einlass.test"));
    let pair = generate_simple_self_signed(names).unwrap();
    fs::write(site.path("tls.pem"), pair.cert.pem()).unwrap();
    fs::write(site.path("tls.key"), pair.signing_key.serialize_pem()).unwrap();
    let at = |host: &str| format!("https://{host}.einlass.test:{port}");
    let own: Vec<_> = HOSTS[1..].iter().map(|host| format!("{host} = \"{}\"", at(host))).collect();
    let own = own.join("\n");
    let management = site.url.strip_prefix("http://").unwrap();
    let config = format!(
        "public_url = \"{}\"\n\
         [store]\nurl_file = \"database.url\"\n\
         [keys]\nmaster_key_file = \"master.key\"\n\
         [shutdown]\ngrace = \"0s\"\n\
         [pages]\n{own}\n\
         [[listener]]\naddress = \"127.0.0.1:{port}\"\n\
         surfaces = [\"identity\", \"hub\", \"partner\", \"onprem\", \"admin\"]\n\
         [listener.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n\
         [[listener]]\naddress = \"{management}\"\nsurfaces = [\"management\"]\n",
        at("auth")
    );
    fs::write(site.path("hosts.toml"), config).unwrap();
    let node = Node::start(&site.path("hosts.toml"), site.url.clone(), site.path("hosts.log"), |_| {});

    let link = node.first_link();
    assert!(link.starts_with(&at("admin")), "it leads to {}", link.split('#').next().unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new("node")
        .arg(root.join("tests/browser/hosts.mjs"))
        .env("EINLASS_TEST_LINK", link)
        .env("EINLASS_TEST_PORT", port.to_string())
        .env("EINLASS_TEST_PICTURES", root.join("target/pages"))
        .output()
        .unwrap_or_else(|fault| panic!("node: {fault}; run `cargo xtask test`"));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
