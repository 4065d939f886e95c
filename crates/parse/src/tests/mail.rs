//! Mails as they come: what a reader sees of them, and what else is known.

use crate::{LONGEST_HTML, Mail, parse_mail, unreadable_mail};

fn mailing(mail: &Mail) -> &news::Mailing {
    mail.mailing.as_ref().expect("it can be read")
}

fn mail(text: &str) -> Mail {
    parse_mail(text.replace('\n', "\r\n").as_bytes())
}

fn html(body: &str) -> Mail {
    mail(&format!(
        "From: The Harbour Post <post@harbour.example>\nSubject: Ferry runs again\nMessage-ID: <1@harbour.example>\n\
         Content-Type: text/html; charset=utf-8\n\n{body}"
    ))
}

fn plain(kind: &str, body: &str) -> String {
    let head = format!("From: a@b.example\nSubject: s\nContent-Type: text/plain; charset=utf-8{kind}\n\n");
    mail(&format!("{head}{body}")).published.content
}

#[test]
fn headers_say_who_what_and_when() {
    let mail = mail(
        "From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <JM@Harbour.example>\nReply-To: x@y.example\n\
         Subject: =?iso-8859-1?Q?F=E4hre?=\n =?iso-8859-1?Q?_f=E4hrt?=\nDate: Mon, 02 Jan 2023 10:00:00 +0100\n\
         Message-ID: <abc@harbour.example>\nList-Id: The Harbour Letter <letter.harbour.example>\n\
         List-Unsubscribe: <mailto:leave@harbour.example>,\n <https://harbour.example/leave?u=1>\n\n\
         The ferry runs.",
    );
    let it = &mail.published;
    assert_eq!(it.title, "Fähre fährt");
    assert_eq!(it.authors, ["Jürgen Müller"]);
    assert_eq!(it.guid, "<abc@harbour.example>");
    assert_eq!(it.at.map(|at| at.0), Some(1_672_650_000));
    assert_eq!(it.content, "<p>The ferry runs.</p>");
    assert_eq!(
        (mail.newsletter.as_str(), mail.title.as_str()),
        ("letter.harbour.example", "The Harbour Letter")
    );
    assert_eq!(mailing(&mail).sender, "jm@harbour.example");
    assert_eq!(mailing(&mail).unsubscribe.as_deref(), Some("https://harbour.example/leave?u=1"));
    assert_eq!(mailing(&mail).confirm, None);
}

#[test]
fn a_newsletter_without_a_list_is_known_by_its_sender() {
    let cases = [
        ("From: Post <Post@a.example>", "post@a.example", "Post"),
        ("From: post@a.example\nReply-To: The Post <x@a.example>", "post@a.example", "The Post"),
        ("From: post@a.example", "post@a.example", "a.example"),
        ("From: \"post@a.example\" <post@a.example>", "post@a.example", "a.example"),
        ("From: Post <p@a.example>\nList-Id: <news.a.example>", "news.a.example", "Post"),
        ("From: Post <p@a.example>\nList-Id: 8f3a2 <news.a.example>", "news.a.example", "Post"),
        ("Subject: x", "unsigned", "Mails without a sender"),
    ];
    for (head, newsletter, title) in cases {
        let mail = mail(&format!("{head}\n\nText"));
        assert_eq!((mail.newsletter.as_str(), mail.title.as_str()), (newsletter, title), "{head}");
    }
}

#[test]
fn the_same_mail_without_an_id_is_the_same_entry() {
    let once = |text: &str| {
        mail(&format!("From: a@b.example\nDate: Mon, 02 Jan 2023 10:00:00 GMT\n\n{text}")).published.guid
    };
    assert_eq!(once("one"), once("one"));
    assert_ne!(once("one"), once("two"));
    assert!(once("one").starts_with('#'));
}

#[test]
fn the_html_part_is_preferred_wherever_it_is_nested() {
    let nested = mail(
        "From: a@b.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n\
         --m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\n\n\
         --a\nContent-Type: text/plain\n\nplain words\n--a\nContent-Type: text/html; charset=iso-8859-2\n\
         Content-Transfer-Encoding: quoted-printable\n\n<p>Rich w=F3rds &#8211; and =\nmore</p>\n--a--\n\
         --r\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--r--\n\
         --m\nContent-Type: application/pdf; name=\"Report <1>.pdf\"\nContent-Disposition: attachment; filename=\"Report <1>.pdf\"\n\
         Content-Transfer-Encoding: base64\n\nJVBERi0=\n--m--\n",
    );
    assert_eq!(
        nested.published.content,
        "<p>Rich wórds – and more</p><p>Attached, and not kept: Report &lt;1&gt;.pdf</p>"
    );
}

#[test]
fn lines_that_were_broken_for_the_way_are_joined() {
    assert_eq!(
        plain("; format=flowed", "One line \nthat flows.\nAnother."),
        "<p>One line that flows.<br>Another.</p>"
    );
    assert_eq!(plain("; format=flowed; delsp=yes", "Don \nau"), "<p>Donau</p>");
    assert_eq!(
        plain("; format=flowed", " >not quoted\n> quoted \n> on"),
        "<p>&gt;not quoted</p><blockquote><p>quoted on</p></blockquote>"
    );
    let long = "This line is as long as programs make lines when they break,\nand so it goes on here.";
    assert_eq!(plain("", long), format!("<p>{}</p>", long.replace('\n', " ")));
    assert_eq!(
        plain("", "roses\nviolets\n\n-----\n\nsugar\n-- \nAnn, chief"),
        "<p>roses<br>violets</p><p>sugar</p>"
    );
    assert_eq!(
        plain("", "See https://a.example/x?a=1&b=2, or (http://b.example/y)."),
        "<p>See <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>, or \
         (<a href=\"http://b.example/y\">http://b.example/y</a>).</p>"
    );
}

#[test]
fn layout_is_taken_out_and_data_stays() {
    let mail = html(
        "<style>p{color:red}</style><table><tr><td><table role=presentation><tr><td><h1>Ferry</h1></td></tr>\
         <tr><td>It <b>runs</b> again.<br>At nine.</td></tr><tr><td><p>Every day.</p></td></tr></table></td></tr></table>\
         <table><tr><th>Day</th><th>Time</th></tr><tr><td>Monday</td><td>9</td></tr></table>",
    );
    assert_eq!(
        mail.published.content,
        "<h1>Ferry</h1><p>It <b>runs</b> again.<br>At nine.</p><p>Every day.</p>\
         <table><tr><th>Day</th><th>Time</th></tr><tr><td>Monday</td><td>9</td></tr></table>"
    );
}

#[test]
fn what_is_hidden_and_what_counts_readers_goes() {
    let mail = html(
        "<div style=\"display: none\">A teaser for lists</div><p>Seen</p><span style='mso-hide:all'>x</span>\
         <img src=https://t.example/o.gif width=1 height=1><img src=https://a.example/p.jpg alt=Quay width=600>",
    );
    assert_eq!(
        mail.published.content,
        "<p>Seen</p><img src=\"https://a.example/p.jpg\" alt=\"Quay\" width=\"600\">"
    );
}

#[test]
fn lines_about_the_mail_are_known_and_not_shown() {
    let text = "The ferry runs again, people at the quay say. ".repeat(12);
    let mail = html(&format!(
        "<p>Trouble reading? <a href='https://post.harbour.example/2023/ferry?utm_source=mail'>View it in your browser</a></p>\
         <p>{text}</p><p>Read <a href='https://harbour.example/why-people-unsubscribe'>why people leave lists</a>, at length, \
         {text}{text}</p>\
         <p>You get this because you asked. <a href='https://harbour.example/u/1'>Unsubscribe</a></p>\
         <p>Harbour Post, 1 Quay, all rights reserved</p>"
    ));
    let content = &mail.published.content;
    assert_eq!(mail.published.url.as_deref(), Some("https://post.harbour.example/2023/ferry"));
    assert_eq!(mailing(&mail).unsubscribe.as_deref(), Some("https://harbour.example/u/1"));
    assert!(content.starts_with("<p>The ferry") && content.ends_with("</p>"), "{content}");
    for gone in ["Trouble reading", "browser", "You get this", "Unsubscribe", "all rights"] {
        assert!(!content.contains(gone), "{gone}: {content}");
    }
    assert!(content.contains("why people leave lists</a>, at length"), "a long paragraph stays: {content}");
}

#[test]
fn the_address_on_the_web_is_nobodys_own() {
    let view = |href: &str| html(&format!("<a href='{href}'>View in browser</a><p>x</p>")).published.url;
    let cases = [
        ("https://mailchi.mp/harbour/ferry-runs", Some("https://mailchi.mp/harbour/ferry-runs")),
        (
            "https://us1.campaign-archive.com/?e=me&u=12&id=34",
            Some("https://us1.campaign-archive.com/?u=12&id=34"),
        ),
        (
            "https://open.substack.com/pub/harbour/p/ferry-runs?token=secret&r=1",
            Some("https://harbour.substack.com/p/ferry-runs"),
        ),
        ("https://harbour.us1.list-manage.com/track/click?u=1&id=2&e=3", None),
        ("https://u1.ct.sendgrid.net/ls/click?upn=abcdefgh", None),
        ("https://harbour.example/", None),
        ("mailto:a@b.example", None),
        // Under another outlet's address it would be taken for that outlet's article.
        ("https://elsewhere.example/its-own-story", None),
        (
            "https://click.mailer.example/1/2/aHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk",
            Some("https://harbour.example/ferry"),
        ),
    ];
    for (href, expected) in cases {
        assert_eq!(view(href).as_deref(), expected, "{href}");
    }
    let archived = mail("From: a@b.example\nArchived-At: <https://lists.b.example/m/1>\n\nText");
    assert_eq!(archived.published.url.as_deref(), Some("https://lists.b.example/m/1"));
}

#[test]
fn a_mail_that_asks_to_confirm_says_where() {
    let asks = |subject: &str, body: &str| {
        let head = format!("From: a@b.example\nSubject: {subject}\nContent-Type: text/html\n\n");
        mailing(&mail(&format!("{head}{body}"))).confirm.clone()
    };
    let button = "<p>Hello</p><a href='https://a.example/c?k=1'>Yes, subscribe me to this list.</a>\
                  <p>If it was not you, <a href='https://a.example/unsubscribe'>unsubscribe</a></p>";
    assert_eq!(asks("Harbour Post", button).as_deref(), Some("https://a.example/c?k=1"));
    let german = "<a href='https://a.example/x'>Anmeldung bestätigen</a>";
    assert_eq!(asks("Fast fertig", german).as_deref(), Some("https://a.example/x"));
    let bare = "<p>Click <a href='https://a.example/k/9'>here</a></p>";
    assert_eq!(asks("Please confirm your subscription", bare).as_deref(), Some("https://a.example/k/9"));
    let text = mail(
        "From: a@b.example\nSubject: One more step\n\nTo confirm, open\nhttps://a.example/optin/7\n\nBye",
    );
    assert_eq!(mailing(&text).confirm.as_deref(), Some("https://a.example/optin/7"));
    assert_eq!(asks("Ferry runs", "<a href='https://a.example/'>Read on</a>"), None);
    let long =
        format!("<p>{}</p><a href='https://a.example/c'>Officials confirm it</a>", "words ".repeat(800));
    assert_eq!(asks("Minister confirms ferry", &long), None);
    // The button is kept in the text, too.
    let content = html(button).published.content;
    assert!(content.contains("https://a.example/c?k=1") && !content.contains("/unsubscribe"), "{content}");
}

#[test]
fn nested_mails_do_not_bring_us_down() {
    for part in
        ["Content-Type: message/rfc822\r\n\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"]
    {
        let bomb = format!("From: a@b.example\r\nSubject: bomb\r\n{}", part.repeat(200_000));
        let mail = parse_mail(bomb.as_bytes());
        assert_eq!(mail.published.title, "bomb");
    }
    let deep = format!(
        "From: a@b.example\r\nContent-Type: text/html\r\n\r\n{}x",
        "<div><table><tr><td>".repeat(50_000)
    );
    assert_eq!(parse_mail(deep.as_bytes()).newsletter, "a@b.example");
}

#[test]
fn what_cannot_be_read_is_shown_as_it_came() {
    for nothing in ["", "\r\n\r\n", "\r\n\r\nno head <b>at all</b>\0\r\nand two lines"] {
        let mail = parse_mail(nothing.as_bytes());
        assert_eq!(mail.newsletter, "unreadable");
        assert_eq!(mail.published.title, "(a mail that could not be read)");
        assert!(!mail.published.guid.is_empty());
    }
    let content = parse_mail(b"\r\n\r\nno head <b>at \xffall</b>\0\nand two lines").published.content;
    assert!(content.contains("no head &lt;b&gt;at \u{fffd}all&lt;/b&gt; \nand two lines"), "{content}");
    assert!(unreadable_mail(&vec![b'<'; 20_000_000]).published.content.len() <= LONGEST_HTML);
}

/// Whatever bytes are turned, dropped, doubled or cut: an answer, and no panic.
#[test]
fn mutated_mails_are_read_or_shown_as_they_came() {
    let whole = "From: =?utf-8?q?J=C3=BC?= <a@b.example>\r\nSubject: =?utf-8?B?w6Q=?=\r\nDate: Mon, 02 Jan 2023 10:00:00 +0100\r\n\
        List-Id: L <l.b.example>\r\nList-Unsubscribe: <https://b.example/u>\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
        --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; format=flowed\r\n\r\nplain \r\nwords\r\n\
        --a\r\nContent-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        <table><tr><td><a href=3D\"https://c.example/?u=3Dx\">View in browser</a></td></tr></table>=\r\n\r\n--a--\r\n\
        --m\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYUBiDQoNCng=\r\n\
        --m\r\nContent-Disposition: attachment; filename*=utf-8''%E2%82%AC.pdf\r\n\r\n%PDF\r\n--m--\r\n"
        .as_bytes();
    let mut x: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut dice = move |sides: usize| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x % sides as u64) as usize
    };
    let mut read = 0;
    for _ in 0..20_000 {
        let mut bytes = whole.to_vec();
        for _ in 0..1 + dice(8) {
            let at = dice(bytes.len());
            match dice(6) {
                0 => bytes[at] ^= 1 << dice(8),
                1 => bytes[at] = dice(256) as u8,
                2 => drop(bytes.drain(at..(at + dice(40)).min(bytes.len()))),
                3 => {
                    let piece = bytes[at..(at + dice(60)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => bytes.truncate(at.max(1)),
                _ => drop(
                    bytes.splice(at..at, [b'\r', b'\n', b'=', b'?', b'-', b'\0'].into_iter().skip(dice(6))),
                ),
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        read += usize::from(parse_mail(&bytes).newsletter != "unreadable");
    }
    assert!(15_000 < read, "{read} of 20,000 were still mails");
}
