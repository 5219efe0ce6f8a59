//! `einlass logout`: what `einlass login` keeps is ended at the platform, and taken away here.

use super::{block_on, sign_in_file};
use crate::failure::Failure;
use crate::output;
use einlass_client::fetch::FetchError;
use einlass_client::login::{SignInFile, SignOutError};
use std::path::PathBuf;

/// Reads `EINLASS_LOGIN_FILE`. Exit code 5 when the platform does not answer: then the file is kept, and nothing has ended.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where the sign-in is kept; else `EINLASS_LOGIN_FILE`, else einlass/login.json in your configuration folder.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Take the file away even if the platform does not end the sign-in. Who has a copy of it can go on then.
    #[arg(long)]
    forget: bool,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let file = sign_in_file::at(options.file.as_deref())?;
    block_on(sign_out(&file, options.forget))
}

async fn sign_out(file: &SignInFile, forget: bool) -> Result<(), Failure> {
    let path = file.path().display();
    let fault = match file.sign_out().await {
        Ok(()) => {
            output::remark(&format!("Signed out. {path} is gone, and a copy of it opens nothing any more."));
            return Ok(());
        }
        Err(SignOutError::File(fault)) => return Err(fault.into()),
        Err(fault) => fault,
    };
    if !forget {
        let text = format!("{fault}. {path} is kept; --forget takes it away all the same");
        return Err(if is_passing(&fault) { Failure::Unavailable(text) } else { Failure::Failed(text) });
    }
    file.forget().await?;
    output::remark(&format!(
        "{path} is gone, but {fault}: at the platform the sign-in goes on. It can be ended there, at your account."
    ));
    Ok(())
}

fn is_passing(fault: &SignOutError) -> bool {
    matches!(
        fault,
        SignOutError::Platform(FetchError::Unreachable(_) | FetchError::TimedOut | FetchError::Status { .. })
    )
}
