//! The guide for cloud apps: its shell blocks from top to bottom, its code for backends, and every row of its table. Its code
//! for pages is run in the hub by `tests/browser/guide.mjs`.

use crate::kit::{Dev, folder, platform, text};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const GUIDE: &str = include_str!("../../../../docs/guides/cloud-apps.md");

/// The blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let begins = format!("```{language}\n");
    GUIDE.split(begins.as_str()).skip(1).map(|block| block.split("```").next().unwrap()).collect()
}

fn shell(folder: &Path, script: &str) -> Output {
    let programs = Path::new(env!("CARGO_BIN_EXE_einlass")).parent().unwrap();
    Command::new("sh")
        .args(["-eu", "-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:{}", programs.display(), std::env::var("PATH").unwrap()))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn the_guide_for_cloud_apps_works_as_it_is_written() {
    let data = folder();
    let _dev = Dev::start(data.path());
    std::os::unix::fs::symlink(platform(data.path()), data.path().join(".einlass")).unwrap();
    let script: String = blocks("sh").concat();
    assert!(script.lines().count() > 25, "the guide reads differently");
    let output = shell(data.path(), &script);
    let (shown, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{shown}{said}");
    assert!(!shown.contains("eyJ") && !shown.contains("ein_"), "{shown}");
    assert!(shown.contains("City bike"), "{shown}");
}

#[test]
fn every_refusal_in_the_guide_for_cloud_apps_is_as_it_says() {
    let data = folder();
    let _dev = Dev::start(data.path());
    std::os::unix::fs::symlink(platform(data.path()), data.path().join(".einlass")).unwrap();
    let rows = GUIDE.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let status: u16 = cells.next()?.parse().ok()?;
        Some((status, cells.next()?.trim_matches('`')))
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 10, "the table reads differently");
    let values =
        "set -a; . .einlass/dev.env; set +a; TOKEN=$(einlass token); SESSION=$(einlass token --session);";
    let ask = |(_, command): &(u16, &str)| {
        format!("{} -o answer -w '%{{http_code}}\\n'\n", command.replacen("curl", "curl -s", 1))
    };
    let asks = rows.iter().map(ask).collect::<Vec<_>>().concat();
    let output = shell(data.path(), &format!("{values}\n{asks}"));
    let found = text(&output.stdout);
    assert!(output.status.success(), "{found}{}", text(&output.stderr));
    let found: Vec<u16> = found.lines().map(|line| line.parse().unwrap()).collect();
    for ((status, command), found) in rows.iter().zip(&found) {
        assert_eq!(found, status, "{command}");
    }
    assert_eq!(found.len(), rows.len());
}

#[test]
fn the_guides_backend_verifies_a_session_token_and_nothing_else() {
    let data = folder();
    let dev = Dev::start(data.path());
    let backend = blocks("js").into_iter().find(|block| block.starts_with("// backend.mjs")).unwrap();
    let questions = "
        const { tenantId, userId, kid } = await session(process.env.SESSION_TOKEN);
        if (tenantId !== process.env.TENANT_ID || !userId || !kid) throw new Error('another session');
        for (const wrong of [await accessToken(), 'x', process.env.SESSION_TOKEN.slice(0, -4) + 'AAAA']) {
            const refused = await session(wrong).then(() => null, (fault) => fault.message);
            if (!refused) throw new Error(`accepted: ${wrong.slice(0, 8)}`);
        }
        console.log('content');";
    let output = Command::new("node")
        .args(["--input-type=module", "--eval", &format!("{backend}{questions}")])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/referees/node"))
        .envs(&dev.env)
        .env("SESSION_TOKEN", dev.session_token())
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout).trim(), "content", "{}", text(&output.stderr));
}
