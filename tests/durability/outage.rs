//! PostgreSQL is killed while people answer, again and again.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use klankbord_tests::{Backend, PATIENCE, Stage};
use tempfile::TempDir;

use crate::load::Load;
use crate::school::School;

const KILLS: usize = 20;
/// Acknowledgements between two kills.
const BETWEEN: usize = 15;

/// A PostgreSQL of the test's own, which keeps what it has acknowledged.
struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    fn start() -> Self {
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
    fn begin(&self) {
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
    fn crash(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }

    /// Kills its first process, and with it all others.
    fn kill(&self) {
        let file = self.folder.path().join("data/postmaster.pid");
        let text = std::fs::read_to_string(file).expect("it runs");
        let id = text.lines().next().and_then(|id| id.parse().ok());
        let id = id.and_then(rustix::process::Pid::from_raw).expect("an id");
        rustix::process::kill_process(id, rustix::process::Signal::KILL).expect("it is killed");
    }

    fn url(&self) -> String {
        format!("postgres://klankbord@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_postgresql_is_killed() {
    let cluster = Cluster::start();
    let stage = Stage::on(Backend::Sqlite)
        .env("KLANKBORD_DATABASE_URL", &cluster.url())
        .start();
    let people = KILLS * (BETWEEN + 10) + 20;
    let school = School::asking(&stage, people);
    let pen = school.pen();
    let (spare, tokens) = school.tokens.split_last().expect("people");
    let load = Load::start(school.pen(), tokens, 8);
    let (mut refused, mut back): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for kill in 1..=KILLS {
        load.wait_for(load.acknowledged() + BETWEEN);
        load.server_goes();
        if kill % 2 == 0 {
            cluster.kill();
        } else {
            cluster.crash();
        }
        let begun = Instant::now();
        let answer = pen.submit_once(spare);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.header("retry-after").is_some(), "{}", answer.head);
        refused.push(begun.elapsed());
        cluster.begin();
        let begun = Instant::now();
        while !matches!(pen.submit_once(spare).status, 200 | 201) {
            assert!(begun.elapsed() < PATIENCE, "the server does not come back");
        }
        back.push(begun.elapsed());
        load.server_is_back();
    }
    load.wait_for(people - 1);
    let failures = load.finish();
    assert!(failures.is_empty(), "{failures:?}");
    school.expect_ballots(people);
    println!(
        "{KILLS} kills; refused after at most {:?}, back after at most {:?}",
        refused.iter().max(),
        back.iter().max()
    );
    stage.server().stop();
}
