//! A receiver of mail for newsletters: takes in what is addressed to a newsletter's own address, and nothing else. It
//! relays nothing, knows no passwords, and says that it has a mail only once that is in the store.

mod lines;
#[cfg(test)]
mod tests;

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use app::{Addressed, App};
use news::SourceId;
use pipeline::Stop;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::Semaphore,
};

use lines::{Command, Data, Lines, command};

/// Bytes of a mail.
pub const LARGEST: usize = 10_000_000;
const MOST_CONNECTIONS: usize = 20;
const MOST_RECIPIENTS: usize = 20;
/// Whoever makes so many mistakes is guessing.
const MOST_MISTAKES: u32 = 10;
const MOST_COMMANDS: u32 = 500;
/// For the next line, or the next piece of a mail; and for everything.
const PATIENCE: Duration = Duration::from_secs(60);
const LONGEST_VISIT: Duration = Duration::from_secs(600);

/// Takes mail until it is told to stop. `from_anywhere`: also from the open internet.
pub async fn listen(listener: TcpListener, app: Arc<App>, from_anywhere: bool, mut stop: Stop) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            () = stop.wait() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((mut stream, peer)) = accepted else {
            // No more files to open, say: others give some back soon.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let (app, place) = (app.clone(), places.clone().try_acquire_owned());
        tokio::spawn(async move {
            if !from_anywhere && fetch::network::is_public(unmapped(peer.ip())) {
                let _ = stream.write_all(b"554 only for this machine and its network\r\n").await;
            } else if place.is_err() {
                let _ = stream.write_all(b"421 too many at once, come back later\r\n").await;
            } else {
                let visit = Visit::new(stream, &app).serve();
                if let Ok(Err(error)) = tokio::time::timeout(LONGEST_VISIT, visit).await {
                    tracing::debug!(%error, "a sender of mail went away");
                }
            }
        });
    }
}

fn unmapped(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// One sender, from greeting to goodbye.
struct Visit<'a, S> {
    lines: Lines<S>,
    app: &'a App,
    has_sender: bool,
    to: Vec<SourceId>,
    mistakes: u32,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Visit<'a, S> {
    fn new(stream: S, app: &'a App) -> Self {
        Visit { lines: Lines::new(stream), app, has_sender: false, to: Vec::new(), mistakes: 0 }
    }

    async fn serve(mut self) -> io::Result<()> {
        self.lines.say("220 tidings takes newsletters (ESMTP)").await?;
        for _ in 0..MOST_COMMANDS {
            let line = match tokio::time::timeout(PATIENCE, self.lines.line()).await {
                Ok(Ok(Some(line))) => line,
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    // Where one program sees the end of a line and the next one does not, mails are smuggled.
                    return self.lines.say("500 lines are at most 2,000 bytes and end in CR LF").await;
                }
                Ok(Err(error)) => return Err(error),
                Err(_) => return self.lines.say("421 waited too long").await,
            };
            if !self.answer(command(&line)).await? {
                return Ok(());
            }
            if MOST_MISTAKES <= self.mistakes {
                return self.lines.say("421 too many mistakes").await;
            }
        }
        self.lines.say("421 that is enough for once").await
    }

    /// Whether it goes on.
    async fn answer(&mut self, command: Command) -> io::Result<bool> {
        let says = match command {
            Command::Helo => "250 tidings".into(),
            Command::Ehlo => format!("250-tidings\r\n250-SIZE {LARGEST}\r\n250-PIPELINING\r\n250 8BITMIME"),
            Command::From { size } if LARGEST < size => "552 too large".into(),
            Command::From { .. } => {
                (self.has_sender, self.to) = (true, Vec::new());
                "250 go on".into()
            }
            Command::To(address) => self.recipient(&address).await,
            Command::Data if self.to.is_empty() => self.mistake("503 for whom?"),
            Command::Data => return self.data().await.map(|()| true),
            Command::Reset => {
                (self.has_sender, self.to) = (false, Vec::new());
                "250 forgotten".into()
            }
            Command::Nothing => "250 fine".into(),
            Command::Verify => "252 try it".into(),
            Command::Quit => {
                self.lines.say("221 goodbye").await?;
                return Ok(false);
            }
            Command::Malformed => self.mistake("501 that is not how it is written"),
            Command::Unknown => self.mistake("502 not here"),
        };
        self.lines.say(&says).await?;
        Ok(true)
    }

    fn mistake(&mut self, says: &str) -> String {
        self.mistakes += 1;
        says.into()
    }

    async fn recipient(&mut self, address: &str) -> String {
        if !self.has_sender {
            return self.mistake("503 from whom?");
        }
        if self.to.len() == MOST_RECIPIENTS {
            return "452 too many at once".into();
        }
        match self.app.addressed(address).await {
            Ok(Addressed::Newsletter(source)) => {
                if !self.to.contains(&source) {
                    self.to.push(source);
                }
                "250 go on".into()
            }
            Ok(Addressed::Unknown) => self.mistake("550 there is no such address here"),
            Ok(Addressed::TooOften) => "450 too much mail for this one, come back later".into(),
            Err(error) => {
                tracing::error!(%error, "cannot look an address up");
                "451 come back later".into()
            }
        }
    }

    async fn data(&mut self) -> io::Result<()> {
        self.lines.say("354 go on, a dot ends it").await?;
        let mail = self.lines.data(LARGEST, PATIENCE).await?;
        let to = std::mem::take(&mut self.to);
        self.has_sender = false;
        let says = match mail {
            Data::TooLarge => "552 too large",
            Data::BareLineEnd => "550 lines of a mail end in CR LF and in nothing else",
            Data::Whole(bytes) => match self.app.mailed(&to, &bytes).await {
                Ok(()) => "250 kept",
                Err(error) => {
                    tracing::error!(%error, "cannot keep a mail");
                    "451 it could not be kept, come back later"
                }
            },
        };
        self.lines.say(says).await
    }
}
