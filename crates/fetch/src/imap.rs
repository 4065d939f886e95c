//! Reads a folder of mail (IMAP4rev1, RFC 3501) over a connection that the guard has judged. Nothing is deleted, and
//! nothing changed but, when the owner asks for it, the mark of having been seen.

mod talk;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::fetch::{MessageDataItem, MessageDataItemName};
use imap_codec::imap_types::flag::{Flag, StoreResponse, StoreType};
use imap_codec::imap_types::response::{Code, Data, Response, Status};
use imap_codec::imap_types::sequence::SequenceSet;
use news::Trouble;

use crate::{Web, trouble};
use talk::Talk;

/// A longer mail is passed over: newsletters are small.
pub const LARGEST_MAIL: usize = 10_000_000;
/// When a folder is read for the first time, so many of its mails at most, the newest.
const FIRST_LOOK: usize = 1_000;
/// Mails are handed on in parts of so many, or of so many bytes.
const MOST_AT_ONCE: usize = 20;
const LARGEST_AT_ONCE: usize = 20_000_000;
/// A folder has to be read in this time; the rest waits for the next look.
const PATIENCE: Duration = Duration::from_secs(600);

/// A folder of mail, and how it is reached.
#[derive(Clone)]
pub struct Folder {
    pub host: String,
    pub port: u16,
    pub cover: Cover,
    pub user: String,
    pub password: String,
    pub folder: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    Tls,
    /// In the clear up to the server's consent to TLS; nothing is believed before it.
    StartTls,
    /// Only to an address in a network that the owner allows by name.
    Plain,
}

impl Folder {
    /// What it is known by: `user@host/folder`.
    pub fn name(&self) -> String {
        format!("{}@{}/{}", self.user, self.host, self.folder)
    }
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Folder({}, {:?})", self.name(), self.cover)
    }
}

/// A mail as the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub number: u32,
    /// `None`: it is larger than we read.
    pub bytes: Option<Vec<u8>>,
}

/// A folder that was opened.
pub struct Opened {
    talk: Talk,
    /// The numbers of its mails hold as long as this stays the same.
    pub validity: u32,
    /// Numbers and sizes of what is still to be read, the oldest first.
    waiting: Vec<(u32, u32)>,
}

/// Opens the folder and finds what came after this number (0: everything, up to a bound). `validity`: under which
/// numbering `last` was learnt; when it is another one now, all begins anew.
/// `to_write`: something will be marked.
pub async fn open(
    web: &Arc<Web>,
    folder: &Folder,
    validity: u32,
    last: u32,
    to_write: bool,
) -> Result<Opened, Trouble> {
    let opening = async {
        let stream = web.mail_stream(&folder.host, folder.port, folder.cover).await?;
        let mut talk = Talk::new(stream, &folder.host);
        talk.greeting(folder.cover == Cover::StartTls).await?;
        if folder.cover == Cover::StartTls {
            talk = talk.start_tls(&folder.host).await?;
        }
        talk.login(&folder.user, &folder.password).await?;
        let validity_now = select(&mut talk, &folder.folder, to_write).await?;
        let last = if validity_now == validity { last } else { 0 };
        let waiting = newer(&mut talk, last).await?;
        Ok(Opened { talk, validity: validity_now, waiting })
    };
    within(opening).await
}

async fn within<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(trouble::timeout(PATIENCE)))
}

impl Opened {
    /// The next mails, the oldest first; none when all were read.
    pub async fn next(&mut self) -> Result<Vec<Mail>, Trouble> {
        within(self.read_some()).await
    }

    async fn read_some(&mut self) -> Result<Vec<Mail>, Trouble> {
        let (mut mails, mut bytes) = (Vec::new(), 0);
        while let Some(&(number, size)) = self.waiting.first() {
            let size = size as usize;
            if mails.len() == MOST_AT_ONCE || !mails.is_empty() && LARGEST_AT_ONCE < bytes + size {
                break;
            }
            self.waiting.remove(0);
            match size <= LARGEST_MAIL {
                true => {
                    bytes += size;
                    // One that is gone meanwhile was deleted by its owner.
                    let found = whole(&mut self.talk, number).await?;
                    mails.extend(found.map(|bytes| Mail { number, bytes: Some(bytes) }));
                }
                false => mails.push(Mail { number, bytes: None }),
            }
        }
        Ok(mails)
    }

    /// The highest number that there was when it was opened, once everything is read.
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty()
    }

    pub async fn mark_seen(&mut self, mails: &[u32]) -> Result<(), Trouble> {
        let numbers: Vec<NonZeroU32> = mails.iter().filter_map(|&it| NonZeroU32::new(it)).collect();
        let Ok(set) = SequenceSet::try_from(numbers) else { return Ok(()) };
        let body = CommandBody::store(set, StoreType::Add, StoreResponse::Silent, vec![Flag::Seen], true)
            .map_err(|_| trouble::bad_answer("its numbers are none"))?;
        within(self.talk.ask(body, 1_000_000, |_| ())).await
    }

    pub async fn close(mut self) {
        let _ = within(self.talk.ask(CommandBody::Logout, 100_000, |_| ())).await;
    }
}

/// The folder's validity.
async fn select(talk: &mut Talk, folder: &str, to_write: bool) -> Result<u32, Trouble> {
    let name = utf7(folder);
    let body = match to_write {
        true => CommandBody::select(name),
        false => CommandBody::examine(name),
    };
    let body = body.map_err(|_| trouble::mail_folder(folder))?;
    let mut validity = None;
    let learn = |response: &Response| {
        if let Response::Status(Status::Untagged(it)) = response
            && let Some(Code::UidValidity(number)) = &it.code
        {
            validity = Some(number.get());
        }
    };
    talk.ask(body, 1_000_000, learn).await.map_err(|error| match error.word.as_str() {
        "mail_refused" => trouble::mail_folder(folder),
        _ => error,
    })?;
    validity.ok_or_else(|| trouble::bad_answer("its mails have no lasting numbers"))
}

/// Numbers and sizes of the mails after that one.
async fn newer(talk: &mut Talk, last: u32) -> Result<Vec<(u32, u32)>, Trouble> {
    let Some(first) = last.checked_add(1) else { return Ok(Vec::new()) };
    let items = vec![MessageDataItemName::Uid, MessageDataItemName::Rfc822Size];
    let body = CommandBody::fetch(format!("{first}:*").as_str(), items, true)
        .map_err(|_| trouble::bad_answer("its numbers are none"))?;
    let mut found = Vec::new();
    talk.ask(body, 64_000_000, |response| {
        if let Response::Data(Data::Fetch { items, .. }) = response {
            let (mut number, mut bytes) = (None, None);
            for item in items.as_ref() {
                match item {
                    MessageDataItem::Uid(it) => number = Some(it.get()),
                    &MessageDataItem::Rfc822Size(it) => bytes = Some(it),
                    _ => (),
                }
            }
            // `n:*` names the last mail even when that is older than n.
            found.extend(number.zip(bytes).filter(|(number, _)| last < *number));
        }
    })
    .await?;
    found.sort_unstable();
    found.dedup();
    if last == 0 && FIRST_LOOK < found.len() {
        found.drain(..found.len() - FIRST_LOOK);
    }
    Ok(found)
}

/// One mail, word for word; reading it does not mark it.
async fn whole(talk: &mut Talk, number: u32) -> Result<Option<Vec<u8>>, Trouble> {
    let item = MessageDataItemName::BodyExt { section: None, partial: None, peek: true };
    let body = CommandBody::fetch(number.to_string().as_str(), vec![MessageDataItemName::Uid, item], true)
        .map_err(|_| trouble::bad_answer("its numbers are none"))?;
    let mut found = None;
    talk.ask(body, LARGEST_MAIL + 1_000_000, |response| {
        let Response::Data(Data::Fetch { items, .. }) = response else { return };
        let is_it =
            items.as_ref().iter().any(|it| matches!(it, MessageDataItem::Uid(it) if it.get() == number));
        for item in items.as_ref() {
            if let MessageDataItem::BodyExt { section: None, data, .. } = item
                && is_it
            {
                found = data.clone().into_option().map(|bytes| bytes.into_owned());
            }
        }
    })
    .await?;
    Ok(found)
}

/// Folders' names travel in a UTF-7 of their own (RFC 3501, 5.1.3).
fn utf7(name: &str) -> String {
    let mut written = String::new();
    let mut shifted: Vec<u8> = Vec::new();
    let flush = |shifted: &mut Vec<u8>, written: &mut String| {
        if !shifted.is_empty() {
            let encoded = STANDARD_NO_PAD.encode(&*shifted).replace('/', ",");
            written.push_str(&format!("&{encoded}-"));
            shifted.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut shifted, &mut written);
            written.push(c);
            if c == '&' {
                written.push('-');
            }
        } else {
            shifted.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut shifted, &mut written);
    written
}

#[cfg(test)]
mod tests;
