//! Unpacks a body as it arrives, and stops at the first byte too many: what counts is what comes out.

use std::io::{self, Write};

use zstd::stream::raw::{self, Operation};

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
    Zstd(Box<Zstd>),
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
                let mut decoder = raw::Decoder::new().map_err(|_| Unpacking::Broken)?;
                // RFC 9659: no more than 8 MB of window for the web.
                decoder.set_parameter(raw::DParameter::WindowLogMax(23)).map_err(|_| Unpacking::Broken)?;
                Coding::Zstd(Box::new(Zstd { decoder, out, complete: true }))
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
            if self.write(step).is_err() {
                return Err(if self.out().overflowed { Unpacking::TooBig } else { Unpacking::Broken });
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
    pub fn finish(mut self) -> Result<Vec<u8>, Unpacking> {
        let ended = match &mut self.coding {
            Coding::Plain(_) => Ok(()),
            Coding::DeflateUndecided(_, early) if early.is_empty() => Ok(()),
            Coding::DeflateUndecided(..) => Err(io::ErrorKind::UnexpectedEof.into()),
            Coding::Gzip(decoder) => decoder.try_finish(),
            Coding::Zlib(decoder) => decoder.try_finish(),
            Coding::Deflate(decoder) => decoder.try_finish(),
            Coding::Brotli(decoder) => decoder.close(),
            Coding::Zstd(zstd) if zstd.complete => Ok(()),
            Coding::Zstd(_) => Err(io::ErrorKind::UnexpectedEof.into()),
        };
        let out = self.out();
        match ended {
            _ if out.overflowed => Err(Unpacking::TooBig),
            Err(_) => Err(Unpacking::Broken),
            Ok(()) => Ok(std::mem::take(&mut out.bytes)),
        }
    }

    fn out(&mut self) -> &mut Capped {
        match &mut self.coding {
            Coding::Plain(out) | Coding::DeflateUndecided(out, _) => out,
            Coding::Gzip(decoder) => decoder.get_mut(),
            Coding::Zlib(decoder) => decoder.get_mut(),
            Coding::Deflate(decoder) => decoder.get_mut(),
            Coding::Brotli(decoder) => decoder.get_mut(),
            Coding::Zstd(zstd) => &mut zstd.out,
        }
    }
}

/// The library's own writer does not tell whether the last frame is whole.
struct Zstd {
    decoder: raw::Decoder<'static>,
    out: Capped,
    /// Between two frames.
    complete: bool,
}

impl Zstd {
    fn write(&mut self, step: &[u8]) -> io::Result<usize> {
        let mut plain = [0; 16 * 1024];
        let status = self.decoder.run_on_buffers(step, &mut plain)?;
        self.out.write_all(&plain[..status.bytes_written])?;
        // What is still held back comes out before more goes in.
        let (read, mut last) = (status.bytes_read, status);
        while last.bytes_written == plain.len() {
            last = self.decoder.run_on_buffers(&[], &mut plain)?;
            self.out.write_all(&plain[..last.bytes_written])?;
        }
        self.complete = last.remaining == 0;
        Ok(read)
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
