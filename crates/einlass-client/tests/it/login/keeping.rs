//! The file: who may read it, and what is not overwritten.

use super::{PERSON, Platform};
use einlass_client::login::{SignInFile, SignInFileError};
use std::fs;

#[cfg(unix)]
#[tokio::test]
async fn file_and_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let platform = Platform::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config/einlass/login.json");
    let file = platform.kept(&path).await;
    assert_eq!(file.read().await.unwrap().subject, PERSON);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    for made in ["config", "config/einlass"] {
        assert_eq!(mode(&folder.path().join(made)), 0o700, "{made}");
    }
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    // As it is written anew.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    file.keep(&platform.signed_in().await.unwrap()).await.unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[tokio::test]
async fn a_file_that_is_something_else_stays_as_it_is() {
    let platform = Platform::start().await;
    let signed_in = platform.signed_in().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes");
    fs::write(&path, "mine").unwrap();
    let file = SignInFile::at(&path);
    let foreign = |outcome: Result<(), SignInFileError>| {
        let error = outcome.unwrap_err();
        assert!(matches!(error, SignInFileError::Foreign(_)), "{error}");
    };
    foreign(file.prepare().await);
    foreign(file.keep(&signed_in).await);
    foreign(file.forget().await);
    foreign(file.read().await.map(drop));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[tokio::test]
async fn where_nobody_has_signed_in_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["login.json", "nowhere/login.json"] {
        let file = SignInFile::at(folder.path().join(name));
        for outcome in [file.read().await.map(drop), file.forget().await] {
            let error = outcome.unwrap_err();
            assert!(error.to_string().contains("sign in first"), "{error}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_is_prepared_before_anybody_is_troubled() {
    let folder = tempfile::tempdir().unwrap();
    let file = SignInFile::at(folder.path().join("new/login.json"));
    file.prepare().await.unwrap();
    assert!(folder.path().join("new").is_dir() && !file.path().exists());
    let obstacle = folder.path().join("file");
    fs::write(&obstacle, "").unwrap();
    let error = SignInFile::at(obstacle.join("login.json")).prepare().await.unwrap_err();
    assert!(matches!(error, SignInFileError::Unusable { .. }), "{error}");
}
