//! Unpacks a body as it arrives, and stops at the first byte too many: what counts is what comes out.

use std::io::{self, Write};

/// Why a body was given up.
#[derive(Debug, PartialEq, Eq)]
pub enum Unpacking {
    TooBig,
    UnknownCoding,
    Broken,
}

/// Takes the packed bytes in pieces, keeps the plain ones up to a limit.
pub struct Unpacker {
    coding: Coding,
    /// Nothing after the end of the packed stream is looked at.
    ended: bool,
}

enum Coding {
    Plain(Capped),
    Gzip(Box<flate2::write::GzDecoder<Capped>>),
    /// RFC 9110 means zlib; half of the world sends bare deflate. The first two bytes tell.
    DeflateUndecided(Capped, Vec<u8>),
    Zlib(Box<flate2::write::ZlibDecoder<Capped>>),
    Deflate(Box<flate2::write::DeflateDecoder<Capped>>),
    Brotli(Box<brotli_decompressor::DecompressorWriter<Capped>>),
    Zstd(Box<zstd::stream::write::Decoder<'static, Capped>>),
}

impl Unpacker {
    /// `coding` as `Content-Encoding` has it: none or one; who packs twice means harm.
    pub fn new(coding: &str, at_most: usize) -> Result<Unpacker, Unpacking> {
        let out = Capped { bytes: Vec::new(), at_most, overflowed: false };
        let coding = match coding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" | "none" | "utf-8" => Coding::Plain(out),
            "gzip" | "x-gzip" => Coding::Gzip(Box::new(flate2::write::GzDecoder::new(out))),
            "deflate" => Coding::DeflateUndecided(out, Vec::new()),
            "br" => Coding::Brotli(Box::new(brotli_decompressor::DecompressorWriter::new(out, 4096))),
            "zstd" => {
                let mut decoder = zstd::stream::write::Decoder::new(out).map_err(|_| Unpacking::Broken)?;
                // RFC 9659: no more than 8 MB of window for the web.
                decoder.window_log_max(23).map_err(|_| Unpacking::Broken)?;
                Coding::Zstd(Box::new(decoder))
            }
            _ => return Err(Unpacking::UnknownCoding),
        };
        Ok(Unpacker { coding, ended: false })
    }

    pub fn push(&mut self, piece: &[u8]) -> Result<(), Unpacking> {
        self.decide(piece);
        // Small steps, so that a bomb is stopped before a step of it has filled the memory.
        for step in piece.chunks(8192) {
            if self.ended {
                return Ok(());
            }
            if let Err(error) = self.write(step) {
                return Err(self.verdict(&error));
            }
        }
        Ok(())
    }

    fn write(&mut self, mut step: &[u8]) -> io::Result<()> {
        while !step.is_empty() {
            let written = match &mut self.coding {
                Coding::Plain(out) => out.write(step),
                Coding::Gzip(decoder) => decoder.write(step),
                Coding::DeflateUndecided(_, early) => early.write(step),
                Coding::Zlib(decoder) => decoder.write(step),
                Coding::Deflate(decoder) => decoder.write(step),
                Coding::Brotli(decoder) => decoder.write(step),
                Coding::Zstd(decoder) => decoder.write(step),
            }?;
            if written == 0 {
                self.ended = true;
                return Ok(());
            }
            step = &step[written..];
        }
        Ok(())
    }

    fn decide(&mut self, piece: &[u8]) {
        let Coding::DeflateUndecided(out, early) = &mut self.coding else { return };
        let mut first = early.iter().chain(piece);
        let (Some(&a), Some(&b)) = (first.next(), first.next()) else { return };
        let is_zlib = a & 0x0f == 8 && (u16::from(a) << 8 | u16::from(b)).is_multiple_of(31);
        let (out, early) = (std::mem::take(out), std::mem::take(early));
        self.coding = if is_zlib {
            Coding::Zlib(Box::new(flate2::write::ZlibDecoder::new(out)))
        } else {
            Coding::Deflate(Box::new(flate2::write::DeflateDecoder::new(out)))
        };
        // At most one byte; what is wrong with it shows with the next.
        let _ = self.write(&early);
    }

    /// All that came out, once everything has gone in.
    pub fn finish(self) -> Result<Vec<u8>, Unpacking> {
        let broken = |_| Unpacking::Broken;
        let out = match self.coding {
            Coding::Plain(out) => out,
            Coding::DeflateUndecided(_, early) if !early.is_empty() => return Err(Unpacking::Broken),
            Coding::DeflateUndecided(out, _) => out,
            Coding::Gzip(decoder) => decoder.finish().map_err(broken)?,
            Coding::Zlib(decoder) => decoder.finish().map_err(broken)?,
            Coding::Deflate(decoder) => decoder.finish().map_err(broken)?,
            Coding::Brotli(mut decoder) => {
                decoder.close().map_err(broken)?;
                decoder.into_inner().map_err(|_| Unpacking::Broken)?
            }
            Coding::Zstd(mut decoder) => {
                decoder.flush().map_err(broken)?;
                decoder.into_inner()
            }
        };
        if out.overflowed { Err(Unpacking::TooBig) } else { Ok(out.bytes) }
    }

    fn verdict(&self, _error: &io::Error) -> Unpacking {
        let out = match &self.coding {
            Coding::Plain(out) | Coding::DeflateUndecided(out, _) => out,
            Coding::Gzip(decoder) => decoder.get_ref(),
            Coding::Zlib(decoder) => decoder.get_ref(),
            Coding::Deflate(decoder) => decoder.get_ref(),
            Coding::Brotli(decoder) => decoder.get_ref(),
            Coding::Zstd(decoder) => decoder.get_ref(),
        };
        if out.overflowed { Unpacking::TooBig } else { Unpacking::Broken }
    }
}

/// Keeps bytes up to a limit and refuses the first beyond it.
#[derive(Default)]
struct Capped {
    bytes: Vec<u8>,
    at_most: usize,
    overflowed: bool,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.at_most < self.bytes.len() + piece.len() {
            self.overflowed = true;
            return Err(io::Error::other("too big"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
