//! The scenario suite: files that say how a client of the platform handles tokens, and what plays them.

pub(crate) mod clock;
mod format;
mod platform;
mod runner;
mod subject;

use format::Scenario;
use std::path::Path;
use subject::Sdk;

#[tokio::test]
async fn the_sdk_does_what_every_scenario_says() {
    let mut failures = Vec::new();
    let scenarios = read_all();
    for scenario in scenarios {
        let name = scenario.name.clone();
        if let Err(why) = runner::play::<Sdk>(scenario).await {
            failures.push(format!("{name}: {why}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn there_are_scenarios_and_each_has_a_name_of_its_own() {
    let mut names: Vec<_> = read_all().into_iter().map(|scenario| scenario.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(count >= 20, "{count}");
}

fn read_all() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.map(|path| read(&path)).collect()
}

fn read(path: &Path) -> Scenario {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
