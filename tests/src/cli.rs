//! The command line as an operator types it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Runs `klankbord` commands in one fixed environment, the same in which a [`crate::Server`] runs.
#[derive(Clone, Debug)]
pub struct Cli {
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    command: String,
    /// The exit code; `None` when a signal ended the command.
    pub code: Option<i32>,
    /// What the command wrote on standard output.
    pub stdout: String,
    /// What the command wrote on standard error.
    pub stderr: String,
}

impl Cli {
    /// Commands that run in `folder`, with nothing in their environment but a path, a home and these variables.
    pub fn new(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            folder: folder.to_owned(),
            environment: environment.collect(),
        }
    }

    /// The same with one more variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The command, run by another program: `wrapper` is that program with its arguments.
    pub fn command_under(&self, wrapper: &[&str], arguments: &[&str]) -> Command {
        let plain = self.command(arguments);
        let Some((program, options)) = wrapper.split_first() else {
            return plain;
        };
        let mut command = Command::new(program);
        command
            .args(options)
            .arg(plain.get_program())
            .args(plain.get_args())
            .current_dir(&self.folder)
            .env_clear();
        for (name, value) in plain.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command
    }

    /// The command, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env(
                "PATH",
                std::env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin")),
            )
            .env("HOME", &self.folder)
            .env("LANG", "C.UTF-8")
            .env("RUST_BACKTRACE", "1")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs `klankbord` with these arguments and no standard input.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    /// Runs `klankbord` with these arguments and this standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        use std::io::Write as _;
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let stdin = child.stdin.take();
        let input = input.to_owned();
        // Written beside the reading, so that neither side can fill a pipe and wait for the other.
        let writer =
            std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
        let output = child
            .wait_with_output()
            .expect("the command can be waited for");
        let _closed_early = writer.join();
        Outcome {
            command: format!("klankbord {}", arguments.join(" ")),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Outcome {
    /// The outcome itself, if the command succeeded.
    #[track_caller]
    pub fn expect_success(&self) -> &Self {
        self.expect_code(0)
    }

    /// The outcome itself, if the command ended with this exit code.
    #[track_caller]
    pub fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(
            self.code,
            Some(code),
            "`{}` was to end with {code}\n--- stdout\n{}--- stderr\n{}",
            self.command,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "`{}` printed no JSON ({error}):\n{}",
                self.command, self.stdout
            )
        })
    }

    /// The first web address on standard output whose path begins with `path`.
    #[track_caller]
    pub fn link(&self, path: &str) -> String {
        crate::mail::first_link(&self.stdout, path).unwrap_or_else(|| {
            panic!(
                "`{}` printed no link to {path}:\n{}",
                self.command, self.stdout
            )
        })
    }
}

/// The `klankbord` binary: `KLANKBORD_BIN`, or the one built beside the running test.
///
/// # Panics
/// When it is not there: `cargo build` makes it, and building the tests alone does not.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("KLANKBORD_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("a test knows its own path");
    // target/debug/deps/stories-0123456789abcdef -> target/debug/klankbord
    let folder = test
        .ancestors()
        .nth(2)
        .expect("a test lies in target/PROFILE/deps");
    let path = folder.join(format!("klankbord{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not there: build it with `cargo build`",
        path.display()
    );
    path
}
