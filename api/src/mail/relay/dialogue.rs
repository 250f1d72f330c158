//! One message over one connection, and what each refusal means.

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};

use crate::mail::compose::Composed;
use crate::mail::send_error::SendError;

/// Answers about our account and not about the message: authentication is required or failed (RFC 4954).
const ACCOUNT_CODES: [u16; 5] = [432, 530, 534, 535, 538];

/// Hands over a message; `Ok` once the server has taken it.
///
/// A refusal for good counts as one only where it is about the recipient or the message. What the server says against the
/// sender or our account is true of every message until somebody mends it, so those are tried again.
pub(super) async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    mail: &Composed,
) -> Result<(), SendError> {
    let parameters = parameters(connection, mail)?;
    let from = mail.envelope.from().cloned();
    connection
        .command(Mail::new(from, parameters))
        .await
        .map_err(|error| refused_sender(&error))?;
    for to in mail.envelope.to() {
        let recipient = Rcpt::new(to.clone(), Vec::new());
        connection
            .command(recipient)
            .await
            .map_err(|error| refused_message(&error))?;
    }
    connection
        .command(Data)
        .await
        .map_err(|error| refused_message(&error))?;
    connection
        .message(&mail.bytes)
        .await
        .map_err(|error| refused_message(&error))?;
    Ok(())
}

/// What the server must know beforehand of a message that is not plain ASCII.
fn parameters(
    connection: &AsyncSmtpConnection,
    mail: &Composed,
) -> Result<Vec<MailParameter>, SendError> {
    let server = connection.server_info();
    let mut parameters = Vec::new();
    let mut addresses = mail.envelope.from().into_iter().chain(mail.envelope.to());
    if !addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            return Err(SendError::permanent(
                "The mail server takes no addresses with letters beyond a to z (SMTPUTF8).",
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.bytes.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            return Err(SendError::permanent(
                "The mail server takes no messages with letters beyond a to z in their headers (8BITMIME).",
            ));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

fn refused_sender(error: &Error) -> SendError {
    if error.is_permanent() && !is_about_account(error) {
        SendError::temporary(format!(
            "The mail server refuses the sender: {}. Check mail.from, and whether the server takes mail from this machine.",
            cause(error)
        ))
    } else {
        refused_message(error)
    }
}

fn refused_message(error: &Error) -> SendError {
    if is_about_account(error) {
        not_let_in(error)
    } else if error.is_permanent() {
        SendError::permanent(format!(
            "The mail server refused the message: {}",
            cause(error)
        ))
    } else {
        SendError::temporary(format!(
            "The mail server did not take the message: {}",
            cause(error)
        ))
    }
}

/// Whether the server wants us to sign in, or did not like how we did.
pub(super) fn is_about_account(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|code| ACCOUNT_CODES.contains(&u16::from(code)))
}

/// The error of a server that does not let us in.
pub(super) fn not_let_in(error: &Error) -> SendError {
    SendError::temporary(format!(
        "The mail server does not let this server in: {}. Check mail.username and mail.password.",
        cause(error)
    ))
}

/// The code and the words of the server, or what the system says.
pub(super) fn cause(error: &Error) -> String {
    let words =
        std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match error.status() {
        Some(code) => format!("{code} {words}"),
        None => words,
    }
}
