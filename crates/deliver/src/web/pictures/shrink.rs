//! Any picture of the web to a small one of ours. What is not plainly a picture is none.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
};

/// Longer sides are not decoded.
const LONGEST: u32 = 12_000;
/// Memory for decoding one picture.
const MEMORY: u64 = 96 << 20;
/// Smaller ones count readers or fill gaps.
const SMALLEST: u32 = 8;
/// So many times as high as it may be wide: a strip is cut by the page, not by us.
const HIGHEST: u32 = 4;
const QUALITY: u8 = 75;
/// What may stay see-through: icons and marks.
const ICON: u32 = 256;

/// JPEG, or lossless WebP for small ones that are see-through; at most so wide.
pub fn shrink(bytes: &[u8], widest: u32) -> Option<Vec<u8>> {
    let picture = decode(bytes)?;
    if picture.width() < SMALLEST || picture.height() < SMALLEST {
        return None;
    }
    let highest = widest * HIGHEST;
    let picture = match widest < picture.width() || highest < picture.height() {
        true => picture.thumbnail(widest, highest),
        false => picture,
    };
    let mut out = Vec::new();
    if picture.color().has_alpha() && picture.width().max(picture.height()) <= ICON {
        picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut out)).ok()?;
    } else {
        flat(picture).write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    }
    Some(out)
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format_of(bytes)?);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // What the decoder makes is counted as well: the library's own limits leave it to the caller here.
    if LONGEST < width || LONGEST < height || MEMORY < decoder.total_bytes() {
        return None;
    }
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Some(picture)
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
