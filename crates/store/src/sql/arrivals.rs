//! What was sent to us: pushed documents and mails, kept until they are read; and how far mailboxes were read.

use news::{
    Arrival, ArrivalKind, Mailbox, ReaderId, Source, SourceId, Stance, Target, Timestamp, Trouble, Weight,
};

use super::{readers, sources, tasks};
use crate::conn::{Conn, Row, vals};
use crate::pack::{squeeze, unsqueeze};
use crate::{Letter, NewFollow, Result, Stage, Task};

pub(crate) fn keep(conn: &mut dyn Conn, arrivals: &[Arrival]) -> Result<()> {
    arrivals.iter().try_for_each(|it| keep_one(conn, it))
}

fn keep_one(conn: &mut dyn Conn, arrival: &Arrival) -> Result<()> {
    let (kind, content_type) = match &arrival.kind {
        ArrivalKind::Document { content_type } => ("document", content_type.as_deref()),
        ArrivalKind::Mail => ("mail", None),
    };
    let id = conn.number(
        "INSERT INTO arrival (source, kind, content_type, at, body) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        vals![arrival.source, kind, content_type, arrival.at, &squeeze(&arrival.bytes)],
    )?;
    // One source's arrivals are read one after the other, in their order.
    tasks::add(conn, Stage::Receive, id, &format!("source {}", arrival.source), arrival.at)
}

pub(crate) fn to_be_read(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<(Source, Arrival)>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    for task in tasks {
        let arrival = conn.one(
            "SELECT source, kind, content_type, at, body FROM arrival WHERE id = $1",
            vals![task.about],
            arrival,
        )?;
        let source = match &arrival {
            Some(arrival) => sources::get(conn, arrival.source)?,
            None => None,
        };
        match source.zip(arrival) {
            Some(it) => found.push((task.clone(), it)),
            None => gone.push(task.clone()),
        }
    }
    Ok((found, gone))
}

fn arrival(row: &dyn Row) -> Arrival {
    Arrival {
        source: SourceId(row.int(0)),
        kind: match row.maybe_str(1) {
            Some("mail") => ArrivalKind::Mail,
            _ => ArrivalKind::Document { content_type: row.maybe_text(2) },
        },
        at: row.time(3),
        bytes: unsqueeze(row.blob(4)),
    }
}

pub(crate) fn drop_one(conn: &mut dyn Conn, arrival: i64) -> Result<()> {
    conn.execute("DELETE FROM arrival WHERE id = $1", vals![arrival]).map(drop)
}

/// The newsletter of that receiving address, as long as somebody follows it.
pub(crate) fn letterbox(conn: &mut dyn Conn, address: &str) -> Result<Option<SourceId>> {
    conn.one(
        "SELECT s.id FROM source s WHERE s.address = $1 AND s.kind = 'mail'
           AND EXISTS (SELECT 1 FROM follow f WHERE f.source = s.id AND f.stance NOT LIKE 'mute%')",
        vals![address],
        |row| SourceId(row.int(0)),
    )
}

const MAILBOX: &str = "SELECT name, validity, last, asked, trouble_word, trouble_says FROM mailbox";

fn mailbox(row: &dyn Row) -> Mailbox {
    Mailbox {
        name: row.text(0),
        validity: row.count(1),
        last: row.count(2),
        asked: row.maybe_time(3),
        trouble: row.maybe_text(4).map(|word| Trouble { word, says: row.text(5) }),
    }
}

pub(crate) fn mailboxes(conn: &mut dyn Conn) -> Result<Vec<Mailbox>> {
    conn.all(&format!("{MAILBOX} ORDER BY name"), &[], mailbox)
}

/// The letters and how far the box was read, together or not at all: nothing is lost, and nothing read twice.
pub(crate) fn keep_letters(
    conn: &mut dyn Conn,
    letters: &[Letter],
    reader: ReaderId,
    read: &Mailbox,
    now: Timestamp,
) -> Result<()> {
    for letter in letters {
        let is_new = conn
            .one("SELECT id FROM source WHERE address = $1", vals![&letter.newsletter.address], |_| ())?
            .is_none();
        let source = sources::add(conn, &letter.newsletter, now)?;
        if is_new {
            let asked = NewFollow::new(Target::Source(source), Stance::Follow(Weight::More));
            let follow = NewFollow { folder: Some("Newsletters".into()), ..asked };
            readers::add_follow(conn, reader, &follow, now)?;
        }
        let bytes = letter.bytes.clone();
        keep_one(conn, &Arrival { source, kind: ArrivalKind::Mail, at: now, bytes })?;
    }
    conn.execute(
        "INSERT INTO mailbox (name, validity, last, asked, trouble_word, trouble_says)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (name) DO UPDATE SET validity = excluded.validity, last = excluded.last, asked = excluded.asked,
           trouble_word = excluded.trouble_word, trouble_says = excluded.trouble_says",
        vals![
            &read.name,
            read.validity,
            read.last,
            now,
            read.trouble.as_ref().map(|it| it.word.as_str()),
            read.trouble.as_ref().map(|it| it.says.as_str()),
        ],
    )?;
    Ok(())
}
