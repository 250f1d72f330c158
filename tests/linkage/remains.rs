//! What a search through every byte of the installation still finds after a round has closed.

use std::path::{Path, PathBuf};

use klankbord_tests::behind::query;
use klankbord_tests::{Backend, Stage, stories};

use crate::attack::find;
use crate::round::{answered, bytes, school};
use crate::sqlite::copy;

stories! {
    fn nothing_that_belonged_to_a_person_remains_after_the_closing(stage: &Stage) {
        let community = school(stage);
        let run = answered(&community, "autumn", |_| None);
        let mut secrets: Vec<(String, Vec<u8>)> = Vec::new();
        for link in &run.links {
            let secret = link.token.split_once('-').expect("a token").1;
            secrets.push(("a token".to_owned(), secret.as_bytes().to_vec()));
        }
        for secret in &run.device_secrets {
            secrets.push(("a credential or a draft".to_owned(), secret.clone()));
        }
        let sealed = query(stage, "ballots", "SELECT tag, sealed FROM mailbox");
        assert_eq!(sealed.len(), run.links.len());
        let keys = secret_files(stage);
        assert!(!keys.is_empty(), "an open round has keys");
        for path in &keys {
            let text = std::fs::read(path).expect("a key");
            secrets.push((format!("the key {}", path.display()), text.trim_ascii().to_vec()));
        }
        let before_closing = (stage.backend() == Backend::Sqlite).then(|| copy(stage, "before"));
        community.close("autumn");
        if stage.backend() == Backend::Sqlite {
            // Sealed with a key that is gone, and gone all the same.
            for row in &sealed {
                secrets.push(("a tag".to_owned(), bytes(&row[0])));
                secrets.push(("an envelope".to_owned(), bytes(&row[1])[1..33].to_vec()));
            }
        }
        let after_closing = (stage.backend() == Backend::Sqlite).then(|| copy(stage, "after"));
        for path in &keys {
            assert!(!path.exists(), "{} outlives its round", path.display());
        }
        let mut places = files(&stage.data_folder());
        places.extend(after_closing.iter().flat_map(|folder| files(folder)));
        places.extend(cluster_files(stage));
        let mut searched = 0;
        for (place, content) in places.iter().map(|path| (path, std::fs::read(path).unwrap_or_default())) {
            searched += content.len();
            for (what, secret) in &secrets {
                assert!(find(&content, secret).is_none(), "{what} is still in {}", place.display());
            }
        }
        assert!(searched > 50_000, "only {searched} bytes were searched");
        let log = stage.server().transcript();
        for link in &run.links {
            assert!(!log.contains(&link.email), "the log holds an address");
            assert!(!log.contains(link.token.split_once('-').expect("a token").1), "the log holds a token");
        }
        // Nobody's address lies beside the answers, not even in a backup taken while people answered.
        for folder in [Some(stage.data_folder()), before_closing, after_closing].into_iter().flatten() {
            for path in files(&folder).iter().filter(|path| path.to_string_lossy().contains("ballots")) {
                let content = std::fs::read(path).unwrap_or_default();
                assert!(find(&content, b"@school-a.example").is_none(), "{} holds an address", path.display());
            }
        }
    }
}

/// The secrets of rounds that are open.
fn secret_files(stage: &Stage) -> Vec<PathBuf> {
    files(&stage.data_folder().join("keys/secrets"))
}

/// Every file below a folder, but for what is meant to be secret for good: the key folder and the recovery key.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        let name = entry
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if entry.is_dir() && name != "keys" {
            found.extend(files(&entry));
        } else if entry.is_file() && !name.starts_with("recovery-key") {
            found.push(entry);
        }
    }
    found
}

/// The files of the story's own database.
fn cluster_files(stage: &Stage) -> Vec<PathBuf> {
    let Some(database) = stage.database() else {
        return Vec::new();
    };
    let mut client = database.connect();
    client.batch_execute("CHECKPOINT").expect("a checkpoint");
    let row = client
        .query_one("SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()", &[])
        .expect("where the files lie");
    files(Path::new(&row.get::<_, String>(0)))
}
