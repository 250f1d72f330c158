//! Mail as files: for trying the system out, and for sites that send with their own tools.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::message::MessageId;
use super::send_error::SendError;
use crate::random;

/// Writes each message to a file of its own in a folder. Messages hold personal links, so only the owner can read them.
#[derive(Debug, Clone)]
pub(super) struct MailFolder(PathBuf);

impl MailFolder {
    /// The folder at `path`, which is created when the first message is written.
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Writes `<number>.eml`, complete or not at all. A second attempt with the same number replaces the file.
    pub(super) async fn write(&self, id: &MessageId, bytes: Vec<u8>) -> Result<(), SendError> {
        let name = format!("{id}.eml");
        self.blocking(move |folder| place(folder, &name, &bytes))
            .await
    }

    /// Whether files can be written here.
    pub(super) async fn check(&self) -> Result<(), SendError> {
        self.blocking(|folder| {
            let name = format!(".check-{}", random::uuid());
            place(folder, &name, b"")?;
            std::fs::remove_file(folder.join(name))
        })
        .await
    }

    async fn blocking(
        &self,
        work: impl FnOnce(&Path) -> io::Result<()> + Send + 'static,
    ) -> Result<(), SendError> {
        let folder = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.unwrap_or_else(|error| Err(io::Error::other(error)))
            .map_err(|error| {
                let folder = self.0.display();
                SendError::temporary(format!(
                    "The mail folder {folder} cannot be written ({error}); check mail.folder and its permissions."
                ))
            })
    }
}

fn place(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let beside = folder.join(format!(".new-{}", random::uuid()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, folder.join(name)));
    if let Err(error) = written {
        // What is left of it would be in the way of nobody; the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        return Err(error);
    }
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn every_message_has_its_file_and_a_second_attempt_replaces_it() {
        let path = std::env::temp_dir().join(format!("klankbord-mail-{}", random::uuid()));
        let folder = MailFolder::new(path.join("deep"));
        folder.check().await.unwrap();
        assert!(names(&path.join("deep")).is_empty());
        for (number, text) in [("a.1", "one"), ("a.2", "two"), ("a.1", "three")] {
            let id = MessageId::new(number).unwrap();
            folder.write(&id, text.as_bytes().to_vec()).await.unwrap();
        }
        assert_eq!(names(&path.join("deep")), ["a.1.eml", "a.2.eml"]);
        let file = path.join("deep/a.1.eml");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "three");
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::remove_dir_all(&path).unwrap();
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_told_and_tried_again() {
        let path = std::env::temp_dir().join(format!("klankbord-mail-{}", random::uuid()));
        std::fs::write(&path, "not a folder").unwrap();
        let folder = MailFolder::new(path.clone());
        let error = folder
            .write(&MessageId::new("a").unwrap(), Vec::new())
            .await
            .unwrap_err();
        assert!(
            error.is_temporary() && error.detail().contains("mail.folder"),
            "{error}"
        );
        assert!(folder.check().await.is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
