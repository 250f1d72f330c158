//! What the machine tells: processor time and memory of a process, and how fast the disk makes something durable.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

/// Processor time that a process has used, with all its threads.
pub(crate) fn processor_time(process: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
    // The name, in brackets, may hold anything; the fields are counted from behind it (proc_pid_stat(5): 14 and 15).
    let (_, fields) = text.rsplit_once(')').expect("a name");
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("ticks"))
        .sum();
    Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// Memory of a process in megabytes: what it holds now, and the most it has held.
pub(crate) fn memory(process: u32) -> (f64, f64) {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let megabytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kibibytes.expect("a number of kibibytes") * 1024.0 / 1e6
    };
    (megabytes("VmRSS:"), megabytes("VmHWM:"))
}

/// How often a second 4 KiB at the end of a file in `folder` are made durable, one after the other (fdatasync).
pub(crate) fn durable_writes(folder: &Path, lasting: Duration) -> f64 {
    let path = folder.join("fdatasync-probe");
    let mut file: File = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)
        .expect("a file");
    // As a log that is used again: the blocks are there already.
    file.write_all(&vec![1; 4096 * 1024]).expect("room");
    file.sync_all().expect("a disk");
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < lasting {
        file.seek(SeekFrom::Start(u64::from(count % 1024) * 4096))
            .expect("a place");
        file.write_all(&[2; 4096]).expect("room");
        file.sync_data().expect("a disk");
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    std::fs::remove_file(&path).expect("the file is there");
    rate
}

/// Processors there are.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
