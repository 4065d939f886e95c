use std::io::Write;

use crate::body::{Unpacker, Unpacking};

const TEXT: &[u8] = b"<rss><channel><title>News of the day, of the day, of the day</title></channel></rss>";

fn unpack(coding: &str, packed: &[u8], at_most: usize, step: usize) -> Result<Vec<u8>, Unpacking> {
    let mut unpacker = Unpacker::new(coding, at_most)?;
    for piece in packed.chunks(step) {
        unpacker.push(piece)?;
    }
    unpacker.finish()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

fn packed() -> Vec<(&'static str, Vec<u8>)> {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(TEXT).unwrap();
    let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    raw.write_all(TEXT).unwrap();
    // Brotli's uncompressed form: a header of its own, the text as it is, the end.
    let length = TEXT.len() - 1;
    let bits = (length as u32) << 4 | 1 << 20;
    let mut brotli = bits.to_le_bytes()[..3].to_vec();
    brotli.extend_from_slice(TEXT);
    brotli.push(0b11);
    vec![
        ("", TEXT.to_vec()),
        ("identity", TEXT.to_vec()),
        ("GZIP", gzip(TEXT)),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
        ("br", brotli),
        ("zstd", zstd::encode_all(TEXT, 3).unwrap()),
    ]
}

#[test]
fn every_packing_is_unpacked_in_pieces_of_every_size() {
    for (coding, packed) in packed() {
        for step in [1, 2, 7, 1000] {
            assert_eq!(unpack(coding, &packed, TEXT.len(), step), Ok(TEXT.to_vec()), "{coding} by {step}");
        }
    }
}

#[test]
fn one_byte_too_many_is_too_many_after_unpacking() {
    for (coding, packed) in packed() {
        assert_eq!(unpack(coding, &packed, TEXT.len() - 1, 16), Err(Unpacking::TooBig), "{coding}");
    }
}

#[test]
fn half_of_a_packed_text_is_broken_and_so_is_a_lie() {
    for (coding, packed) in packed().into_iter().filter(|(coding, _)| !matches!(*coding, "" | "identity")) {
        assert_eq!(
            unpack(coding, &packed[..packed.len() / 2], 10_000, 16),
            Err(Unpacking::Broken),
            "half of {coding}"
        );
        assert_eq!(unpack(coding, TEXT, 10_000, 16), Err(Unpacking::Broken), "{coding} that is none");
    }
}

#[test]
fn what_follows_the_end_is_left_alone() {
    let padded = [gzip(TEXT), b"\n\0\0 trailing".to_vec()].concat();
    assert_eq!(unpack("gzip", &padded, 10_000, 16), Ok(TEXT.to_vec()));
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![b' '; 30_000_000]);
    assert_eq!(unpack("gzip", &bomb, 1_000_000, bomb.len()), Err(Unpacking::TooBig));
    let bomb = zstd::encode_all(&vec![b' '; 30_000_000][..], 19).unwrap();
    assert_eq!(unpack("zstd", &bomb, 1_000_000, bomb.len()), Err(Unpacking::TooBig));
}

#[test]
fn nothing_we_did_not_ask_for_is_unpacked() {
    for coding in ["x-evil", "gzip, gzip", "compress"] {
        assert_eq!(unpack(coding, TEXT, 10_000, 16), Err(Unpacking::UnknownCoding), "{coding}");
    }
}
