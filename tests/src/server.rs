//! The real server, started as a person starts it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::Cli;
use crate::process::{Process, Stream};

const READY: &str = "Klankbord is listening on ";

/// A running `klankbord serve`. It is asked to stop when dropped and must then end cleanly.
#[derive(Debug)]
pub struct Server {
    cli: Cli,
    base_url: String,
    running: Mutex<Option<Process>>,
}

impl Server {
    /// Starts the server of this environment on a free port and waits until it says that it listens.
    pub fn start(cli: Cli) -> Self {
        let (process, base_url) = launch(&cli, "127.0.0.1:0", &[]);
        Self {
            cli,
            base_url,
            running: Mutex::new(Some(process)),
        }
    }

    /// Where the server answers, without a slash at the end: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The id of its process.
    ///
    /// # Panics
    /// While it is stopped.
    #[track_caller]
    pub fn id(&self) -> u32 {
        self.lock().as_ref().expect("the server is running").id()
    }

    /// What the server has written so far on both its outputs.
    pub fn transcript(&self) -> String {
        self.lock()
            .as_ref()
            .map(Process::transcript)
            .unwrap_or_default()
    }

    /// The first web address that the server wrote on standard output and whose path begins with `path`; waits for it.
    #[track_caller]
    pub fn printed_link(&self, path: &str) -> String {
        let running = self.lock();
        let process = running.as_ref().expect("the server is running");
        process
            .wait_for_line(Stream::Out, |line| crate::mail::first_link(line, path))
            .unwrap_or_else(|| {
                panic!(
                    "the server printed no link to {path}:\n{}",
                    process.transcript()
                )
            })
    }

    /// Stops the server with SIGTERM and expects a clean end: exit code 0 and no panic in its log.
    #[track_caller]
    pub fn stop(&self) {
        let Some(mut process) = self.lock().take() else {
            return;
        };
        process.ask_to_stop();
        let Some(status) = process.wait() else {
            process.kill();
            panic!(
                "the server did not stop on SIGTERM:\n{}",
                process.transcript()
            );
        };
        let words = process.transcript();
        assert!(status.success(), "the server ended with {status}:\n{words}");
        assert!(
            !words.contains("panicked at"),
            "the server panicked:\n{words}"
        );
    }

    /// Ends the server as a power cut would (SIGKILL), with whatever it was doing.
    pub fn kill(&self) {
        if let Some(mut process) = self.lock().take() {
            process.kill();
            process.wait().expect("a killed process ends");
        }
    }

    /// Starts the server again after [`Server::stop`] or [`Server::kill`], on the same port and data.
    pub fn start_again(&self) {
        self.start_again_under(&[]);
    }

    /// As [`Server::start_again`], with another program that runs the server: `wrapper` is that program with its arguments.
    pub fn start_again_under(&self, wrapper: &[&str]) {
        let listen = self.base_url.trim_start_matches("http://");
        let mut running = self.lock();
        assert!(running.is_none(), "the server is still running");
        let (process, base_url) = launch(&self.cli, listen, wrapper);
        assert_eq!(base_url, self.base_url, "the server came back elsewhere");
        *running = Some(process);
    }

    /// The command line in this server's environment.
    pub fn cli(&self) -> &Cli {
        &self.cli
    }

    fn lock(&self) -> MutexGuard<'_, Option<Process>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn launch(cli: &Cli, listen: &str, wrapper: &[&str]) -> (Process, String) {
    let cli = cli.clone().env("KLANKBORD_SERVER_LISTEN", listen);
    let mut process = Process::start(&mut cli.command_under(wrapper, &["serve"]));
    let heard = process.wait_for_line(Stream::Out, |line| {
        line.strip_prefix(READY).map(str::to_owned)
    });
    let Some(address) = heard else {
        process.kill();
        let _ended = process.wait();
        panic!(
            "the server did not say `{READY}...`; it said:\n{}",
            process.transcript()
        );
    };
    let base_url = address.trim().trim_end_matches('/').to_owned();
    assert!(
        base_url.starts_with("http://127.0.0.1:"),
        "the server listens on {base_url}"
    );
    (process, base_url)
}

impl Drop for Server {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return self.stop();
        }
        // The story has failed already: show what the server said, and add no second panic.
        if let Some(mut process) = self.lock().take() {
            process.kill();
            let _ended = process.wait();
            eprintln!("--- the server's words\n{}---", process.transcript());
        }
    }
}
