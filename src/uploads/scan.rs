//! The shop's own virus scanner, asked before a file is opened.

use super::UploadError;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Stands for the file in a command; without it the file is the last argument.
const FILE: &str = "{file}";

/// Runs the command on the file: exit code 0 is clean, 1 is a find, as clamscan has it.
///
/// # Errors
/// [`UploadError::Infected`], or [`UploadError::Unchecked`] when the scanner cannot be run, takes too long, or says anything else.
pub(super) async fn scan(
    command: &[String],
    file: &Path,
    within: Duration,
) -> Result<(), UploadError> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let path = file.to_string_lossy();
    let mut scanner = Command::new(program);
    scanner.args(arguments.iter().map(|one| one.replace(FILE, &path)));
    if !arguments.iter().any(|one| one.contains(FILE)) {
        scanner.arg(file);
    }
    // Secrets of ours are none of its business.
    scanner.env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        scanner.env("PATH", path);
    }
    scanner
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    match tokio::time::timeout(within, scanner.status()).await {
        Ok(Ok(status)) => match status.code() {
            Some(0) => Ok(()),
            Some(1) => Err(UploadError::Infected),
            code => {
                tracing::warn!(
                    ?code,
                    "the virus scanner could not check a photo; it was refused"
                );
                Err(UploadError::Unchecked)
            }
        },
        Ok(Err(error)) => {
            tracing::warn!(%error, "the virus scanner cannot be run; look at `scan` under [uploads]");
            Err(UploadError::Unchecked)
        }
        Err(_) => {
            tracing::warn!(
                ?within,
                "the virus scanner took too long; the photo was refused"
            );
            Err(UploadError::Unchecked)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn says(command: &[&str]) -> Result<(), UploadError> {
        let command: Vec<String> = command.iter().map(|part| (*part).to_owned()).collect();
        scan(
            &command,
            Path::new("a photo.jpg"),
            Duration::from_millis(400),
        )
        .await
    }

    #[tokio::test]
    async fn what_a_scanner_says_decides() {
        let is_the_file = "test \"$1\" = 'a photo.jpg'";
        assert!(says(&[]).await.is_ok(), "no scanner");
        assert!(says(&["sh", "-c", is_the_file, "sh", FILE]).await.is_ok());
        assert!(says(&["sh", "-c", is_the_file, "sh"]).await.is_ok());
        let infected = says(&["sh", "-c", "exit 1"]).await;
        assert!(matches!(infected, Err(UploadError::Infected)));
        for broken in [
            &["sh", "-c", "exit 2"][..],
            &["no-such-scanner"],
            &["sleep", "60"],
        ] {
            // The file is an argument of sleep's too, which it does not take: any of these is no answer.
            let unchecked = says(broken).await;
            assert!(unchecked.is_err(), "{broken:?}");
        }
        let slow = says(&["sh", "-c", "sleep 60"]).await;
        assert!(matches!(slow, Err(UploadError::Unchecked)));
    }
}
