//! Many people who answer at once, each until the answers are acknowledged.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use klankbord_tests::PATIENCE;

use crate::school::Pen;
use crate::wire::Wire;

/// People who answer on several connections.
pub(crate) struct Load {
    shared: Arc<Shared>,
    people: Vec<JoinHandle<()>>,
}

struct Shared {
    pen: Pen,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<String>,
    /// Whether the server is taken to be there.
    up: bool,
    acknowledged: usize,
    /// What was not an acknowledgement while the server was there.
    failures: Vec<String>,
    /// Who has met a failure and waits for the server.
    paused: usize,
    /// Who has left, because there was nothing more to send.
    left: usize,
    /// Connections that the server has asked to leave.
    asked_to_leave: usize,
    stopped: bool,
}

impl Load {
    /// Begins to send the answers of everybody whose token is given, on so many connections.
    pub(crate) fn start(pen: Pen, tokens: &[String], connections: usize) -> Self {
        let state = State {
            waiting: tokens.iter().cloned().collect(),
            up: true,
            ..State::default()
        };
        let shared = Arc::new(Shared {
            pen,
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let people = (0..connections).map(|_| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                shared.answer_all();
                shared.lock().left += 1;
                shared.changed.notify_all();
            })
        });
        Self {
            people: people.collect(),
            shared,
        }
    }

    /// Waits until so many are acknowledged.
    #[track_caller]
    pub(crate) fn wait_for(&self, acknowledged: usize) {
        let begun = Instant::now();
        let mut state = self.shared.lock();
        while state.acknowledged < acknowledged {
            assert!(
                begun.elapsed() < PATIENCE,
                "only {} of {acknowledged}: {:?}",
                state.acknowledged,
                state.failures
            );
            state = self.shared.wait(state);
        }
    }

    /// From now on failures are expected, and who meets one waits.
    pub(crate) fn server_goes(&self) {
        self.shared.lock().up = false;
    }

    /// Waits until everybody who still has something to send has met a failure.
    #[track_caller]
    pub(crate) fn wait_until_paused(&self) {
        let begun = Instant::now();
        let mut state = self.shared.lock();
        while state.paused + state.left < self.people.len() {
            assert!(
                begun.elapsed() < PATIENCE,
                "only {} of {} were refused",
                state.paused,
                self.people.len()
            );
            state = self.shared.wait(state);
        }
    }

    /// The server is there again.
    pub(crate) fn server_is_back(&self) {
        self.shared.lock().up = true;
        self.shared.changed.notify_all();
    }

    /// Ends; gives what failed although the server was there.
    pub(crate) fn finish(self) -> Vec<String> {
        self.shared.lock().stopped = true;
        self.shared.changed.notify_all();
        for person in self.people {
            person.join().expect("a person who answers does not panic");
        }
        std::mem::take(&mut self.shared.lock().failures)
    }

    /// How many are acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.shared.lock().acknowledged
    }

    /// Waits until the server has asked every connection to leave.
    #[track_caller]
    pub(crate) fn wait_until_asked_to_leave(&self) {
        let begun = Instant::now();
        let mut state = self.shared.lock();
        while state.asked_to_leave < self.people.len() && state.failures.is_empty() {
            assert!(
                begun.elapsed() < PATIENCE,
                "only {} were asked to leave",
                state.asked_to_leave
            );
            state = self.shared.wait(state);
        }
    }
}

impl Shared {
    fn answer_all(&self) {
        let mut wire = None;
        let mut mine = None;
        loop {
            let Some(token) = mine.take().or_else(|| self.next()) else {
                return;
            };
            let answer = match wire.take() {
                Some(wire) => Ok(wire),
                None => Wire::open(&self.pen.base_url),
            }
            .and_then(|mut kept| {
                let answer = self.pen.submit(&mut kept, &token)?;
                Ok((answer, kept))
            });
            let mut state = self.lock();
            match answer {
                Ok((answer, kept)) if matches!(answer.status, 200 | 201) => {
                    state.acknowledged += 1;
                    self.changed.notify_all();
                    if answer.header("connection") == Some("close") {
                        state.asked_to_leave += 1;
                        return;
                    }
                    wire = Some(kept);
                }
                other => {
                    mine = Some(token);
                    if state.up {
                        let told = other.map(|(answer, _)| (answer.status, answer.code()));
                        state.failures.push(format!("{told:?}"));
                        state.up = false;
                        self.changed.notify_all();
                    }
                    state.paused += 1;
                    self.changed.notify_all();
                    while !state.up && !state.stopped {
                        state = self.wait(state);
                    }
                    state.paused -= 1;
                    if state.stopped {
                        return;
                    }
                }
            }
        }
    }

    fn next(&self) -> Option<String> {
        let mut state = self.lock();
        if state.stopped {
            return None;
        }
        state.waiting.pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        self.changed
            .wait_timeout(state, PATIENCE)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}
