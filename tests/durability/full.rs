//! A disk that is full: nothing is stored and nothing is lost, reading goes on, and room is all it takes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use klankbord_tests::{Backend, Stage};
use tempfile::TempDir;

use crate::school::School;

/// A file system of its own.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn of_mebibytes(size: usize) -> Self {
        let folder = TempDir::with_prefix("klankbord-disk-").expect("a folder");
        let done = as_root()
            .args(["mount", "-t", "tmpfs", "-o"])
            .arg(format!("size={size}m,mode=1777"))
            .arg("tmpfs")
            .arg(folder.path())
            .output()
            .expect("mount runs");
        assert!(
            done.status.success(),
            "this test fills a disk of its own, which takes the right to mount one (root, or sudo without a password): {}",
            String::from_utf8_lossy(&done.stderr)
        );
        Self { folder }
    }

    /// Takes all the room there is; gives the file that holds it.
    fn fill(&self) -> PathBuf {
        let path = self.folder.path().join("ballast");
        let mut file = std::fs::File::create(&path).expect("a file");
        for size in [1 << 20, 1 << 12] {
            let piece = vec![1; size];
            while file.write_all(&piece).is_ok() {}
        }
        path
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _best_effort = as_root()
            .args(["umount", "--lazy"])
            .arg(self.folder.path())
            .status();
    }
}

/// A command that root runs.
fn as_root() -> Command {
    if rustix::process::getuid().is_root() {
        return Command::new("env");
    }
    let mut sudo = Command::new("sudo");
    sudo.arg("-n");
    sudo
}

#[test]
fn on_a_full_disk_nothing_is_lost_and_room_is_all_it_takes() {
    const PEOPLE: usize = 600;
    let disk = Disk::of_mebibytes(24);
    let data = disk.path().join("data");
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_DATA_DIR", data.to_str().expect("a plain name"))
        .start();
    let school = School::asking(&stage, PEOPLE);
    let pen = school.pen();
    let mut people = school.tokens.iter();
    let mut acknowledged = 0;
    for round in 1..=3 {
        for token in people.by_ref().take(10) {
            assert_eq!(pen.submit_once(token).status, 201);
            acknowledged += 1;
        }
        let ballast = disk.fill();
        let refused = people.by_ref().find(|token| {
            let answer = pen.submit_once(token);
            acknowledged += usize::from(answer.status == 201);
            if answer.status != 201 {
                assert_eq!(
                    (answer.status, answer.code().as_str()),
                    (507, "storage_full")
                );
            }
            answer.status != 201
        });
        let refused = refused.expect("the disk is full at last");
        for _ in 0..5 {
            assert_eq!(pen.submit_once(refused).status, 507);
            assert!(school.form_can_be_read(), "reads go on");
        }
        std::fs::remove_file(ballast).expect("room is made");
        let stored = pen.submit_once(refused);
        assert!(matches!(stored.status, 200 | 201), "{stored:?}");
        acknowledged += 1;
        println!("full {round}: {acknowledged} acknowledged so far");
    }
    school.expect_ballots(acknowledged);
    stage.server().stop();
}
