//! Looks into a folder of mail now and then, and keeps what is new in it.

use std::{sync::Arc, time::Duration};

use fetch::{Web, imap};
use news::{Mailbox, ReaderId, SourceKind, Timestamp, Trouble};
use store::{Letter, NewSource, Receiving};

use crate::{Clocks, Stop};

/// A folder that is looked into, and for whom.
pub struct Watched {
    pub store: Arc<dyn Receiving>,
    pub web: Arc<Web>,
    pub folder: imap::Folder,
    /// What was read is marked as seen on the server.
    pub mark_seen: bool,
    /// Follows newsletters that are new.
    pub reader: ReaderId,
}

/// Looks until it is told to stop. `every`: how long it looks away.
pub async fn mailbox(it: Arc<Watched>, clocks: Clocks, every: Duration, mut stop: Stop) {
    while !stop.is_told() {
        let look = async {
            match it.look(clocks.news.now()).await {
                Ok(0) => (),
                Ok(mails) => tracing::info!(mails, "mails were kept"),
                Err(error) => tracing::warn!(%error, "cannot keep mails"),
            }
            tokio::time::sleep(every).await;
        };
        tokio::select! {
            () = stop.wait() => return,
            () = look => (),
        }
    }
}

impl Watched {
    /// Reads what is new. Answers how many mails were kept; trouble with the server is written down, not answered.
    pub async fn look(&self, now: Timestamp) -> store::Result<usize> {
        let name = self.folder.name();
        let known = self.store.mailboxes().await?.into_iter().find(|it| it.name == name);
        let mut read = Mailbox { trouble: None, ..known.unwrap_or(Mailbox { name, ..Mailbox::default() }) };
        let mut kept = 0;
        if let Err(trouble) = self.read_on(&mut read, &mut kept, now).await? {
            read.trouble = Some(trouble);
        }
        self.store.keep_letters(Vec::new(), self.reader, &read, now).await?;
        Ok(kept)
    }

    async fn read_on(
        &self,
        read: &mut Mailbox,
        kept: &mut usize,
        now: Timestamp,
    ) -> store::Result<Result<(), Trouble>> {
        let opened = imap::open(&self.web, &self.folder, read.validity, read.last, self.mark_seen).await;
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(trouble) => return Ok(Err(trouble)),
        };
        if read.validity != opened.validity {
            (read.validity, read.last) = (opened.validity, 0);
        }
        while !opened.is_done() {
            let mails = match opened.next().await {
                Ok(mails) => mails,
                Err(trouble) => return Ok(Err(trouble)),
            };
            let numbers: Vec<u32> = mails.iter().map(|it| it.number).collect();
            let Some(&last) = numbers.last() else { continue };
            let letters = tokio::task::spawn_blocking(move || mails.into_iter().map(letter).collect());
            // Not read means not kept: the next look begins with the same ones.
            let letters: Vec<Letter> =
                letters.await.map_err(|error| store::StoreError::Broken(Box::new(error)))?;
            read.last = last;
            *kept += letters.len();
            // With the number of the last one, in one transaction: then nothing is read twice, and nothing lost.
            self.store.keep_letters(letters, self.reader, read, now).await?;
            if self.mark_seen
                && let Err(trouble) = opened.mark_seen(&numbers).await
            {
                return Ok(Err(trouble));
            }
        }
        opened.close().await;
        Ok(Ok(()))
    }
}

/// The mail, and the newsletter that it is of.
fn letter(mail: imap::Mail) -> Letter {
    let bytes = mail.bytes.unwrap_or_else(|| passed_over(mail.number));
    // A parser that panics must not keep those that come behind.
    let parsed = std::panic::catch_unwind(|| parse::parse_mail(&bytes))
        .unwrap_or_else(|_| parse::unreadable_mail(&bytes));
    let newsletter = NewSource {
        address: format!("mail:{}", parsed.newsletter),
        kind: SourceKind::Mail,
        title: Some(parsed.title),
        site: None,
        language: None,
    };
    Letter { newsletter, bytes }
}

/// In place of a mail that is too large to be fetched: word of it.
fn passed_over(number: u32) -> Vec<u8> {
    format!(
        "From: Mails that could not be read <unreadable>\r\nSubject: A mail was too large and was passed over\r\n\r\n\
         It has more than {} MB. It still lies on the server, as the mail with the number (UID) {number} of its folder.",
        imap::LARGEST_MAIL / 1_000_000
    )
    .into_bytes()
}
