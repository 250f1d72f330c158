use std::io::{BufRead, BufReader, Write};

use super::*;

struct Sender {
    lines: BufReader<TcpStream>,
}

impl Sender {
    fn connect(smtp: &Smtp) -> Self {
        let connection = TcpStream::connect(("127.0.0.1", smtp.port())).unwrap();
        Self {
            lines: BufReader::new(connection),
        }
    }

    /// The last line of the next answer; empty when the connection is closed.
    fn hear(&mut self) -> String {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 && line.as_bytes().get(3) == Some(&b'-')
        {
            line.clear();
        }
        line.trim_end().to_owned()
    }

    fn say(&mut self, words: &str) -> String {
        self.lines.get_mut().write_all(words.as_bytes()).unwrap();
        self.hear()
    }

    /// Sends one message to one recipient and gives the code of the last answer.
    fn send(&mut self, recipient: &str, body: &str) -> String {
        assert!(
            self.say("MAIL FROM:<school@example.org> BODY=8BITMIME\r\n")
                .starts_with("250")
        );
        let answer = self.say(&format!("RCPT TO:<{recipient}>\r\n"));
        if !answer.starts_with("250") {
            return answer;
        }
        assert!(self.say("DATA\r\n").starts_with("354"));
        self.say(&format!("{body}\r\n.\r\n"))
    }
}

fn greeted(smtp: &Smtp) -> Sender {
    let mut sender = Sender::connect(smtp);
    assert!(sender.hear().starts_with("220"));
    assert!(sender.say("EHLO me\r\n").starts_with("250 SIZE"));
    sender
}

#[test]
fn mail_is_kept_unstuffed_and_given_in_order() {
    let smtp = Smtp::start();
    let mut sender = greeted(&smtp);
    assert!(
        sender
            .send("Anna@example.org", "Subject: one\r\n\r\n..dot")
            .starts_with("250")
    );
    assert!(
        sender
            .send("ben@example.org", "Subject: two\r\n\r\nhi")
            .starts_with("250")
    );
    assert!(
        sender
            .send("anna@example.org", "Subject: three\r\n\r\nhi")
            .starts_with("250")
    );
    assert!(sender.say("QUIT\r\n").starts_with("221"));
    let first = smtp.next("anna@example.org");
    assert_eq!(
        (first.subject().as_str(), first.text().trim_end()),
        ("one", ".dot")
    );
    assert_eq!(smtp.next("anna@EXAMPLE.org").subject(), "three");
    assert_eq!(smtp.wait_for(3).len(), 3);
    assert_eq!(smtp.attempts("anna@example.org"), 2);
}

#[test]
fn a_waiting_story_wakes_when_the_mail_comes() {
    let smtp = Smtp::start();
    let mail = std::thread::scope(|scope| {
        let reader = scope.spawn(|| smtp.next("late@example.org"));
        greeted(&smtp).send("late@example.org", "Subject: at last\r\n\r\nhi");
        reader.join().unwrap()
    });
    assert_eq!(mail.subject(), "at last");
}

#[test]
fn faults_come_in_the_planned_order_and_then_mail_arrives() {
    let smtp = Smtp::start();
    let someone = "someone@example.org";
    smtp.plan(
        someone,
        [Fault::TryLater, Fault::TryLaterAfterDot, Fault::Refuse],
    );
    let mut sender = greeted(&smtp);
    for code in ["451", "452", "550", "250"] {
        let answer = sender.send(someone, "Subject: again\r\n\r\nhi");
        assert!(answer.starts_with(code), "{answer}, expected {code}");
    }
    assert_eq!((smtp.attempts(someone), smtp.mails().len()), (4, 1));
}

#[test]
fn a_standing_fault_stays() {
    let smtp = Smtp::start();
    smtp.always("gone@example.org", Fault::Refuse);
    let mut sender = greeted(&smtp);
    for _ in 0..3 {
        assert!(sender.send("gone@example.org", "x").starts_with("550"));
    }
    smtp.wait_for_attempts("gone@example.org", 3);
}

#[test]
fn the_ambiguous_case_keeps_the_mail_and_says_nothing() {
    let smtp = Smtp::start();
    smtp.plan("unsure@example.org", [Fault::DropAfterDot]);
    assert_eq!(
        greeted(&smtp).send("unsure@example.org", "Subject: maybe\r\n\r\nhi"),
        ""
    );
    assert_eq!(smtp.next("unsure@example.org").subject(), "maybe");
}

#[test]
fn closed_doors_turn_away_and_open_again() {
    let smtp = Smtp::start();
    smtp.close_doors();
    assert!(Sender::connect(&smtp).hear().starts_with("421"));
    smtp.open_doors();
    greeted(&smtp);
}

#[test]
fn a_bare_line_feed_is_refused() {
    let smtp = Smtp::start();
    let mut sender = greeted(&smtp);
    assert!(
        sender
            .send("anna@example.org", "Subject: x\n\nsmuggled")
            .starts_with("550")
    );
    assert!(smtp.mails().is_empty());
}

#[test]
fn the_order_of_commands_is_held_to() {
    let smtp = Smtp::start();
    let mut sender = greeted(&smtp);
    assert!(
        sender
            .say("RCPT TO:<anna@example.org>\r\n")
            .starts_with("503")
    );
    assert!(sender.say("DATA\r\n").starts_with("503"));
    assert!(sender.say("MAIL FROM:<>\r\n").starts_with("250"));
    assert!(sender.say("RCPT TO:<nowhere>\r\n").starts_with("501"));
    assert!(sender.say("BDAT 3\r\n").starts_with("502"));
}
