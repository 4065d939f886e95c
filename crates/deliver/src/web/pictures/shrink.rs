//! Any picture of the web to a small one of ours. What is not plainly a picture is none.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    metadata::Orientation,
};

/// Longer sides are not decoded.
const LONGEST: u32 = 12_000;
/// Memory for one picture, decoded.
const MEMORY: u64 = 96 << 20;
/// And for what a decoder keeps beside it: colour profiles, texts, frames.
const BESIDE: u64 = 8 << 20;
/// A progressive JPEG is held as coefficients, of two bytes each, until its last scan.
const PROGRESSIVE: u64 = 3;
/// Smaller ones count readers or fill gaps.
const SMALLEST: u32 = 8;
/// So many times as high as it may be wide: a strip is cut by the page, not by us.
const HIGHEST: u32 = 4;
const QUALITY: u8 = 75;
/// What may stay see-through: icons and marks.
const ICON: u32 = 256;

/// JPEG, or lossless WebP for small ones that are see-through; at most so wide.
pub fn shrink(bytes: &[u8], widest: u32) -> Option<Vec<u8>> {
    let (picture, orientation) = decode(bytes)?;
    if picture.width() < SMALLEST || picture.height() < SMALLEST {
        return None;
    }
    let highest = widest * HIGHEST;
    // Turned when it is small: a large one would be there twice.
    let (across, down) = if lies_down(orientation) { (highest, widest) } else { (widest, highest) };
    let mut picture = match across < picture.width() || down < picture.height() {
        true => picture.thumbnail(across, down),
        false => picture,
    };
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    if picture.color().has_alpha() && picture.width().max(picture.height()) <= ICON {
        picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut out)).ok()?;
    } else {
        flat(picture).write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    }
    Some(out)
}

/// Its sides change places when it is turned.
fn lies_down(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn decode(bytes: &[u8]) -> Option<(DynamicImage, Orientation)> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(BESIDE);
    let format = format_of(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // What the decoder makes is counted as well: the library's own limits leave it to the caller here.
    let times = if format == ImageFormat::Jpeg && is_progressive(bytes) { PROGRESSIVE } else { 1 };
    if LONGEST < width || LONGEST < height || MEMORY < decoder.total_bytes().saturating_mul(times) {
        return None;
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Some((DynamicImage::from_decoder(decoder).ok()?, orientation))
}

/// By the marker of its frame (SOF2, or one of the kinds that build on it).
fn is_progressive(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = jpeg.get(at..at + 4) {
        match marker {
            0xc2 | 0xc6 | 0xca | 0xce => return true,
            0xc0 | 0xc1 | 0xc3 | 0xda => return false,
            // A byte to fill.
            0xff => at += 1,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

/// By its first bytes alone; what the sender calls it does not count. No SVG: that is a document.
fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(ImageFormat::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// See-through parts on white, as most pages that show such a picture are.
fn flat(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let seen = picture.into_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [r, g, b, a] = seen.get_pixel(x, y).0.map(u32::from);
        let over = |it: u32| ((it * a + 255 * (255 - a)) / 255) as u8;
        Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 90]));
        let mut out = Vec::new();
        picture.write_with_encoder(JpegEncoder::new(&mut out)).expect("a picture");
        out
    }

    /// Behind the beginning of a JPEG.
    fn with_segment(jpeg: &[u8], marker: u8, inside: &[u8]) -> Vec<u8> {
        let length = (inside.len() as u16 + 2).to_be_bytes();
        [&jpeg[..2], &[0xff, marker], &length, inside, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_that_lies_on_its_side_is_as_wide_as_wanted_when_it_stands() {
        // Exif, one entry: orientation (0x112), one short, 6.
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = with_segment(&jpeg(400, 200), 0xe1, exif);
        let small = shrink(&turned, 100).expect("a picture");
        let small = image::load_from_memory(&small).expect("a picture");
        assert_eq!((small.width(), small.height()), (100, 200));
    }

    #[test]
    fn a_progressive_picture_is_told_by_its_frame() {
        let plain = jpeg(20, 20);
        assert!(!is_progressive(&plain));
        assert!(!is_progressive(&with_segment(&plain, 0xe2, &[0xff, 0xc2, 0, 0])));
        assert!(is_progressive(&with_segment(&plain, 0xc2, &[8, 0, 20])));
        assert!(!is_progressive(b"\xff\xd8\xff"));
    }
}
