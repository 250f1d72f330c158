//! One SMTP conversation (RFC 5321), as strict as the mail servers of the world: lines end in CR LF or are refused.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

use super::{Fault, Post};
use crate::PATIENCE;
use crate::mail::Mail;

const HELLO: &str =
    "250-mail.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 SIZE 10485760\r\n";

#[derive(Default)]
struct Envelope {
    sender: Option<String>,
    recipients: Vec<String>,
    fault: Option<Fault>,
}

/// Talks with one client until it leaves. Errors of the connection end the conversation and are the client's affair.
pub(super) fn serve(connection: TcpStream, post: &Post) {
    let _cut = talk(connection, post);
}

fn talk(mut connection: TcpStream, post: &Post) -> io::Result<()> {
    connection.set_nodelay(true)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    if post.is_closed() {
        return connection.write_all(b"421 mail.example closed for the day\r\n");
    }
    let mut lines = BufReader::new(connection.try_clone()?);
    connection.write_all(b"220 mail.example ESMTP\r\n")?;
    let mut envelope = Envelope::default();
    while let Some(line) = read_line(&mut lines)? {
        if post.is_closed() {
            return connection.write_all(b"421 mail.example closing\r\n");
        }
        let Some(command) = line.strip_suffix(b"\r\n").map(String::from_utf8_lossy) else {
            connection.write_all(b"500 lines end in CR LF\r\n")?;
            continue;
        };
        let verb = command
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => HELLO,
            "HELO" => "250 mail.example\r\n",
            "MAIL" => {
                envelope = Envelope {
                    sender: path(&command),
                    ..Envelope::default()
                };
                if envelope.sender.is_some() {
                    "250 OK\r\n"
                } else {
                    "501 MAIL FROM:<address>\r\n"
                }
            }
            "RCPT" => receive(&command, &mut envelope, post),
            "DATA" if envelope.recipients.is_empty() => "503 nobody to send to\r\n",
            "DATA" => {
                connection.write_all(b"354 go ahead\r\n")?;
                match take(&mut lines, std::mem::take(&mut envelope), post)? {
                    Some(answer) => answer,
                    None => return connection.shutdown(std::net::Shutdown::Both),
                }
            }
            "RSET" => {
                envelope = Envelope::default();
                "250 OK\r\n"
            }
            "NOOP" => "250 OK\r\n",
            "QUIT" => return connection.write_all(b"221 bye\r\n"),
            _ => "502 not known here\r\n",
        };
        connection.write_all(answer.as_bytes())?;
    }
    Ok(())
}

fn receive(command: &str, envelope: &mut Envelope, post: &Post) -> &'static str {
    let Some(recipient) = path(command).filter(|path| path.contains('@')) else {
        return "501 RCPT TO:<address>\r\n";
    };
    if envelope.sender.is_none() {
        return "503 from whom?\r\n";
    }
    match post.attempt(&recipient) {
        Some(Fault::TryLater) => return "451 4.7.1 greylisted, try again later\r\n",
        Some(Fault::Refuse) => return "550 5.1.1 no such mailbox\r\n",
        later => envelope.fault = envelope.fault.or(later),
    }
    envelope.recipients.push(recipient);
    "250 OK\r\n"
}

/// Reads the message up to the final dot and answers; no answer means that the line is to be cut.
fn take(
    lines: &mut impl BufRead,
    envelope: Envelope,
    post: &Post,
) -> io::Result<Option<&'static str>> {
    let mut raw = Vec::new();
    let mut bare = false;
    loop {
        let Some(line) = read_line(lines)? else {
            return Ok(None);
        };
        if line == b".\r\n" {
            break;
        }
        bare |= !line.ends_with(b"\r\n")
            || line
                .strip_suffix(b"\r\n")
                .is_some_and(|words| words.contains(&b'\r'));
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
    if bare {
        return Ok(Some("550 5.6.0 a bare CR or LF in the message\r\n"));
    }
    if envelope.fault == Some(Fault::TryLaterAfterDot) {
        return Ok(Some("452 4.3.1 no room just now\r\n"));
    }
    let mail = Mail::new(
        envelope.sender.unwrap_or_default(),
        envelope.recipients,
        raw,
    );
    post.keep(mail, envelope.fault);
    Ok((envelope.fault != Some(Fault::DropAfterDot)).then_some("250 2.0.0 kept\r\n"))
}

fn read_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = lines.read_until(b'\n', &mut line)?;
    Ok((read > 0).then_some(line))
}

/// What stands between `<` and `>`; the empty path is a bounce's sender.
fn path(command: &str) -> Option<String> {
    let (_, rest) = command.split_once('<')?;
    Some(rest.split_once('>')?.0.to_owned())
}
