//! The words of SMTP (RFC 5321) on the wire. Lines end in CR LF and in nothing else, in commands and in mails: a mail
//! whose end two programs see in different places is how one mail is smuggled inside of another.

use std::{io, time::Duration};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

const LONGEST_LINE: usize = 2_000;
/// What is too large is read on for so many times its bound, to be refused in good manners.
const READ_ON: usize = 3;

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Helo,
    Ehlo,
    From { size: usize },
    To(String),
    Data,
    Reset,
    Nothing,
    Verify,
    Quit,
    Malformed,
    Unknown,
}

/// A mail as it came.
#[derive(Debug, PartialEq, Eq)]
pub enum Data {
    Whole(Vec<u8>),
    TooLarge,
    /// A CR or LF stood alone somewhere.
    BareLineEnd,
}

pub fn command(line: &[u8]) -> Command {
    let Ok(line) = std::str::from_utf8(line) else { return Command::Malformed };
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    match verb.to_ascii_uppercase().as_str() {
        "HELO" => Command::Helo,
        "EHLO" => Command::Ehlo,
        "MAIL" => path(rest, "FROM:").map_or(Command::Malformed, |(_, parameters)| {
            let size = parameters
                .split(' ')
                .filter_map(|it| it.split_once('='))
                .find(|(key, _)| key.eq_ignore_ascii_case("SIZE"));
            Command::From { size: size.map_or(0, |(_, size)| size.parse().unwrap_or(usize::MAX)) }
        }),
        "RCPT" => match path(rest, "TO:") {
            Some((address, _)) if address.contains('@') && !address.starts_with('@') => {
                Command::To(address.into())
            }
            _ => Command::Malformed,
        },
        "DATA" if rest.is_empty() => Command::Data,
        "RSET" => Command::Reset,
        "NOOP" | "HELP" => Command::Nothing,
        "VRFY" => Command::Verify,
        "QUIT" => Command::Quit,
        _ => Command::Unknown,
    }
}

/// `FROM:<address> parameters`
fn path<'a>(rest: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let rest = rest.trim_start();
    let (head, tail) = rest.split_at_checked(word.len())?;
    let tail = tail.trim_start().strip_prefix('<').filter(|_| head.eq_ignore_ascii_case(word))?;
    let (address, parameters) = tail.split_once('>')?;
    (address.len() <= 320 && !address.contains(['<', ' '])).then_some((address, parameters.trim()))
}

/// A stream in lines; what came too early (pipelining) waits.
pub struct Lines<S> {
    stream: S,
    waiting: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lines<S> {
    pub fn new(stream: S) -> Lines<S> {
        Lines { stream, waiting: Vec::new() }
    }

    pub async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    /// The next line without its end; `None` when the other side has gone.
    pub async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = self.waiting.iter().position(|&byte| byte == b'\n') {
                let mut line: Vec<u8> = self.waiting.drain(..=end).collect();
                line.pop();
                return match line.pop() {
                    Some(b'\r') if line.len() <= LONGEST_LINE && !line.contains(&b'\r') => Ok(Some(line)),
                    _ => Err(io::ErrorKind::InvalidData.into()),
                };
            }
            if LONGEST_LINE < self.waiting.len() {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if self.read_more().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// A mail up to the line that is a lone dot; doubled dots are undone (4.5.2).
    pub async fn data(&mut self, largest: usize, patience: Duration) -> io::Result<Data> {
        let mut mail = Unstuffed::new(largest);
        loop {
            let used = mail.take(&self.waiting);
            self.waiting.drain(..used);
            if mail.ended {
                return Ok(mail.data());
            }
            if READ_ON * largest < mail.seen {
                return Err(io::Error::other("a mail without an end"));
            }
            match tokio::time::timeout(patience, self.read_more()).await {
                Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => read.map(drop)?,
                Err(_) => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
    }

    async fn read_more(&mut self) -> io::Result<usize> {
        let mut piece = [0; 16 * 1024];
        let read = self.stream.read(&mut piece).await?;
        self.waiting.extend_from_slice(&piece[..read]);
        Ok(read)
    }
}

/// Where in a line the last byte was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    /// After a dot at the start.
    Dot,
    /// After a dot at the start and a CR.
    DotCr,
    Inside,
    Cr,
}

struct Unstuffed {
    bytes: Vec<u8>,
    largest: usize,
    seen: usize,
    at: At,
    bare: bool,
    ended: bool,
}

impl Unstuffed {
    fn new(largest: usize) -> Unstuffed {
        Unstuffed { bytes: Vec::new(), largest, seen: 0, at: At::Start, bare: false, ended: false }
    }

    /// Answers how many of the bytes belong to the mail.
    fn take(&mut self, piece: &[u8]) -> usize {
        for (n, &byte) in piece.iter().enumerate() {
            self.seen += 1;
            self.at = match (self.at, byte) {
                (At::DotCr, b'\n') => {
                    self.ended = true;
                    return n + 1;
                }
                (At::Start, b'.') => At::Dot,
                (At::Dot, b'\r') => At::DotCr,
                (At::DotCr, _) => {
                    // A dot, a CR, and no LF.
                    self.bare = true;
                    self.push(byte);
                    At::Inside
                }
                (At::Cr, b'\n') => {
                    self.push_line_end();
                    At::Start
                }
                (At::Cr, _) | (_, b'\n') => {
                    self.bare = true;
                    At::Inside
                }
                (_, b'\r') => At::Cr,
                // The first of two dots, or a dot before other things, is the wire's and not the mail's.
                (_, byte) => {
                    self.push(byte);
                    At::Inside
                }
            };
        }
        piece.len()
    }

    fn push(&mut self, byte: u8) {
        if self.bytes.len() <= self.largest {
            self.bytes.push(byte);
        }
    }

    fn push_line_end(&mut self) {
        self.push(b'\r');
        self.push(b'\n');
    }

    fn data(self) -> Data {
        match () {
            () if self.bare => Data::BareLineEnd,
            () if self.largest < self.bytes.len() => Data::TooLarge,
            () => Data::Whole(self.bytes),
        }
    }
}
