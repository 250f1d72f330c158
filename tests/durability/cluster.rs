//! A PostgreSQL that a test can kill and stop.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Instant;

use klankbord_tests::PATIENCE;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A PostgreSQL of the test's own, which keeps what it has acknowledged.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let found = Command::new("sh")
            .args([
                "-c",
                "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1",
            ])
            .output()
            .expect("sh runs");
        let programs = PathBuf::from(String::from_utf8_lossy(&found.stdout).trim());
        assert!(
            programs.join("initdb").exists(),
            "this test needs PostgreSQL on this machine (Debian: apt-get install postgresql)"
        );
        let folder = TempDir::with_prefix("klankbord-cluster-").expect("a folder");
        if rustix::process::getuid().is_root() {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(folder.path())
                .status();
            assert!(
                owned.is_ok_and(|status| status.success()),
                "root needs the user postgres"
            );
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let cluster = Self {
            folder,
            programs,
            port,
        };
        let made = cluster.run(
            "initdb",
            &[
                "-U",
                "klankbord",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
        );
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        cluster.begin();
        cluster
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = if rustix::process::getuid().is_root() {
            let mut as_server = Command::new("runuser");
            as_server
                .args(["-u", "postgres", "--"])
                .arg(self.programs.join(program));
            as_server
        } else {
            Command::new(self.programs.join(program))
        };
        command
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(arguments);
        command
            .current_dir("/")
            .output()
            .expect("PostgreSQL's programs run")
    }

    /// Starts, as often as it takes: what a killed server leaves behind goes away on its own.
    pub(crate) fn begin(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c unix_socket_directories={} -p {}",
            self.folder.path().display(),
            self.port
        );
        let log = self.folder.path().join("log").display().to_string();
        let begun = Instant::now();
        while !self
            .run("pg_ctl", &["-l", &log, "-w", "-o", &options, "start"])
            .status
            .success()
        {
            assert!(
                begun.elapsed() < PATIENCE,
                "{}",
                std::fs::read_to_string(&log).unwrap_or_default()
            );
        }
    }

    /// Ends it as a crash does.
    pub(crate) fn crash(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }

    /// Kills all its processes; those that the first one has started would answer for a moment longer than it.
    pub(crate) fn kill(&self) {
        let processes = std::mem::take(&mut self.freeze().processes);
        for process in &processes {
            kill_process(*process, Signal::KILL).expect("it is killed");
        }
        let begun = Instant::now();
        let lives = |process: &Pid| {
            field(process.as_raw_nonzero().get(), STATE).is_some_and(|state| state != "Z")
        };
        while processes.iter().any(lives) {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::yield_now();
        }
    }

    /// Stops all its processes where they are, as a machine does that has no processor left for them: connections stay, nobody answers.
    pub(crate) fn freeze(&self) -> Frozen {
        let first = self.first_process();
        kill_process(first, Signal::STOP).expect("it is stopped");
        // Once it stands still it makes no more processes.
        let begun = Instant::now();
        while field(first.as_raw_nonzero().get(), STATE).as_deref() != Some("T") {
            assert!(begun.elapsed() < PATIENCE, "it does not stop");
            std::thread::yield_now();
        }
        let mut frozen = Frozen {
            processes: vec![first],
        };
        for process in children(first) {
            // One that has ended meanwhile answers nobody either.
            if kill_process(process, Signal::STOP).is_ok() {
                frozen.processes.push(process);
            }
        }
        frozen
    }

    fn first_process(&self) -> Pid {
        let file = self.folder.path().join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("it runs");
        let id = text.lines().next().and_then(|id| id.parse().ok());
        id.and_then(Pid::from_raw).expect("an id")
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://klankbord@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

/// The processes of a cluster that stand still; dropped, they go on.
pub(crate) struct Frozen {
    processes: Vec<Pid>,
}

impl Drop for Frozen {
    fn drop(&mut self) {
        for process in &self.processes {
            // None of them can have ended, but for a test that failed and killed them.
            let _best_effort = kill_process(*process, Signal::CONT);
        }
    }
}

/// The processes that a process has started.
fn children(parent: Pid) -> Vec<Pid> {
    let listed = std::fs::read_dir("/proc").expect("/proc can be read");
    let processes = listed.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let number = parent.as_raw_nonzero().to_string();
    processes
        .filter(|process| field(*process, PARENT).as_ref() == Some(&number))
        .filter_map(Pid::from_raw)
        .collect()
}

/// What `/proc/ID/stat` tells behind the name of a process (`proc_pid_stat(5)`).
const STATE: usize = 0;
const PARENT: usize = 1;

fn field(process: i32, number: usize) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_whitespace().nth(number).map(str::to_owned)
}
