//! One connection that is kept, and on which a failure is a value: servers are killed here while they answer.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};

use klankbord_tests::PATIENCE;
use serde_json::Value;

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The code of a problem document; empty where there is none.
    pub(crate) fn code(&self) -> String {
        let document: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        document["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of a header, in lower case; its name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// A connection to a server.
pub(crate) struct Wire {
    stream: BufReader<TcpStream>,
}

impl Wire {
    /// Connects to `http://host:port`.
    pub(crate) fn open(base_url: &str) -> Result<Self> {
        let stream = TcpStream::connect(base_url.trim_start_matches("http://"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Sends bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Sends a request and waits for its answer; `headers` are whole lines.
    pub(crate) fn ask(&mut self, line: &str, headers: &[String], body: &[u8]) -> Result<Answer> {
        self.send(line, headers, body)?;
        self.answer()
    }

    /// Sends a request, whose answer is to be asked for afterwards.
    pub(crate) fn send(&mut self, line: &str, headers: &[String], body: &[u8]) -> Result<()> {
        let mut request = format!(
            "{line} HTTP/1.1\r\nhost: klankbord\r\ncontent-length: {}\r\n",
            body.len()
        );
        for header in headers {
            request += header;
            request += "\r\n";
        }
        request += "\r\n";
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        self.write(&bytes)
    }

    /// Waits for the next answer.
    pub(crate) fn answer(&mut self) -> Result<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err(Error::new(ErrorKind::UnexpectedEof, "the connection ended"));
            }
        }
        let head = head.to_lowercase();
        let status = head.get(9..12).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| Error::new(ErrorKind::InvalidData, head.clone()))?;
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .and_then(|length| length.parse().ok());
        answer.body = vec![0; length.unwrap_or_default()];
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}

impl AsFd for Wire {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.get_ref().as_fd()
    }
}
