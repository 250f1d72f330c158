//! What `strace -f -y` has seen a server do to its files, and when it answered.

use std::collections::HashMap;

/// Calls that are watched.
pub(crate) const CALLS: &str =
    "trace=pwrite64,ftruncate,fdatasync,fsync,unlink,unlinkat,sendto,write,writev";

/// One thing that happened, in the order in which it was seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Bytes were handed to the system for a file.
    Write {
        file: String,
        offset: u64,
        bytes: Vec<u8>,
    },
    /// A file was cut or lengthened.
    Truncate { file: String, length: u64 },
    /// A sync of a file began: it holds for what was written before.
    SyncBegins { file: String, thread: u32 },
    /// That sync succeeded.
    SyncEnds { file: String, thread: u32 },
    /// A file was removed.
    Remove { file: String },
    /// An answer with status 201 was sent.
    Acknowledged,
}

/// Reads a log.
pub(crate) fn read(log: &[u8]) -> Vec<Event> {
    let mut begun: HashMap<u32, String> = HashMap::new();
    let mut events = Vec::new();
    for line in String::from_utf8_lossy(log).lines() {
        let Some((thread, rest)) = line.trim_start().split_once(' ') else {
            continue;
        };
        let (Ok(thread), rest) = (thread.parse(), rest.trim_start()) else {
            continue;
        };
        if rest.starts_with("<... ") {
            let succeeded = rest.ends_with("= 0");
            if let Some(file) = begun.remove(&thread).filter(|_| succeeded) {
                events.push(Event::SyncEnds { file, thread });
            }
            continue;
        }
        let Some((call, arguments)) = rest.split_once('(') else {
            continue;
        };
        match call {
            "pwrite64" => events.extend(write(arguments)),
            "ftruncate" => events.extend(truncate(arguments)),
            "unlink" | "unlinkat" if arguments.ends_with("= 0") => {
                events.extend(quoted(arguments).map(|(file, _)| Event::Remove {
                    file: name(&String::from_utf8_lossy(&file)),
                }));
            }
            "fdatasync" | "fsync" => {
                let Some(file) = descriptor(arguments) else {
                    continue;
                };
                events.push(Event::SyncBegins {
                    file: file.clone(),
                    thread,
                });
                if arguments.ends_with("<unfinished ...>") {
                    begun.insert(thread, file);
                } else if arguments.ends_with("= 0") {
                    events.push(Event::SyncEnds { file, thread });
                }
            }
            "sendto" | "write" | "writev" if arguments.contains("HTTP/1.1 201 ") => {
                events.push(Event::Acknowledged);
            }
            _ => {}
        }
    }
    events
}

fn write(arguments: &str) -> Option<Event> {
    if arguments.contains("= -1 ") {
        return None;
    }
    let (bytes, rest) = quoted(arguments)?;
    let mut numbers = rest
        .split([',', ')', '<'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let (length, offset) = (
        numbers.next()?.parse::<usize>().ok()?,
        numbers.next()?.parse().ok()?,
    );
    assert_eq!(bytes.len(), length, "the log holds every byte");
    Some(Event::Write {
        file: descriptor(arguments)?,
        offset,
        bytes,
    })
}

fn truncate(arguments: &str) -> Option<Event> {
    let (_, length) = arguments.split_once(">, ")?;
    Some(Event::Truncate {
        file: descriptor(arguments)?,
        length: length.split([')', '<', ' ']).next()?.parse().ok()?,
    })
}

/// The name of the file behind the first argument: `7</data/ballots.sqlite-wal>, ...`.
fn descriptor(arguments: &str) -> Option<String> {
    let path = arguments.split_once('<')?.1.split_once('>')?.0;
    Some(name(path))
}

fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// The first quoted text, unescaped, and what follows it.
fn quoted(text: &str) -> Option<(Vec<u8>, &str)> {
    let (_, text) = text.split_once('"')?;
    let source = text.as_bytes();
    let mut bytes = Vec::new();
    let mut at = 0;
    loop {
        match source.get(at)? {
            b'"' => return Some((bytes, text.get(at + 1..)?)),
            b'\\' => {
                at += 1;
                let escaped = *source.get(at)?;
                if (b'0'..=b'7').contains(&escaped) {
                    let digits = source[at..]
                        .iter()
                        .take(3)
                        .take_while(|digit| (b'0'..=b'7').contains(*digit));
                    let (count, value) = digits.fold((0, 0u16), |(count, value), digit| {
                        (count + 1, value * 8 + u16::from(digit - b'0'))
                    });
                    bytes.push(u8::try_from(value).ok()?);
                    at += count;
                    continue;
                }
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'v' => 11,
                    b'f' => 12,
                    b'a' => 7,
                    b'b' => 8,
                    other => other,
                });
            }
            other => bytes.push(*other),
        }
        at += 1;
    }
}

#[test]
fn a_log_is_read() {
    let log = br#"71 pwrite64(9</d/ballots.sqlite-wal>, "7\177\6\202\0\"\n1", 8, 24) = 8
72 fdatasync(9</d/ballots.sqlite-wal> <unfinished ...>
71 sendto(12<TCP:[1.2.3.4:5->6.7.8.9:10]>, "HTTP/1.1 201 Created\r\n"..., 400, MSG_NOSIGNAL, NULL, 0) = 400
72 <... fdatasync resumed>)        = 0
72 fdatasync(9</d/ballots.sqlite-wal>) = -1 EIO (Input/output error) (INJECTED)
71 ftruncate(9</d/ballots.sqlite-wal>, 0) = 0
"#;
    let file = || "ballots.sqlite-wal".to_owned();
    let expected = [
        Event::Write {
            file: file(),
            offset: 24,
            bytes: vec![b'7', 127, 6, 130, 0, b'"', b'\n', b'1'],
        },
        Event::SyncBegins {
            file: file(),
            thread: 72,
        },
        Event::Acknowledged,
        Event::SyncEnds {
            file: file(),
            thread: 72,
        },
        Event::SyncBegins {
            file: file(),
            thread: 72,
        },
        Event::Truncate {
            file: file(),
            length: 0,
        },
    ];
    assert_eq!(read(log), expected);
}
