//! The conversation with a mail server: commands go out, answers are read with a bound on everything.

use std::time::Duration;

use imap_codec::encode::{Encoder, Fragment};
use imap_codec::fragmentizer::Fragmentizer;
use imap_codec::imap_types::command::{Command, CommandBody};
use imap_codec::imap_types::core::{LiteralMode, Tag};
use imap_codec::imap_types::response::{GreetingKind, Response, Status, StatusKind};
use imap_codec::{CommandCodec, GreetingCodec, ResponseCodec};
use news::Trouble;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::LARGEST_MAIL;
use crate::connect::{self, Stream};
use crate::trouble;

/// The server has so long for each piece of an answer.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Talk {
    stream: Box<dyn Stream>,
    host: String,
    answers: Fragmentizer,
    commands: u32,
    /// Nothing is read ahead before TLS stands: what somebody slipped in would be taken for the server's own words
    /// (CVE-2011-0411 and its kin).
    reads_ahead: bool,
}

impl Talk {
    pub fn new(stream: Box<dyn Stream>, host: &str) -> Talk {
        let answers = Fragmentizer::new((LARGEST_MAIL + 500_000) as u32);
        Talk { stream, host: host.to_owned(), answers, commands: 0, reads_ahead: false }
    }

    /// `in_the_clear`: TLS is still to come, so a server that says that we are signed in already is not to be believed.
    pub async fn greeting(&mut self, in_the_clear: bool) -> Result<(), Trouble> {
        self.reads_ahead = !in_the_clear;
        let mut left = 10_000;
        self.message(&mut left).await?;
        let greeting = self.answers.decode_message(&GreetingCodec::default());
        match greeting.map(|it| it.kind) {
            Ok(GreetingKind::Ok) => Ok(()),
            Ok(GreetingKind::PreAuth) if !in_the_clear => Ok(()),
            Ok(_) => Err(trouble::mail_refused(&self.host)),
            Err(_) => Err(trouble::bad_answer("it does not speak IMAP")),
        }
    }

    pub async fn start_tls(mut self, host: &str) -> Result<Talk, Trouble> {
        self.ask(CommandBody::StartTLS, 10_000, |_| ()).await?;
        let stream = connect::secure(self.stream, host).await?;
        let mut talk = Talk::new(stream, host);
        (talk.reads_ahead, talk.commands) = (true, self.commands);
        Ok(talk)
    }

    pub async fn login(&mut self, user: &str, password: &str) -> Result<(), Trouble> {
        let body = CommandBody::login(user, password).map_err(|_| trouble::mail_login(&self.host))?;
        let host = self.host.clone();
        self.ask(body, 100_000, |_| ()).await.map_err(|error| match error.word.as_str() {
            "mail_refused" => trouble::mail_login(&host),
            _ => error,
        })
    }

    /// Sends a command and hands on what is answered until the server says that it is done.
    pub async fn ask(
        &mut self,
        body: CommandBody<'_>,
        at_most: usize,
        mut each: impl FnMut(&Response),
    ) -> Result<(), Trouble> {
        self.commands += 1;
        let tag = Tag::try_from(format!("t{}", self.commands)).expect("letters and digits make a tag");
        let command = Command { tag: tag.clone(), body };
        let mut left = at_most;
        for fragment in CommandCodec::default().encode(&command) {
            let data = match fragment {
                Fragment::Line { data } => data,
                Fragment::Literal { data, mode } => {
                    if mode == LiteralMode::Sync {
                        self.wait_for_consent(&mut left).await?;
                    }
                    data
                }
            };
            self.send(&data).await?;
        }
        loop {
            self.message(&mut left).await?;
            match self.answers.decode_message(&ResponseCodec::default()) {
                Ok(Response::Status(Status::Tagged(done))) if done.tag == tag => {
                    return match done.body.kind {
                        StatusKind::Ok => Ok(()),
                        _ => Err(trouble::mail_refused(&self.host)),
                    };
                }
                Ok(response) => each(&response),
                // Servers say many things that we need not understand; what is ours, we must.
                Err(_) if self.answers.decode_tag().is_some_and(|it| it == tag) => {
                    return Err(trouble::bad_answer("it does not speak IMAP as it should"));
                }
                Err(_) => (),
            }
        }
    }

    async fn wait_for_consent(&mut self, left: &mut usize) -> Result<(), Trouble> {
        loop {
            self.message(left).await?;
            match self.answers.decode_message(&ResponseCodec::default()) {
                Ok(Response::CommandContinuationRequest(_)) => return Ok(()),
                Ok(Response::Status(Status::Tagged(_))) => return Err(trouble::mail_refused(&self.host)),
                _ => (),
            }
        }
    }

    /// Reads up to the end of the next message.
    async fn message(&mut self, left: &mut usize) -> Result<(), Trouble> {
        loop {
            while self.answers.progress().is_some() {
                if self.answers.is_message_complete() {
                    return Ok(());
                }
            }
            let mut piece = [0; 16 * 1024];
            let room = if self.reads_ahead { piece.len() } else { 1 };
            let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut piece[..room])).await;
            let read = read.map_err(|_| trouble::timeout(PATIENCE))?.map_err(|_| trouble::broken_off())?;
            if read == 0 {
                return Err(trouble::broken_off());
            }
            *left = left.checked_sub(read).ok_or_else(|| trouble::bad_answer("its answer does not end"))?;
            self.answers.enqueue_bytes(&piece[..read]);
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let sending = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let sent = tokio::time::timeout(PATIENCE, sending).await.map_err(|_| trouble::timeout(PATIENCE))?;
        sent.map_err(|_| trouble::broken_off())
    }
}
