//! A mail server for tests: it keeps what it gets, and fails in the ways in which real ones fail.

mod session;

use std::collections::{HashMap, VecDeque};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::PATIENCE;
use crate::mail::Mail;

/// What goes wrong with one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The recipient is put off with 451, as greylisting does.
    TryLater,
    /// The recipient is refused for good with 550.
    Refuse,
    /// The message is taken and kept, and the connection is cut before the answer: the sender cannot know.
    DropAfterDot,
    /// The message is put off with 452 after it was sent.
    TryLaterAfterDot,
    /// The message is taken, and is never seen again.
    Lose,
}

/// A mail server on a free port of this machine, without encryption and without sign-in.
#[derive(Debug)]
pub struct Smtp {
    address: SocketAddr,
    post: Arc<Post>,
}

#[derive(Debug, Default)]
struct Post {
    state: Mutex<State>,
    changed: Condvar,
    closed: AtomicBool,
    ended: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    mails: Vec<Mail>,
    lost: Vec<Mail>,
    /// How many mails to each recipient a story has already been given.
    read: HashMap<String, usize>,
    attempts: HashMap<String, usize>,
    planned: HashMap<String, VecDeque<Fault>>,
    standing: HashMap<String, Fault>,
}

impl Smtp {
    /// Starts the server.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let post = Arc::new(Post::default());
        let shared = Arc::clone(&post);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.ended.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(connection) = connection else { continue };
                let post = Arc::clone(&shared);
                std::thread::spawn(move || session::serve(connection, &post));
            }
        });
        Self { address, post }
    }

    /// The port to send mail to, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The next deliveries to this address go wrong in these ways, one each; then mail arrives again.
    pub fn plan(&self, recipient: &str, faults: impl IntoIterator<Item = Fault>) {
        self.post
            .lock()
            .planned
            .entry(key(recipient))
            .or_default()
            .extend(faults);
    }

    /// Every delivery to this address goes wrong in this way.
    pub fn always(&self, recipient: &str, fault: Fault) {
        self.post.lock().standing.insert(key(recipient), fault);
    }

    /// From now on every connection is turned away with 421.
    pub fn close_doors(&self) {
        self.post.closed.store(true, Ordering::SeqCst);
    }

    /// Takes connections again after [`Smtp::close_doors`].
    pub fn open_doors(&self) {
        self.post.closed.store(false, Ordering::SeqCst);
    }

    /// How many messages were begun for this address, whatever became of them.
    pub fn attempts(&self, recipient: &str) -> usize {
        self.post
            .lock()
            .attempts
            .get(&key(recipient))
            .copied()
            .unwrap_or(0)
    }

    /// Waits until at least so many messages were begun for this address.
    #[track_caller]
    pub fn wait_for_attempts(&self, recipient: &str, count: usize) {
        let wanted = format!("{count} attempts for {recipient}");
        self.wait(&wanted, |state| {
            state
                .attempts
                .get(&key(recipient))
                .is_some_and(|tried| *tried >= count)
                .then_some(())
        });
    }

    /// The next mail to this address that no call has returned yet; waits for it.
    #[track_caller]
    pub fn next(&self, recipient: &str) -> Mail {
        let address = key(recipient);
        self.wait(&format!("a mail to {recipient}"), |state| {
            let read = state.read.entry(address.clone()).or_default();
            let mail = state
                .mails
                .iter()
                .filter(|mail| mail.is_to(&address))
                .nth(*read)?
                .clone();
            *read += 1;
            Some(mail)
        })
    }

    /// Waits until at least so many mails have come, and gives all of them.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Mail> {
        self.wait(&format!("{count} mails"), |state| {
            (state.mails.len() >= count).then(|| state.mails.clone())
        })
    }

    /// The mails that have come so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.post.lock().mails.clone()
    }

    /// The mails to this address that have come so far.
    pub fn to(&self, recipient: &str) -> Vec<Mail> {
        let state = self.post.lock();
        let wanted = state.mails.iter().filter(|mail| mail.is_to(recipient));
        wanted.cloned().collect()
    }

    /// The mails to this address that were taken and lost.
    pub fn lost(&self, recipient: &str) -> Vec<Mail> {
        let state = self.post.lock();
        let wanted = state.lost.iter().filter(|mail| mail.is_to(recipient));
        wanted.cloned().collect()
    }

    /// Forgets every mail, what was tried and what is planned.
    pub fn forget(&self) {
        *self.post.lock() = State::default();
    }

    #[track_caller]
    fn wait<T>(&self, wanted: &str, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.post.lock();
        loop {
            if let Some(found) = look(&mut state) {
                return found;
            }
            let Some(left) = deadline.checked_duration_since(Instant::now()) else {
                let come: Vec<String> = state.mails.iter().map(Mail::summary).collect();
                panic!(
                    "{wanted} did not come; these did: {come:#?}; attempts: {:?}",
                    state.attempts
                );
            };
            state = self
                .post
                .changed
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.post.ended.store(true, Ordering::SeqCst);
        // One connection of our own wakes the listening thread, which then sees the end.
        let _woken = TcpStream::connect(self.address);
    }
}

impl Post {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Counts an attempt for the recipient and tells what is to go wrong with it.
    fn attempt(&self, recipient: &str) -> Option<Fault> {
        let address = key(recipient);
        let mut state = self.lock();
        *state.attempts.entry(address.clone()).or_default() += 1;
        let planned = state
            .planned
            .get_mut(&address)
            .and_then(VecDeque::pop_front);
        self.changed.notify_all();
        planned.or_else(|| state.standing.get(&address).copied())
    }

    fn keep(&self, mail: Mail, fault: Option<Fault>) {
        let mut state = self.lock();
        if fault == Some(Fault::Lose) {
            state.lost.push(mail);
        } else {
            state.mails.push(mail);
        }
        drop(state);
        self.changed.notify_all();
    }
}

/// Addresses are compared without regard to case.
fn key(recipient: &str) -> String {
    recipient.to_lowercase()
}

#[cfg(test)]
mod tests;
