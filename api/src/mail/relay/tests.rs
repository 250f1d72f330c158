#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lettre::address::Envelope;
use tracing_subscriber::fmt::MakeWriter;

use super::*;

/// What the server does when it has read a line; `.` stands for the end of a message.
#[derive(Clone, Copy)]
enum Reaction {
    Say(&'static str),
    Silence,
    HangUp,
}

use Reaction::{HangUp, Say, Silence};

/// An SMTP server that reacts as a test tells it.
struct Server {
    port: u16,
    connections: Arc<AtomicUsize>,
    messages: Arc<AtomicUsize>,
}

/// How a server reacts that takes everything.
fn usual(line: &str) -> Reaction {
    match line.split([' ', ':']).next().unwrap_or_default() {
        "EHLO" => Say("250-mx.example\r\n250-AUTH PLAIN\r\n250 8BITMIME"),
        "DATA" => Say("354 go on"),
        "QUIT" => Say("221 bye"),
        "AUTH" => Say("235 welcome"),
        _ => Say("250 ok"),
    }
}

impl Server {
    /// Starts a server; `react` is given the number of the connection, from 1, and the line.
    fn start(react: impl Fn(usize, &str) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, messages) =
            (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Self {
            port,
            connections: Arc::clone(&connections),
            messages: Arc::clone(&messages),
        };
        let react = Arc::new(react);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let number = connections.fetch_add(1, Ordering::SeqCst) + 1;
                let (react, messages) = (Arc::clone(&react), Arc::clone(&messages));
                // A client that goes away in the middle ends the conversation, not the test.
                std::thread::spawn(move || {
                    converse(&stream.unwrap(), number, &*react, &messages).ok()
                });
            }
        });
        server
    }

    fn relay(&self) -> Relay {
        self.relay_with(None)
    }

    fn relay_with(&self, credentials: Option<Credentials>) -> Relay {
        let settings = RelaySettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            protection: Protection::None,
            credentials,
            timeout: Duration::from_secs(20),
        };
        Relay::new(settings, Clock::fixed(0))
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn messages(&self) -> usize {
        self.messages.load(Ordering::SeqCst)
    }
}

fn converse(
    stream: &TcpStream,
    number: usize,
    react: &(impl Fn(usize, &str) -> Reaction + ?Sized),
    messages: &AtomicUsize,
) -> std::io::Result<()> {
    let mut writer = stream;
    writer.write_all(b"220 mx.example\r\n")?;
    let mut in_message = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if in_message && line != "." {
            continue;
        }
        if line == "." {
            messages.fetch_add(1, Ordering::SeqCst);
        }
        let reaction = react(number, &line);
        in_message = matches!(reaction, Say(answer) if answer.starts_with("354"));
        match reaction {
            Say(answer) => writer.write_all(format!("{answer}\r\n").as_bytes())?,
            Silence => {}
            HangUp => return Ok(()),
        }
    }
    Ok(())
}

fn mail() -> Composed {
    let from = "survey@klankbord.example".parse().unwrap();
    let to = "anna@school.example".parse().unwrap();
    Composed {
        envelope: Envelope::new(Some(from), vec![to]).unwrap(),
        bytes: b"Subject: x\r\n\r\nhttps://survey.example/s/1-SECRET\r\n".to_vec(),
    }
}

async fn refusal_of(react: impl Fn(&str) -> Reaction + Send + Sync + 'static) -> SendError {
    let server = Server::start(move |_, line| react(line));
    server.relay().send(&mail()).await.unwrap_err()
}

#[tokio::test]
async fn messages_share_a_connection() {
    let server = Server::start(|_, line| usual(line));
    let relay = server.relay();
    for _ in 0..5 {
        relay.send(&mail()).await.unwrap();
    }
    assert_eq!((server.connections(), server.messages()), (1, 5));
    relay.release().await;
    relay.send(&mail()).await.unwrap();
    assert_eq!((server.connections(), server.messages()), (2, 6));
}

#[tokio::test]
async fn a_connection_carries_a_hundred_messages_and_no_more() {
    let server = Server::start(|_, line| usual(line));
    let relay = server.relay();
    for _ in 0..=MESSAGES {
        relay.send(&mail()).await.unwrap();
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn sixteen_go_at_once_and_the_rest_wait() {
    // No connection is greeted before sixteen are open, and a seventeenth never would be.
    let all_here = std::sync::Barrier::new(CONNECTIONS);
    let server = Server::start(move |_, line| {
        if line.starts_with("EHLO") {
            all_here.wait();
        }
        usual(line)
    });
    let relay = Arc::new(server.relay());
    let sends: Vec<_> = (0..60)
        .map(|_| {
            let relay = Arc::clone(&relay);
            tokio::spawn(async move { relay.send(&mail()).await })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }
    assert_eq!((server.connections(), server.messages()), (CONNECTIONS, 60));
}

#[tokio::test]
async fn a_refused_recipient_is_refused_for_good_and_not_named() {
    let error = refusal_of(|line| match line {
        "RCPT TO:<anna@school.example>" => Say("550 5.1.1 <anna@school.example>: no such user"),
        _ => usual(line),
    })
    .await;
    assert_eq!(
        error.detail(),
        "The mail server refused the message: 550 5.1.1 [address] no such user"
    );
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn a_refused_message_is_refused_for_good() {
    let error = refusal_of(|line| {
        if line == "." {
            Say("554 5.6.0 looks like spam")
        } else {
            usual(line)
        }
    })
    .await;
    assert!(
        !error.is_temporary() && error.detail().contains("554 5.6.0"),
        "{error}"
    );
}

#[tokio::test]
async fn greylisting_and_busy_servers_are_tried_again() {
    for (command, answer) in [
        ("MAIL", "452 4.3.1 disk full"),
        ("RCPT", "450 4.2.0 come back later"),
        ("DATA", "421 4.3.2 shutting down"),
        (".", "451 4.7.1 try again"),
    ] {
        let error = refusal_of(move |line| {
            if line.starts_with(command) {
                Say(answer)
            } else {
                usual(line)
            }
        })
        .await;
        assert!(
            error.is_temporary() && error.detail().contains(&answer[..9]),
            "{command}: {error}"
        );
    }
}

#[tokio::test]
async fn a_connection_lost_at_any_moment_is_tried_again() {
    for command in ["EHLO", "MAIL", "RCPT", "DATA", "."] {
        let error = refusal_of(move |line| {
            if line.starts_with(command) {
                HangUp
            } else {
                usual(line)
            }
        })
        .await;
        assert!(error.is_temporary(), "{command}: {error}");
    }
}

#[tokio::test]
async fn silence_ends_in_time_and_the_connection_is_not_used_again() {
    let server = Server::start(|number, line| {
        if number == 1 && line == "." {
            Silence
        } else {
            usual(line)
        }
    });
    let mut relay = server.relay();
    relay.settings.timeout = Duration::from_millis(300);
    let error = relay.send(&mail()).await.unwrap_err();
    relay.settings.timeout = Duration::from_secs(20);
    assert!(
        error.is_temporary() && error.detail().contains("did not answer within 0.3 seconds"),
        "{error}"
    );
    relay.send(&mail()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_resting_connection_that_broke_is_replaced() {
    let server = Server::start(|number, line| {
        if number == 1 && line == "NOOP" {
            HangUp
        } else {
            usual(line)
        }
    });
    let relay = server.relay();
    relay.send(&mail()).await.unwrap();
    relay.send(&mail()).await.unwrap();
    assert_eq!((server.connections(), server.messages()), (2, 2));
}

#[tokio::test]
async fn a_connection_that_rested_for_long_is_not_used_again() {
    let server = Server::start(|_, line| usual(line));
    let mut relay = server.relay();
    relay.send(&mail()).await.unwrap();
    relay.clock = Clock::fixed(20_000);
    relay.send(&mail()).await.unwrap();
    relay.clock = Clock::fixed(39_999);
    relay.send(&mail()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let server = Server {
        port,
        connections: Arc::default(),
        messages: Arc::default(),
    };
    let error = server.relay().send(&mail()).await.unwrap_err();
    assert!(
        error.is_temporary() && error.detail().contains("mail.host"),
        "{error}"
    );
    assert!(server.relay().check().await.unwrap_err().is_temporary());
}

#[tokio::test]
async fn a_wrong_password_is_told_and_costs_no_message() {
    let server = Server::start(|_, line| match line.split(' ').next() {
        Some("AUTH") => Say("535 5.7.8 authentication failed"),
        _ => usual(line),
    });
    let credentials = Some(Credentials::new(
        "klankbord".to_owned(),
        "secret".to_owned(),
    ));
    let error = server
        .relay_with(credentials)
        .send(&mail())
        .await
        .unwrap_err();
    assert!(
        error.is_temporary() && error.detail().contains("535 5.7.8"),
        "{error}"
    );
    assert!(error.detail().contains("mail.password"), "{error}");
    assert_eq!(server.messages(), 0);
    let missing = refusal_of(|line| match line.split(' ').next() {
        Some("MAIL") => Say("530 5.7.0 authentication required"),
        _ => usual(line),
    });
    assert!(missing.await.is_temporary());
}

#[tokio::test]
async fn mail_never_goes_unprotected_where_protection_is_asked_for() {
    let server = Server::start(|_, line| usual(line));
    let mut relay = server.relay();
    relay.settings.protection =
        Protection::Starttls(TlsParameters::new("127.0.0.1".to_owned()).unwrap());
    let error = relay.send(&mail()).await.unwrap_err();
    assert!(
        error.is_temporary() && error.detail().contains("mail.security"),
        "{error}"
    );
    relay.settings.protection =
        Protection::Tls(TlsParameters::new("127.0.0.1".to_owned()).unwrap());
    assert!(relay.send(&mail()).await.unwrap_err().is_temporary());
    assert_eq!(server.messages(), 0);
}

#[tokio::test]
async fn a_refused_sender_is_no_fault_of_the_recipient() {
    let error = refusal_of(|line| match line.split(' ').next() {
        Some("MAIL") => Say("553 5.7.1 <survey@klankbord.example>: sender not owned by user"),
        _ => usual(line),
    })
    .await;
    assert!(
        error.is_temporary() && error.detail().contains("mail.from"),
        "{error}"
    );
    assert!(!error.detail().contains("klankbord.example"), "{error}");
}

#[tokio::test]
async fn a_verdict_stands_though_the_goodbye_is_not_answered() {
    let mut relay = Server::start(|_, line| match line.split(' ').next() {
        Some("RCPT") => Say("550 5.1.1 no such user"),
        Some("QUIT") => Silence,
        _ => usual(line),
    })
    .relay();
    relay.settings.timeout = Duration::from_millis(300);
    assert!(!relay.send(&mail()).await.unwrap_err().is_temporary());
}

#[tokio::test]
async fn an_address_that_the_server_cannot_take_is_refused_for_good() {
    let server = Server::start(|_, line| usual(line));
    let to = "zoë@school.example".parse().unwrap();
    let mail = Composed {
        envelope: Envelope::new(None, vec![to]).unwrap(),
        ..mail()
    };
    let error = server.relay().send(&mail).await.unwrap_err();
    assert!(
        !error.is_temporary() && error.detail().contains("SMTPUTF8"),
        "{error}"
    );
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_names_no_person_even_at_its_most_talkative() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("the log works");
    let server = Server::start(|_, line| usual(line));
    let credentials = Some(Credentials::new(
        "klankbord".to_owned(),
        "secret".to_owned(),
    ));
    let relay = server.relay_with(credentials);
    relay.send(&mail()).await.unwrap();
    relay.send(&mail()).await.unwrap();
    relay.release().await;
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the log works"));
    for private in ["anna", "SECRET", "AUTH", "klankbord.example"] {
        assert!(!logged.contains(private), "{logged}");
    }
}
