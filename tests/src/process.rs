//! A child process whose output is read as it comes and whose end can be waited for.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};

use crate::PATIENCE;

/// Which of the two outputs of a process a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A running process. Only this very process is ever signalled: it stays unreaped, and so keeps its id, until it has
/// been waited for here.
#[derive(Debug)]
pub struct Process {
    child: Child,
    reaped: bool,
    transcript: Arc<Transcript>,
}

#[derive(Debug, Default)]
struct Transcript {
    written: Mutex<Written>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Written {
    lines: Vec<(Stream, String)>,
    closed: Vec<Stream>,
}

impl Process {
    /// Starts the command with both outputs captured and no standard input.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let transcript = Arc::new(Transcript::default());
        if let Some(output) = child.stdout.take() {
            transcript.follow(Stream::Out, output);
        }
        if let Some(output) = child.stderr.take() {
            transcript.follow(Stream::Err, output);
        }
        Self {
            child,
            reaped: false,
            transcript,
        }
    }

    /// The first line of that output for which `wanted` gives something; waits for it.
    /// `None` when the output ended, or [`PATIENCE`] ran out, without it.
    pub fn wait_for_line<T>(
        &self,
        stream: Stream,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut written = self.transcript.lock();
        loop {
            let found = written
                .lines
                .iter()
                .filter(|(from, _)| *from == stream)
                .find_map(|(_, line)| wanted(line));
            if found.is_some() || written.closed.contains(&stream) {
                return found;
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            written = self.transcript.wait(written, left);
        }
    }

    /// Everything written so far, both outputs in the order in which they were read.
    pub fn transcript(&self) -> String {
        self.transcript
            .lock()
            .lines
            .iter()
            .fold(String::new(), |text, (_, line)| text + line + "\n")
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the process to end (SIGTERM).
    pub fn ask_to_stop(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends the process at once (SIGKILL).
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if self.reaped {
            return;
        }
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // A process that has already gone is what the caller wanted.
        let _gone = id.map(|id| kill_process(id, signal));
    }

    /// Waits until both outputs are closed and the process has ended; `None` when it does not within [`PATIENCE`].
    pub fn wait(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        let mut written = self.transcript.lock();
        while written.closed.len() < 2 {
            let left = deadline.checked_duration_since(Instant::now())?;
            written = self.transcript.wait(written, left);
        }
        drop(written);
        self.reaped = true;
        self.child.wait().ok()
    }
}

impl Drop for Process {
    /// Nothing outlives its test; a process that has ended is only reaped.
    fn drop(&mut self) {
        self.kill();
        let _reaped = self.child.wait();
    }
}

/// Lets this process, and those that it starts from now on, have so many files and connections open.
///
/// # Panics
/// With a sentence that says how to allow it where the system does not.
pub fn allow_open_files(wanted: u64) {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap_or_else(|error| {
        panic!("this needs {wanted} open files and the system allows {limit:?} (ulimit -Hn {wanted}): {error}")
    });
}

impl Transcript {
    fn follow(self: &Arc<Self>, stream: Stream, output: impl Read + Send + 'static) {
        let transcript = Arc::clone(self);
        std::thread::spawn(move || {
            let mut reader = BufReader::new(output);
            let mut line = Vec::new();
            while reader
                .read_until(b'\n', &mut line)
                .is_ok_and(|read| read > 0)
            {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                transcript.lock().lines.push((stream, text));
                transcript.changed.notify_all();
                line.clear();
            }
            transcript.lock().closed.push(stream);
            transcript.changed.notify_all();
        });
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.written
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        guard: MutexGuard<'a, Written>,
        left: std::time::Duration,
    ) -> MutexGuard<'a, Written> {
        self.changed
            .wait_timeout(guard, left)
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        Process::start(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn a_line_is_found_on_its_own_stream_only() {
        let mut process = shell("echo no; echo address 17 >&2; echo address 4");
        let number = |line: &str| line.strip_prefix("address ").map(str::to_owned);
        assert_eq!(
            process.wait_for_line(Stream::Out, number).as_deref(),
            Some("4")
        );
        assert_eq!(
            process.wait_for_line(Stream::Err, number).as_deref(),
            Some("17")
        );
        assert!(process.wait().is_some_and(|status| status.success()));
        assert!(process.transcript().contains("no\n"));
    }

    #[test]
    fn an_output_that_ends_without_the_line_gives_none_at_once() {
        let mut process = shell("echo something else; exit 3");
        assert_eq!(
            process.wait_for_line(Stream::Out, |line| line
                .strip_prefix("address ")
                .map(str::len)),
            None
        );
        assert_eq!(process.wait().and_then(|status| status.code()), Some(3));
    }

    #[test]
    fn a_process_does_not_outlive_its_owner() {
        let process = shell("echo $$; while :; do :; done");
        let id = process.wait_for_line(Stream::Out, |line| line.parse().ok());
        let id = id.and_then(Pid::from_raw).expect("an id");
        drop(process);
        assert!(rustix::process::test_kill_process(id).is_err());
    }

    #[test]
    fn asking_to_stop_lets_the_process_say_goodbye_and_killing_does_not() {
        let script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do :; done";
        let ready = |line: &str| (line == "ready").then_some(());
        for (killed, words) in [(false, "ready\nbye\n"), (true, "ready\n")] {
            let mut process = shell(script);
            assert!(process.wait_for_line(Stream::Out, ready).is_some());
            if killed {
                process.kill();
            } else {
                process.ask_to_stop();
            }
            let status = process.wait();
            assert_eq!(status.map(|status| status.success()), Some(!killed));
            assert_eq!(process.transcript(), words);
        }
    }
}
