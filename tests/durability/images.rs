//! The disk as it may be found after a power cut at any moment: what was synced is there, of the rest any part.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::Command;

use klankbord_tests::{Backend, Stage};

use crate::load::Load;
use crate::school::School;
use crate::trace::{self, CALLS, Event};

const IMAGES: usize = 60;
/// A disk writes whole sectors.
const SECTOR: usize = 512;

/// A file on the way to the disk.
#[derive(Clone, Default)]
struct File {
    /// What is on the disk for sure; `None` where the file is not there.
    kept: Option<Vec<u8>>,
    /// What was written since, oldest first, and whether a sync that has not ended yet holds for it.
    loose: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Length(length) => content.resize(*length, 0),
            Self::Bytes(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
        }
    }

    /// The sectors of a write, each of which may or may not have reached the disk.
    fn parts(&self) -> Vec<Self> {
        match self {
            Self::Length(_) => vec![self.clone()],
            Self::Bytes(offset, bytes) => bytes
                .chunks(SECTOR)
                .enumerate()
                .map(|(number, part)| Self::Bytes(offset + number * SECTOR, part.to_vec()))
                .collect(),
        }
    }
}

/// A small generator of numbers: the same images each time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

/// The files of the stores, replayed event by event.
struct Disk {
    files: BTreeMap<String, File>,
    /// How much of a file a running sync holds for, by file and thread.
    syncs: HashMap<(String, u32), usize>,
    acknowledged: usize,
}

impl Disk {
    fn of(folder: &Path) -> Self {
        let files = std::fs::read_dir(folder)
            .expect("the data folder")
            .filter_map(|entry| {
                let entry = entry.expect("an entry");
                let name = entry.file_name().to_string_lossy().into_owned();
                let file = File {
                    kept: std::fs::read(entry.path()).ok(),
                    loose: Vec::new(),
                };
                is_stored(&name).then_some((name, file))
            });
        Self {
            files: files.collect(),
            syncs: HashMap::new(),
            acknowledged: 0,
        }
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::Write {
                file,
                offset,
                bytes,
            } if is_stored(file) => {
                let offset = usize::try_from(*offset).expect("a small file");
                self.file(file)
                    .loose
                    .push(Change::Bytes(offset, bytes.clone()));
            }
            Event::Truncate { file, length } if is_stored(file) => {
                let length = usize::try_from(*length).expect("a small file");
                self.file(file).loose.push(Change::Length(length));
            }
            Event::SyncBegins { file, thread } if is_stored(file) => {
                let length = self.file(file).loose.len();
                self.syncs.insert((file.clone(), *thread), length);
            }
            Event::SyncEnds { file, thread } if is_stored(file) => {
                let Some(length) = self.syncs.remove(&(file.clone(), *thread)) else {
                    return;
                };
                let synced = self.file(file);
                let length = length.min(synced.loose.len());
                let kept = synced.kept.get_or_insert_default();
                for change in synced.loose.drain(..length) {
                    change.apply(kept);
                }
                for ((other, _), left) in &mut self.syncs {
                    if other == file {
                        *left = left.saturating_sub(length);
                    }
                }
            }
            Event::Remove { file } if is_stored(file) => {
                self.files.remove(file);
            }
            Event::Acknowledged => self.acknowledged += 1,
            _ => {}
        }
    }

    fn file(&mut self, name: &str) -> &mut File {
        self.files.entry(name.to_owned()).or_default()
    }

    /// Writes the files as they may be found after a power cut now: of what is not synced, each sector is there by chance.
    fn crash(&self, dice: &mut Dice, folder: &Path) {
        std::fs::create_dir_all(folder).expect("a folder");
        // Nothing, everything, or half of what is on its way.
        let odds = dice.throw(3);
        for (name, file) in &self.files {
            let mut content = file.kept.clone().unwrap_or_default();
            for part in file.loose.iter().flat_map(Change::parts) {
                if odds == 1 || (odds == 2 && dice.throw(2) == 0) {
                    part.apply(&mut content);
                }
            }
            if file.kept.is_some() || !content.is_empty() {
                std::fs::write(folder.join(name), content).expect("an image");
            }
        }
    }
}

/// Everything that lies on the disk; the index of the log lies in memory and is made anew.
fn is_stored(name: &str) -> bool {
    name.starts_with("ballots.sqlite") && !name.ends_with("-shm")
}

/// How many ballots SQLite finds in an image, once it has recovered it.
fn ballots_in(folder: &Path) -> usize {
    let script = "import sqlite3, sys\n\
        store = sqlite3.connect(sys.argv[1])\n\
        assert store.execute('PRAGMA integrity_check').fetchall() == [('ok',)]\n\
        print(store.execute('SELECT count(*) FROM mailbox').fetchone()[0])";
    let done = Command::new("python3")
        .args(["-c", script])
        .arg(folder.join("ballots.sqlite"))
        .output()
        .expect("Python starts");
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{}: {words}", folder.display());
    let count = String::from_utf8_lossy(&done.stdout).trim().parse();
    count.expect("a number")
}

#[test]
fn every_acknowledged_ballot_is_on_the_disk_at_the_moment_of_a_power_cut() {
    const PEOPLE: usize = 150;
    let stage = Stage::on(Backend::Sqlite).start();
    let school = School::asking(&stage, PEOPLE);
    stage.server().stop();
    let mut disk = Disk::of(&stage.data_folder());
    let log = stage.folder().join("strace.log");
    let path = log.to_str().expect("a plain name");
    let strace = [
        "strace", "-D", "-f", "-y", "-s", "100000", "-e", CALLS, "-o", path,
    ];
    stage.server().start_again_under(&strace);
    let load = Load::start(school.pen(), &school.tokens, 6);
    load.wait_for(PEOPLE);
    assert!(load.finish().is_empty());
    stage.server().stop();
    let events = trace::read(&std::fs::read(&log).expect("strace wrote a log"));
    let acknowledged = events.iter().filter(|event| **event == Event::Acknowledged);
    assert_eq!(acknowledged.count(), PEOPLE);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut moments: Vec<usize> = (0..IMAGES).map(|_| dice.throw(events.len())).collect();
    moments.sort_unstable();
    let mut moments = moments.into_iter().peekable();
    let (mut images, mut loose) = (0, 0);
    for (number, event) in events.iter().enumerate() {
        disk.take(event);
        while moments.next_if_eq(&number).is_some() {
            images += 1;
            loose += usize::from(disk.files.values().any(|file| !file.loose.is_empty()));
            let folder = stage.folder().join(format!("image-{images}"));
            disk.crash(&mut dice, &folder);
            let found = ballots_in(&folder);
            assert!(
                found >= disk.acknowledged,
                "image {images} at {number} of {}: {found} ballots of {} acknowledged",
                events.len(),
                disk.acknowledged
            );
        }
    }
    assert_eq!(images, IMAGES);
    assert!(
        loose > IMAGES / 10,
        "only {loose} images held something that was not synced"
    );
    println!(
        "{images} images of {} events; {loose} with unsynced writes",
        events.len()
    );
    stage.server().start_again();
    school.expect_ballots(PEOPLE);
}
