//! Whole conversations, word for word; the store behind them is a real one, in memory.

use std::sync::Arc;

use app::{App, WaysIn};
use news::{FixedClock, ReaderId, Timestamp};
use store::{Stage, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    Visit,
    lines::{Command, Data, Lines, command},
};

struct House {
    store: Arc<dyn Store>,
    app: App,
    reader: ReaderId,
    address: String,
}

async fn house() -> House {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    let app = App {
        store: store.clone(),
        keeping: store.clone(),
        queue: store.clone(),
        receiving: store.clone(),
        ways_in: WaysIn { mail_domain: Some("news.example".into()), ..WaysIn::default() },
        fetcher: Arc::new(fetch::Web::new(fetch::WebPolicy::default()).expect("a policy")),
        clock: Arc::new(FixedClock(Timestamp(1_700_000_000))),
        rank: rank::Policy::default(),
        learn: learn::Policy::default(),
    };
    let reader = store.add_reader("me", Timestamp(0)).await.expect("a reader").id;
    let (_, address) = app.add_letterbox(reader, "The Härbour Post!", None).await.expect("an address");
    House { store, app, reader, address }
}

impl House {
    /// Everything is said at once (as pipelining may), then the other side goes. Answers the first digits of each answer.
    async fn talk(&self, says: &str) -> String {
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024 * 1024);
        theirs.write_all(says.as_bytes()).await.expect("said");
        theirs.shutdown().await.expect("gone");
        let _ = Visit::new(ours, &self.app).serve().await;
        let mut answers = String::new();
        theirs.read_to_string(&mut answers).await.expect("text");
        assert!(answers.lines().all(|it| it.len() < 100) && answers.ends_with("\r\n"), "{answers}");
        let last = answers.split("\r\n").filter(|it| it.get(3..4) == Some(" "));
        last.map(|it| &it[..3]).collect::<Vec<_>>().join(" ")
    }

    /// What is in the store and waits to be read.
    async fn kept(&self) -> Vec<String> {
        let tasks = self.store.claim(Stage::Receive, 9, 9, Timestamp(1_700_000_001)).await.expect("tasks");
        let found = self.store.arrivals_to_read(&tasks).await.expect("arrivals");
        found.into_iter().map(|(_, (_, it))| String::from_utf8_lossy(&it.bytes).into_owned()).collect()
    }

    fn to(&self, mail: &str) -> String {
        format!(
            "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<{}>\r\nDATA\r\n{mail}\r\n.\r\nQUIT\r\n",
            self.address
        )
    }
}

#[tokio::test]
async fn a_mail_to_a_letterbox_is_kept_word_for_word() {
    let house = house().await;
    assert!(house.address.starts_with("the-h-rbour-post-") && house.address.ends_with("@news.example"));
    let says = house.to("Subject: a\r\n\r\n..dots\r\n...\r\nend");
    assert_eq!(house.talk(&says).await, "220 250 250 250 354 250 221");
    assert_eq!(house.kept().await, ["Subject: a\r\n\r\n.dots\r\n..\r\nend\r\n"]);
}

#[tokio::test]
async fn nobody_else_gets_mail_here_and_none_is_passed_on() {
    let house = house().await;
    let own = house.address.clone();
    let wrong = own.replace('@', "x@");
    let rcpt = |to: &str| format!("HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<{to}>\r\nDATA\r\n");
    for to in [
        wrong.as_str(),
        "me@news.example",
        "postmaster@news.example",
        "a@elsewhere.example",
        &format!("{own}@elsewhere.example"),
        &own.replace("news.example", "elsewhere.example"),
    ] {
        assert_eq!(house.talk(&rcpt(to)).await, "220 250 250 550 503", "{to}");
    }
    for to in [format!("@relay.example:{own}"), "nobody".into()] {
        assert_eq!(house.talk(&rcpt(&to)).await, "220 250 250 501 503", "{to}");
    }
    // Upper case is the same; several addresses of one newsletter are one.
    let both = format!(
        "HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<{}>\r\nRCPT TO:<{own}>\r\nDATA\r\nx\r\n.\r\n",
        own.to_uppercase()
    );
    assert_eq!(house.talk(&both).await, "220 250 250 250 250 354 250");
    assert_eq!(house.kept().await.len(), 1);
}

#[tokio::test]
async fn a_letterbox_that_nobody_follows_is_closed() {
    let house = house().await;
    let mine = house.app.sources(house.reader).await.expect("sources");
    house.app.unsubscribe(house.reader, mine[0].source.id).await.expect("left");
    assert_eq!(house.talk(&house.to("x")).await, "220 250 250 550 503 502 502 221");
}

/// "SMTP smuggling": what one program takes for the end of a mail, and the next one does not.
#[tokio::test]
async fn a_mail_with_other_line_ends_is_refused_whole() {
    let house = house().await;
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r.\r",
        "\r\n.\r",
        "\r\n.\n",
        "\r\n.\r\r\n",
        "\r.\n",
        "a\nb",
        "a\rb",
        "\r\n\n.\r\n",
    ] {
        let inner = "MAIL FROM:<x@y.example>\r\nRCPT TO:<victim@z.example>\r\nDATA\r\nsmuggled";
        let says = house.to(&format!("Subject: a\r\n\r\nbody{end}{inner}"));
        assert_eq!(house.talk(&says).await, "220 250 250 250 354 550 221", "{end:?}");
    }
    assert_eq!(house.kept().await, Vec::<String>::new());
    // In commands as well: then there is nothing more to say to each other.
    for says in ["EHLO x\nQUIT\r\n", "EHLO x\rNOOP\r\nQUIT\r\n", "NOOP\r\n\nQUIT\r\n"] {
        let answers = house.talk(says).await;
        assert!(answers.ends_with("500"), "{says:?}: {answers}");
    }
}

#[tokio::test]
async fn what_is_too_large_too_long_or_too_wrong_is_refused() {
    let house = house().await;
    assert_eq!(house.talk("EHLO x\r\nMAIL FROM:<a@b.example> SIZE=99999999\r\n").await, "220 250 552");
    let large = house.to(&"0123456789\r\n".repeat(900_000));
    assert_eq!(house.talk(&large).await, "220 250 250 250 354 552 221");
    assert_eq!(house.talk(&"x".repeat(5_000)).await, "220 500");
    assert_eq!(
        house.talk("AUTH PLAIN AGEAYg==\r\nSTARTTLS\r\nRCPT TO:<a@b.c>\r\nDATA\r\n").await,
        "220 502 502 503 503"
    );
    assert_eq!(house.talk("MAIL FROM:a@b\r\nMAIL FROM <a@b>\r\nRCPT\r\n\r\n").await, "220 501 501 501 502");
    let guessing = "RCPT TO:<a@news.example>\r\n".repeat(50);
    let answers = house.talk(&format!("MAIL FROM:<>\r\n{guessing}")).await;
    assert_eq!(answers.matches("550").count(), 10);
    assert!(answers.ends_with("421"), "{answers}");
    assert_eq!(house.talk(&"NOOP\r\n".repeat(600)).await.matches("250").count(), 500);
    assert_eq!(house.kept().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_mail_that_breaks_off_was_never_there() {
    let house = house().await;
    let whole = house.to("Subject: a\r\n\r\nbody");
    let cut = whole.find("\r\n.\r\n").expect("an end");
    for end in [cut, cut + 2, cut + 3, cut + 4] {
        let answers = house.talk(&whole[..end]).await;
        assert!(answers.ends_with("354"), "{answers}");
    }
    assert_eq!(house.kept().await, Vec::<String>::new());
}

#[tokio::test]
async fn several_mails_come_over_one_connection() {
    let house = house().await;
    let one = house.to("one").replace("QUIT\r\n", "");
    let says = format!("{one}RSET\r\n{}", house.to("two"));
    assert_eq!(house.talk(&says).await, "220 250 250 250 354 250 250 250 250 250 354 250 221");
    assert_eq!(house.kept().await, ["one\r\n", "two\r\n"]);
}

#[tokio::test]
async fn whoever_sends_too_much_to_one_letterbox_is_asked_to_wait() {
    let house = house().await;
    let says = format!("MAIL FROM:<>\r\n{}", format!("RCPT TO:<{}>\r\n", house.address).repeat(101));
    let answers = house.talk(&says).await;
    assert!(answers.ends_with("250 450"), "{answers}");
}

#[tokio::test]
async fn a_mail_in_pieces_of_any_size_is_the_same_mail() {
    let mail = b"a\r\n..b\r\n.c\r\n\r\n.\r\nQUIT\r\n";
    for size in 1..mail.len() {
        let (ours, mut theirs) = tokio::io::duplex(size);
        let pieces = mail.to_vec();
        tokio::spawn(async move {
            for piece in pieces.chunks(size) {
                let _ = theirs.write_all(piece).await;
            }
        });
        let mut lines = Lines::new(ours);
        let patience = std::time::Duration::from_secs(9);
        let data = lines.data(1000, patience).await.expect("a mail");
        assert_eq!(data, Data::Whole(b"a\r\n.b\r\nc\r\n\r\n".to_vec()));
        assert_eq!(lines.line().await.expect("a line"), Some(b"QUIT".to_vec()), "what comes behind is kept");
    }
}

#[test]
fn commands_are_read_as_they_are_written() {
    let cases = [
        ("mail from:<a@b.example> size=10 body=8bitmime", Command::From { size: 10 }),
        ("MAIL FROM: <>", Command::From { size: 0 }),
        ("MAIL FROM:<a@b> SIZE=lots", Command::From { size: usize::MAX }),
        ("RCPT TO:<A@b.example> NOTIFY=NEVER", Command::To("A@b.example".into())),
        ("RCPT TO:<a b@c>", Command::Malformed),
        ("DATA now", Command::Unknown),
        ("data", Command::Data),
        ("", Command::Unknown),
        ("VRFY me", Command::Verify),
    ];
    for (line, expected) in cases {
        assert_eq!(command(line.as_bytes()), expected, "{line}");
    }
    assert_eq!(command(b"EHLO \xff"), Command::Malformed);
}
