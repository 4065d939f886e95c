use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::{seal::Seal, shelf::Shelf, shrink::shrink};

pub fn png(width: u32, height: u32, alpha: u8) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(width, height, Rgba([200, 30, 30, alpha]));
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::from(picture);
    match alpha {
        255 => picture.to_rgb8().write_to(&mut bytes, ImageFormat::Png),
        _ => picture.write_to(&mut bytes, ImageFormat::Png),
    }
    .expect("a picture in memory");
    bytes.into_inner()
}

#[test]
fn a_large_picture_becomes_a_small_jpeg() {
    let small = shrink(&png(2400, 1000, 255), 1200).expect("a picture");
    let back = image::load_from_memory_with_format(&small, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((back.width(), back.height()), (1200, 500));
}

#[test]
fn an_icon_stays_see_through_and_a_large_picture_lies_on_white() {
    let icon = shrink(&png(64, 64, 0), 1200).expect("a picture");
    let icon = image::load_from_memory_with_format(&icon, ImageFormat::WebP).expect("a WebP").to_rgba8();
    assert_eq!(icon.get_pixel(0, 0).0[3], 0);
    let large = shrink(&png(400, 400, 0), 1200).expect("a picture");
    let large = image::load_from_memory_with_format(&large, ImageFormat::Jpeg).expect("a JPEG").to_rgb8();
    assert!(large.get_pixel(5, 5).0.iter().all(|it| 250 < *it));
}

#[test]
fn what_is_no_picture_of_the_four_kinds_is_none() {
    for bytes in [
        &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
        b"<html>",
        b"BM\x00\x00",
        b"II*\x00",
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\xff\xd8\xff",
    ] {
        assert_eq!(shrink(bytes, 1200), None, "{bytes:?}");
    }
    assert_eq!(shrink(&png(1, 1, 255), 1200), None, "a dot that counts readers");
    let mut cut = png(300, 300, 255);
    cut.truncate(cut.len() / 3);
    assert_eq!(shrink(&cut, 1200), None, "half a picture");
}

/// A GIF's or PNG's head may promise any size in a few bytes.
#[test]
fn a_picture_that_would_fill_the_memory_is_not_decoded() {
    let mut sides = png(16, 16, 255);
    sides[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    assert_eq!(shrink(&sides, 1200), None);
    let gif = b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02D\x01\x00;";
    assert_eq!(shrink(gif, 1200), None);
    // Both sides are allowed, together they are not: 11,000 × 11,000 × 3 bytes.
    let mut area = png(16, 16, 255);
    for side in [16, 20] {
        area[side..side + 4].copy_from_slice(&11_000_u32.to_be_bytes());
    }
    assert_eq!(shrink(&area, 1200), None);
}

#[test]
fn a_seal_holds_for_its_parts_only() {
    let seal = Seal::open(None);
    let tag = seal.of(&["card", "https://a.example/1.png"]);
    assert!(seal.is_on(&["card", "https://a.example/1.png"], &tag));
    assert!(!seal.is_on(&["page", "https://a.example/1.png"], &tag));
    assert!(!seal.is_on(&["card", "https://a.example/2.png"], &tag));
    assert!(!seal.is_on(&["cardh", "ttps://a.example/1.png"], &tag));
    assert!(!seal.is_on(&["card", "https://a.example/1.png"], &tag[..62]));
    assert!(!seal.is_on(&["card", "https://a.example/1.png"], ""));
    assert!(!Seal::open(None).is_on(&["card", "https://a.example/1.png"], &tag));
}

#[test]
fn the_key_is_kept_in_the_data_folder_and_is_nobody_elses() {
    let folder = tempfile::tempdir().expect("a folder");
    let tag = Seal::open(Some(folder.path())).of(&["x"]);
    assert!(Seal::open(Some(folder.path())).is_on(&["x"], &tag));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(folder.path().join("pictures.key")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

fn name(of: u8) -> String {
    format!("{of:064x}")
}

fn what_was_not_wanted_goes_first(shelf: &Shelf) {
    for it in 1..=3 {
        shelf.put(&name(it), vec![it; 10]).expect("room");
    }
    assert_eq!(shelf.get(&name(1)), Some(vec![1; 10]));
    shelf.put(&name(4), vec![4; 10]).expect("room");
    let there: Vec<u8> = (1..=4).filter(|it| shelf.get(&name(*it)).is_some()).collect();
    assert_eq!(there, [1, 3, 4]);
    shelf.put(&name(5), vec![5; 31]).expect("room");
    assert_eq!(shelf.get(&name(5)), None, "larger than the whole shelf");
}

#[test]
fn a_full_shelf_lets_go_of_what_was_not_wanted_for_longest() {
    what_was_not_wanted_goes_first(&Shelf::in_memory(30));
    let folder = tempfile::tempdir().expect("a folder");
    what_was_not_wanted_goes_first(&Shelf::on_disk(folder.path(), 30));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 3);
}

#[test]
fn a_shelf_on_disk_is_found_again_and_touches_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine.txt"), "x").expect("a file");
    std::fs::write(folder.path().join("0.half"), "x").expect("a file");
    Shelf::on_disk(folder.path(), 30).put(&name(1), vec![1; 10]).expect("room");
    let again = Shelf::on_disk(folder.path(), 30);
    assert_eq!(again.get(&name(1)), Some(vec![1; 10]));
    for it in 2..=5 {
        again.put(&name(it), vec![it; 10]).expect("room");
    }
    assert!(folder.path().join("mine.txt").exists());
    assert!(!folder.path().join("0.half").exists());
    assert!(!folder.path().join(name(1)).exists());
}
