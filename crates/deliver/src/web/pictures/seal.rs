//! The tag that shows that an address was written by us.

use std::{fs, io::Write, path::Path};

use ring::{
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};

/// In the data folder; who has it can have anything fetched through us.
const FILE: &str = "pictures.key";
const BYTES: usize = 32;

pub struct Seal(hmac::Key);

impl Seal {
    pub fn open(data: Option<&Path>) -> Seal {
        let file = data.map(|it| it.join(FILE));
        let kept = file.as_deref().and_then(|it| fs::read(it).ok()).filter(|it| it.len() == BYTES);
        let secret = kept.unwrap_or_else(|| {
            let secret = fresh();
            if let Some(Err(error)) = file.as_deref().map(|it| write(it, &secret)) {
                tracing::warn!(%error, "the key of the pictures' addresses cannot be kept; it is for this run only");
            }
            secret.to_vec()
        });
        Seal(hmac::Key::new(hmac::HMAC_SHA256, &secret))
    }

    pub fn of(&self, parts: &[&str]) -> String {
        hex(hmac::sign(&self.0, &framed(parts)).as_ref())
    }

    /// Compared in constant time.
    pub fn is_on(&self, parts: &[&str], tag: &str) -> bool {
        let tag = unhex(tag).unwrap_or_default();
        hmac::verify(&self.0, &framed(parts), &tag).is_ok()
    }
}

/// Under which something of these parts is kept.
pub fn name_of(parts: &[&str]) -> String {
    hex(digest::digest(&digest::SHA256, &framed(parts)).as_ref())
}

/// Each part with its length, so that no two lists of parts read the same.
fn framed(parts: &[&str]) -> Vec<u8> {
    let mut framed = Vec::new();
    for part in parts {
        framed.extend((part.len() as u64).to_be_bytes());
        framed.extend(part.as_bytes());
    }
    framed
}

// A machine without dice can keep no secret, and must not pretend to.
fn fresh() -> [u8; BYTES] {
    let mut secret = [0; BYTES];
    SystemRandom::new().fill(&mut secret).expect("the operating system's dice");
    secret
}

/// For the owner's eyes only.
fn write(file: &Path, secret: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(secret)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits.chunks(2).map(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok()).collect()
}
