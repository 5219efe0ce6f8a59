//! Where a person's sign-in is kept.

use super::variable;
use crate::failure::Failure;
use einlass_client::login::SignInFile;
use std::path::{Path, PathBuf};

/// The file that was said, else the one of the environment, else the one that this user has.
pub(super) fn at(said: Option<&Path>) -> Result<SignInFile, Failure> {
    said.map(Path::to_path_buf).or_else(|| usual(variable)).map(SignInFile::at).ok_or_else(|| {
        Failure::Usage("there is no home folder: say where the sign-in is kept with --file FILE".into())
    })
}

/// `EINLASS_LOGIN_FILE`, else `einlass/login.json` below `XDG_CONFIG_HOME`, else below `~/.config`; an empty variable counts
/// as unset, and a relative `XDG_CONFIG_HOME` too, as the XDG Base Directory Specification has it.
fn usual(variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(file) = set("EINLASS_LOGIN_FILE") {
        return Some(file);
    }
    let home = || set("HOME").or_else(|| set("USERPROFILE")).map(|home| home.join(".config"));
    let folder = set("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute()).or_else(home)?;
    Some(folder.join("einlass").join("login.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_most_precisely_counts() {
        let of = |found: &[(&str, &str)]| {
            usual(|name| found.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
                .map(|path| path.display().to_string())
        };
        let (home, config) = (("HOME", "/home/anna"), ("XDG_CONFIG_HOME", "/config"));
        assert_eq!(of(&[home]).unwrap(), "/home/anna/.config/einlass/login.json");
        assert_eq!(of(&[home, config]).unwrap(), "/config/einlass/login.json");
        assert_eq!(of(&[home, config, ("EINLASS_LOGIN_FILE", "here.json")]).unwrap(), "here.json");
        assert_eq!(of(&[home, ("XDG_CONFIG_HOME", "relative")]), of(&[home, ("EINLASS_LOGIN_FILE", "")]));
        assert_eq!(of(&[("HOME", "")]), None);
    }
}
