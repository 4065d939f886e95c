//! A small mail server on loopback that does what it is told, and the real door against it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{Cover, Folder, Mail, Opened, open, utf7};
use crate::{Network, Web, WebPolicy};

/// Number and text of a mail.
type Mails = Vec<(u32, String)>;

/// What the server does besides serving mails.
#[derive(Clone, Default)]
struct Server {
    mails: Mails,
    validity: u32,
    greeting: &'static str,
    /// Said before every answer.
    chatter: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(validity: u32, mails: &[(u32, &str)]) -> Server {
        let mails = mails.iter().map(|(number, text)| (*number, (*text).to_owned())).collect();
        Server { mails, validity, greeting: "* OK ready", ..Server::default() }
    }

    /// Serves one client after the other; answers the port.
    async fn serve(self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = self.clone();
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let _ = stream.write_all(format!("{}\r\n", server.greeting).as_bytes()).await;
                    while let Some(line) = line_of(&mut stream).await {
                        server.heard.lock().unwrap().push(line.clone());
                        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
                        let answer = format!("{}{}", server.chatter, server.answer(tag, command));
                        if stream.write_all(answer.as_bytes()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        port
    }

    fn answer(&self, tag: &str, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["LOGIN", "ann", "s3cret"] => format!("{tag} OK in\r\n"),
            ["LOGIN", ..] => format!("{tag} NO wrong\r\n"),
            ["EXAMINE" | "SELECT", "News"] => format!(
                "* {} EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n{tag} OK [READ-ONLY] done\r\n",
                self.mails.len(),
                self.validity
            ),
            ["EXAMINE" | "SELECT", ..] => format!("{tag} NO no such mailbox\r\n"),
            ["UID", "FETCH", set, items] if items.contains("BODY") => self.whole(tag, set),
            ["UID", "FETCH", set, rest @ ..] if rest.join(" ").contains("BODY") => self.whole(tag, set),
            ["UID", "FETCH", set, ..] => {
                let first: u32 = set.split(':').next().unwrap().parse().unwrap();
                let last = self.mails.last().map_or(0, |(number, _)| *number);
                let of = self.mails.iter().filter(|(number, _)| first <= *number || *number == last);
                let lines = of.map(|(number, text)| {
                    let size = if text == "huge" { 50_000_000 } else { text.len() };
                    format!("* 1 FETCH (UID {number} RFC822.SIZE {size})\r\n")
                });
                lines.collect::<String>() + &format!("{tag} OK done\r\n")
            }
            ["UID", "STORE", ..] => format!("{tag} OK done\r\n"),
            ["LOGOUT"] => format!("* BYE\r\n{tag} OK bye\r\n"),
            _ => format!("{tag} BAD what\r\n"),
        }
    }

    fn whole(&self, tag: &str, set: &str) -> String {
        let found = self.mails.iter().find(|(number, _)| number.to_string() == set);
        let mail = found.map(|(number, text)| {
            format!("* 1 FETCH (UID {number} BODY[] {{{}}}\r\n{text})\r\n", text.len())
        });
        mail.unwrap_or_default() + &format!("{tag} OK done\r\n")
    }
}

async fn line_of(stream: &mut BufReader<tokio::net::TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(read) if 0 < read => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

fn web() -> Arc<Web> {
    Arc::new(Web::new(WebPolicy { allow_networks: Network::loopback(), ..WebPolicy::default() }).unwrap())
}

fn folder(port: u16) -> Folder {
    Folder {
        host: "127.0.0.1".into(),
        port,
        cover: Cover::Plain,
        user: "ann".into(),
        password: "s3cret".into(),
        folder: "News".into(),
    }
}

async fn word(folder: &Folder) -> String {
    open(&web(), folder, 0, 0, false).await.map_or_else(|it| it.word, |_| "fine".into())
}

async fn all(mut opened: Opened) -> Vec<(u32, Option<String>)> {
    let mut all = Vec::new();
    while !opened.is_done() {
        let mails = opened.next().await.unwrap();
        all.extend(
            mails
                .into_iter()
                .map(|Mail { number, bytes }| (number, bytes.map(|bytes| String::from_utf8(bytes).unwrap()))),
        );
    }
    opened.close().await;
    all
}

#[tokio::test]
async fn what_is_new_is_read_word_for_word_and_nothing_changed() {
    let mails = [(3, "Subject: a\r\n\r\n* 1 FETCH (UID 9)\r\n"), (5, "{7}\r\nx"), (9, "")];
    let server = Server::new(7, &mails);
    let heard = server.heard.clone();
    let folder = folder(server.serve().await);
    let opened = open(&web(), &folder, 7, 3, false).await.unwrap();
    assert_eq!(opened.validity, 7);
    assert_eq!(all(opened).await, [(5, Some("{7}\r\nx".into())), (9, Some(String::new()))]);
    let heard = heard.lock().unwrap().join("\n");
    assert!(heard.contains("EXAMINE News") && heard.contains("BODY.PEEK[]"), "{heard}");
    assert!(!heard.contains("STORE") && !heard.contains("EXPUNGE"), "{heard}");
}

#[tokio::test]
async fn nothing_is_read_twice_and_all_anew_when_numbers_no_longer_hold() {
    let mails = [(3, "a"), (5, "b")];
    let folder = folder(Server::new(7, &mails).serve().await);
    let read =
        async |validity, last| all(open(&web(), &folder, validity, last, false).await.unwrap()).await.len();
    assert_eq!(read(7, 5).await, 0, "`6:*` names the last one, which we have");
    assert_eq!(read(7, 3).await, 1);
    assert_eq!(read(6, 5).await, 2, "another validity");
    assert_eq!(read(7, u32::MAX).await, 0);
}

#[tokio::test]
async fn what_was_read_is_marked_only_when_asked_for() {
    let server = Server::new(7, &[(3, "a")]);
    let heard = server.heard.clone();
    let mut opened = open(&web(), &folder(server.serve().await), 7, 0, true).await.unwrap();
    opened.next().await.unwrap();
    opened.mark_seen(&[3]).await.unwrap();
    let heard = heard.lock().unwrap().join("\n");
    assert!(heard.contains("SELECT News") && heard.contains("UID STORE 3 +FLAGS.SILENT (\\Seen)"), "{heard}");
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_passed_over() {
    let folder = folder(Server::new(7, &[(1, "huge"), (2, "b")]).serve().await);
    assert_eq!(
        all(open(&web(), &folder, 7, 0, false).await.unwrap()).await,
        [(1, None), (2, Some("b".into()))]
    );
}

#[tokio::test]
async fn each_refusal_has_a_word() {
    let port = Server::new(7, &[]).serve().await;
    let cases = [
        (Folder { password: "wrong".into(), ..folder(port) }, "mail_login"),
        (Folder { folder: "Elsewhere".into(), ..folder(port) }, "mail_folder"),
        (Folder { port: 1, ..folder(port) }, "connect"),
        (folder(port), "fine"),
    ];
    for (folder, expected) in cases {
        assert_eq!(word(&folder).await, expected, "{folder:?}");
    }
    for (greeting, expected) in
        [("* BYE full", "mail_refused"), ("HTTP/1.1 400 Bad", "bad_answer"), ("", "bad_answer")]
    {
        let port = Server { greeting, ..Server::new(7, &[]) }.serve().await;
        assert_eq!(word(&folder(port)).await, expected, "{greeting}");
    }
}

#[tokio::test]
async fn a_server_that_says_too_much_is_left() {
    let nested = format!("* 1 FETCH (BODYSTRUCTURE {})\r\n", "(".repeat(200_000));
    let port = Server { chatter: nested, ..Server::new(7, &[(1, "a")]) }.serve().await;
    let word_of = async |port| word(&folder(port)).await;
    assert_eq!(word_of(port).await, "bad_answer", "more than a login's answer can be");
    let port = Server { chatter: "* OK noise\r\n".repeat(20), ..Server::new(7, &[(1, "a")]) }.serve().await;
    assert_eq!(word_of(port).await, "fine", "what need not be understood is passed over");
    let port =
        Server { chatter: format!("* {}\r\n", "(".repeat(50_000)), ..Server::new(7, &[]) }.serve().await;
    assert_eq!(word_of(port).await, "fine", "depth does no harm");
    let port = Server { chatter: "x".repeat(3_000_000), ..Server::new(7, &[]) }.serve().await;
    assert_eq!(word_of(port).await, "bad_answer", "a line without an end");
    let literal = format!("* 1 FETCH (BODY[] {{4000000000}}\r\n{}", "x".repeat(3_000_000));
    let port = Server { chatter: literal, ..Server::new(7, &[]) }.serve().await;
    assert_eq!(word_of(port).await, "bad_answer", "a literal without an end");
}

/// Speaks in the clear, then says what it is told in one piece, and waits.
async fn says_before_tls(greeting: &'static str, answer: &'static str) -> (u16, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::<Mutex<Vec<u8>>>::default();
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(greeting.as_bytes()).await;
            let mut piece = [0; 1024];
            while let Ok(read) = stream.read(&mut piece).await
                && 0 < read
            {
                ears.lock().unwrap().extend_from_slice(&piece[..read]);
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    });
    (port, heard)
}

#[tokio::test]
async fn nothing_is_told_or_believed_before_tls_stands() {
    let cases = [
        // Signed in already, before any cover: somebody in between would like us to go on without it.
        ("* PREAUTH welcome\r\n", "t1 OK go on\r\n", "mail_refused"),
        ("* OK ready\r\n", "t1 NO not here\r\n", "mail_refused"),
        // Words that are slipped in behind the consent are no TLS.
        ("* OK ready\r\n", "t1 OK go on\r\nt2 OK in\r\nt3 OK in\r\n", "tls"),
    ];
    for (greeting, answer, expected) in cases {
        let (port, heard) = says_before_tls(greeting, answer).await;
        let folder = Folder { cover: Cover::StartTls, host: "localhost".into(), ..folder(port) };
        assert_eq!(word(&folder).await, expected, "{answer}");
        let heard = String::from_utf8_lossy(&heard.lock().unwrap()).into_owned();
        assert!(!heard.contains("s3cret"), "{heard}");
    }
}

#[tokio::test]
async fn a_password_goes_in_the_clear_only_to_networks_that_are_allowed() {
    let port = Server::new(7, &[]).serve().await;
    let closed = Arc::new(Web::new(WebPolicy::default()).unwrap());
    for cover in [Cover::Plain, Cover::StartTls, Cover::Tls] {
        let tried = open(&closed, &Folder { cover, ..folder(port) }, 0, 0, false).await;
        assert_eq!(tried.map_or_else(|it| it.word, |_| "fine".into()), "refused_address");
    }
}

#[test]
fn a_password_does_not_show() {
    assert!(!format!("{:?}", folder(1)).contains("s3cret"));
}

#[test]
fn names_of_folders_travel_in_seven_bits() {
    // The last two are the standard's own (RFC 3501, 5.1.3).
    let cases = [
        ("INBOX", "INBOX"),
        ("A & B", "A &- B"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ];
    for (name, expected) in cases {
        assert_eq!(utf7(name), expected);
    }
}
