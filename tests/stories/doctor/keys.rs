//! What the doctor says of keys: those of open rounds, and the copies that a backup would take.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use klankbord_tests::{Backend, Cli, stories};
use serde_json::Value;

use super::{ails, school, settled, told};
use crate::behind::execute;

stories! {
    fn what_is_wrong_with_a_key_or_its_copy_is_told(stage: &Stage) {
        school(stage);
        let cli = settled(stage, stage.cli());
        let keys = stage.data_folder().join("keys");
        let (secret, copy) = (|name: &str| keys.join(format!("secrets/{name}.key")), |name: &str| keys.join(format!("escrow/{name}.sealed")));
        for (name, loss) in [("opening-1-r", "cannot be closed"), ("tag-1-r", "nobody can answer"), ("link-1-r", "sent again")] {
            let lost = Away::from(secret(name));
            ails(&cli, "keys", "problem", &format!("{name}.key is missing. In the round “r”"), "restore-secrets");
            ails(&cli, "keys", "problem", loss, "restore-secrets");
            let both = Away::from(copy(name));
            ails(&cli, "keys", "problem", &format!("{name}.key is missing"), "no sealed copy");
            drop((lost, both));
            let changed = Away::from(secret(name));
            private(&secret(name), b"no key\n");
            ails(&cli, "keys", "problem", &format!("{name}.key is damaged"), "Move the file away");
            drop(changed);
        }
        let other = Away::from(secret("opening-1-r"));
        private(&secret("opening-1-r"), b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        ails(&cli, "keys", "problem", "is not the key that opens the ballots", "restore-secrets");
        drop(other);

        for name in ["opening-1-r", "tag-1-r", "link-1-r", "token-pepper"] {
            let lost = Away::from(copy(name));
            ails(&cli, "keys", "warning", &format!("{name} has no sealed copy"), "Restart");
            private(&copy(name), b"sealed to somebody else");
            ails(&cli, "keys", "warning", &format!("{name}.sealed is not sealed to the present recovery key"), "Restart");
            drop(lost);
        }
        assert_eq!(of_keys(&cli), Vec::<Value>::new());

        let lying = stage.data_folder().join("recovery-key.txt");
        std::fs::copy(stage.folder().join("safe.txt"), &lying).expect("the recovery key");
        ails(&cli, "keys", "warning", "recovery key still lies", "safe");
        let mut flipped = std::fs::read(copy("tag-1-r")).expect("the copy");
        *flipped.last_mut().expect("bytes") ^= 1;
        let sound = Away::from(copy("tag-1-r"));
        private(&copy("tag-1-r"), &flipped);
        ails(&cli, "keys", "problem", "tag-1-r.sealed does not hold the key tag-1-r", "Delete");
        drop(sound);
        private(&lying, b"");
        ails(&cli, "keys", "problem", "should hold the recovery key", "recovery-key new");
        let elsewhere = stage.folder().join("unrelated").display().to_string();
        let another = cli.clone().env("KLANKBORD_DATA_DIR", &elsewhere).run(&["recovery-key", "new"]);
        private(&lying, another.expect_success().stdout.as_bytes());
        ails(&cli, "keys", "warning", "another recovery key", "recovery-key check");
        std::fs::remove_file(&lying).expect("the file");
        assert_eq!(of_keys(&cli), Vec::<Value>::new());
    }

    fn only_keys_that_a_round_still_needs_are_missed(stage: &Stage) {
        school(stage);
        let cli = settled(stage, stage.cli());
        stage.server().stop();
        let key = if stage.backend() == Backend::Sqlite { "X'00'" } else { r"'\x00'" };
        execute(stage, "roster", &format!("INSERT INTO signing_key VALUES (1, 'r', 1, 'parent', {key}), (1, 'r', 2, 'parent', NULL)"));
        ails(&cli, "keys", "problem", "blind-1-r.1.key is missing", "no sealed copy");
        assert_eq!(of_keys(&cli).len(), 1, "the second key has not been made: {:?}", of_keys(&cli));
        execute(stage, "roster", "DELETE FROM signing_key");
        execute(stage, "roster", "UPDATE round SET sealing_key = 'none'");
        ails(&cli, "keys", "problem", "sealing key that is recorded", "restore a backup");
        execute(stage, "roster", "UPDATE round SET sealing_key = NULL");
        ails(&cli, "keys", "problem", "older Klankbord", "Start");
        execute(stage, "roster", "UPDATE round SET sealing_key = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'");
        ails(&cli, "keys", "problem", "is not the key that opens", "restore-secrets");
        execute(stage, "roster", "UPDATE round SET status = 'closing'");
        ails(&cli, "keys", "problem", "is not the key that opens", "restore-secrets");
        // Killed after its ballots were opened and its keys were destroyed.
        execute(stage, "ballots", "UPDATE ballot_box SET status = 'opened'");
        for name in ["opening-1-r", "tag-1-r", "link-1-r"] {
            for file in [format!("secrets/{name}.key"), format!("escrow/{name}.sealed")] {
                std::fs::remove_file(stage.data_folder().join("keys").join(file)).expect("a file");
            }
        }
        assert_eq!(of_keys(&cli), Vec::<Value>::new());
    }
}

/// A file that lies somewhere else until this is dropped; what has taken its place meanwhile is gone then.
struct Away(PathBuf);

impl Away {
    fn from(path: PathBuf) -> Self {
        std::fs::rename(&path, path.with_added_extension("away")).expect("the file");
        Self(path)
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        let _there = std::fs::rename(self.0.with_added_extension("away"), &self.0);
    }
}

/// Writes a file that its owner alone can read.
fn private(path: &Path, content: &[u8]) {
    std::fs::write(path, content).expect("a file");
    std::fs::set_permissions(path, Permissions::from_mode(0o600)).expect("a mode");
}

/// What the doctor complains of about keys.
fn of_keys(cli: &Cli) -> Vec<Value> {
    let mut complaints = told(&cli.run(&["doctor", "--json"]).stdout);
    complaints.retain(|one| one["about"] == "keys");
    complaints
}
