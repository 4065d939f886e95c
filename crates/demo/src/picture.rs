//! The pictures of the little internet: flat scenes in sixteen colours, drawn when they are asked for.

pub const WIDTH: u32 = 480;
pub const HEIGHT: u32 = 270;

type Rgb = [u8; 3];
/// Which of a scene's colours stands at a place; both from 0 to 1, from the upper left corner.
type Paint = fn(f32, f32) -> u8;

struct Scene {
    name: &'static str,
    colours: &'static [Rgb],
    paint: Paint,
}

/// The picture of that name as a PNG file.
pub fn png(name: &str) -> Option<Vec<u8>> {
    SCENES.iter().find(|scene| scene.name == name).map(|scene| encode(scene.colours, &rows(scene.paint)))
}

static SCENES: [Scene; 13] = [
    Scene {
        name: "ferry",
        colours: &[
            [214, 226, 233],
            [93, 131, 151],
            [250, 250, 246],
            [158, 42, 43],
            [52, 58, 64],
            [120, 156, 172],
        ],
        paint: |x, y| match () {
            () if within(x, y, 0.30, 0.38, 0.66, 0.50) => 2,
            () if within(x, y, 0.42, 0.22, 0.48, 0.38) => 3,
            () if (0.50..0.66).contains(&y)
                && (0.22 + (y - 0.5) * 0.5..0.80 - (y - 0.5) * 0.6).contains(&x) =>
            {
                4
            }
            () if y < 0.60 => 0,
            () if ((y * 60.0).sin() + (x * 40.0).sin()).abs() < 0.35 => 5,
            () => 1,
        },
    },
    Scene {
        name: "bank",
        colours: &[[233, 228, 214], [120, 113, 98], [188, 180, 160], [70, 66, 58]],
        paint: |x, y| match () {
            () if y < 0.38 && 0.14 < y && (x - 0.5).abs() < (y - 0.14) * 1.6 => 1,
            () if within(x, y, 0.14, 0.38, 0.86, 0.44) => 3,
            () if within(x, y, 0.16, 0.44, 0.84, 0.80) && (x * 25.0).fract() < 0.5 => 2,
            () if within(x, y, 0.16, 0.44, 0.84, 0.80) => 3,
            () if 0.80 < y => 1,
            () => 0,
        },
    },
    Scene {
        name: "flood",
        colours: &[[150, 160, 168], [110, 98, 76], [196, 88, 62], [231, 222, 205], [134, 120, 92]],
        paint: |x, y| match () {
            () if 0.62 + (x * 30.0).sin() * 0.01 < y => {
                if (y * 40.0).fract() < 0.25 {
                    4
                } else {
                    1
                }
            }
            () if 0.34 < y && y < 0.48 && ((x * 3.0).fract() - 0.5).abs() < (y - 0.34) * 2.6 => 2,
            () if 0.48 <= y && ((x * 3.0).fract() - 0.5).abs() < 0.3 => 3,
            () => 0,
        },
    },
    Scene {
        name: "stadium",
        colours: &[[18, 30, 58], [46, 125, 62], [56, 142, 74], [240, 240, 235], [255, 236, 160]],
        paint: |x, y| match () {
            () if within(x, y, 0.10, 0.08, 0.20, 0.16) || within(x, y, 0.80, 0.08, 0.90, 0.16) => 4,
            () if y < 0.45 => 0,
            () if (x - 0.5).hypot((y - 0.72) * 0.56) < 0.11 && 0.10 < (x - 0.5).hypot((y - 0.72) * 0.56) => 3,
            () if (x - 0.5).abs() < 0.004 => 3,
            () if (x * 10.0).fract() < 0.5 => 1,
            () => 2,
        },
    },
    Scene {
        name: "moon",
        colours: &[[8, 10, 24], [200, 214, 220], [168, 186, 196], [250, 250, 250], [196, 150, 110]],
        paint: |x, y| match () {
            () if (x - 0.62).hypot((y - 0.55) * 0.56) < 0.24 => {
                if ((x * 9.0 + y * 5.0).sin() * (y * 14.0).cos()).abs() < 0.12 {
                    4
                } else if x < 0.6 {
                    1
                } else {
                    2
                }
            }
            () if within(x, y, 0.18, 0.30, 0.26, 0.36) || within(x, y, 0.12, 0.32, 0.32, 0.34) => 3,
            () if ((x * 311.0).sin() * (y * 173.0).sin()) > 0.985 => 3,
            () => 0,
        },
    },
    Scene {
        name: "painting",
        colours: &[
            [236, 231, 222],
            [92, 66, 34],
            [64, 92, 118],
            [206, 178, 122],
            [150, 70, 54],
            [226, 206, 170],
        ],
        paint: |x, y| match () {
            () if !within(x, y, 0.22, 0.10, 0.78, 0.90) => 0,
            () if !within(x, y, 0.26, 0.17, 0.74, 0.83) => 1,
            () if (x - 0.42).hypot((y - 0.44) * 0.56) < 0.035
                || (x - 0.58).hypot((y - 0.46) * 0.56) < 0.035 =>
            {
                5
            }
            () if (x - 0.42).abs() < (y - 0.48) * 0.2 || (x - 0.58).abs() < (y - 0.50) * 0.2 => 4,
            () if 0.62 < y => 3,
            () => 2,
        },
    },
    Scene {
        name: "tram",
        colours: &[[205, 214, 208], [176, 58, 46], [245, 240, 224], [60, 60, 60], [120, 130, 126]],
        paint: |x, y| match () {
            () if within(x, y, 0.18, 0.34, 0.82, 0.50) && (x * 12.0).fract() < 0.75 => 2,
            () if within(x, y, 0.14, 0.28, 0.86, 0.72) => 1,
            () if within(x, y, 0.22, 0.72, 0.34, 0.78) || within(x, y, 0.66, 0.72, 0.78, 0.78) => 3,
            () if (y - 0.16).abs() < 0.006 || (0.78..0.80).contains(&y) => 3,
            () if 0.80 <= y => 4,
            () => 0,
        },
    },
    Scene {
        name: "laboratory",
        colours: &[[226, 238, 240], [64, 145, 150], [250, 252, 252], [38, 84, 100]],
        paint: |x, y| match () {
            () if 0.82 < y => 3,
            () if (0.56..0.82).contains(&y) && ((x * 4.0).fract() - 0.5).abs() < 0.22 => 1,
            () if (0.24..0.82).contains(&y) && ((x * 4.0).fract() - 0.5).abs() < 0.22 => 2,
            () => 0,
        },
    },
    Scene {
        name: "lighthouse",
        colours: &[
            [246, 214, 176],
            [70, 96, 124],
            [250, 248, 244],
            [170, 52, 48],
            [92, 84, 74],
            [255, 240, 170],
        ],
        paint: |x, y| match () {
            () if within(x, y, 0.46, 0.14, 0.54, 0.22) => 5,
            () if (0.22..0.74).contains(&y) && (x - 0.5).abs() < 0.03 + y * 0.04 => {
                if (y * 8.0).fract() < 0.5 { 3 } else { 2 }
            }
            () if 0.70 + (x - 0.5).abs() * 0.4 < y => 4,
            () if 0.72 < y => 1,
            () => 0,
        },
    },
    Scene {
        name: "dam",
        colours: &[
            [206, 220, 228],
            [96, 118, 92],
            [176, 174, 166],
            [72, 118, 148],
            [90, 88, 84],
            [236, 242, 244],
        ],
        paint: |x, y| match () {
            () if (x - 0.5).abs() < 0.012 + (y - 0.6) * 0.1 && 0.6 < y => 5,
            () if (0.30..0.34).contains(&y) && (0.2..0.8).contains(&x) => 4,
            () if (0.30..0.86).contains(&y) && (x - 0.5).abs() < 0.42 - y * 0.32 => 2,
            () if (0.26..0.30).contains(&y) => 3,
            () if 0.5 - (x - 0.5).abs() * 0.9 < y => 1,
            () => 0,
        },
    },
    Scene {
        name: "terminal",
        colours: &[[238, 232, 222], [44, 48, 56], [122, 196, 150], [86, 92, 104], [196, 66, 58]],
        paint: |x, y| match () {
            () if within(x, y, 0.40, 0.22, 0.60, 0.40) && ((x - 0.5) - (y - 0.31) * 0.56).abs() < 0.01 => 4,
            () if within(x, y, 0.40, 0.22, 0.60, 0.40) && ((x - 0.5) + (y - 0.31) * 0.56).abs() < 0.01 => 4,
            () if within(x, y, 0.38, 0.18, 0.62, 0.44) => 2,
            () if within(x, y, 0.38, 0.50, 0.62, 0.84)
                && (x * 25.0).fract() < 0.7
                && (y * 12.0).fract() < 0.7 =>
            {
                3
            }
            () if within(x, y, 0.35, 0.12, 0.65, 0.90) => 1,
            () => 0,
        },
    },
    Scene {
        name: "fish",
        colours: &[[214, 232, 236], [96, 124, 134], [150, 172, 172], [30, 40, 48]],
        paint: |x, y| match () {
            () if (x - 0.28).hypot((y - 0.46) * 0.56) < 0.014 => 3,
            () if (x - 0.45).hypot((y - 0.5) * 0.9) < 0.23 => {
                if 0.5 < y {
                    2
                } else {
                    1
                }
            }
            () if (0.62..0.82).contains(&x) && (y - 0.5).abs() < (x - 0.62) * 1.1 => 1,
            () => 0,
        },
    },
    Scene {
        name: "cat",
        colours: &[[240, 230, 208], [140, 96, 58], [60, 44, 30], [150, 52, 46], [52, 92, 88], [186, 150, 84]],
        paint: |x, y| match () {
            () if 0.70 < y => [3, 4, 5, 2][(x * 24.0) as usize % 4],
            () if (0.18..0.30).contains(&y)
                && ((x - 0.44).abs().min((x - 0.56).abs())) < (y - 0.18) * 0.4 =>
            {
                1
            }
            () if (x - 0.46).hypot((y - 0.36) * 0.56) < 0.012
                || (x - 0.54).hypot((y - 0.36) * 0.56) < 0.012 =>
            {
                2
            }
            () if (x - 0.5).hypot((y - 0.38) * 0.62) < 0.10 => 1,
            () if (x - 0.5).hypot((y - 0.66) * 0.56) < 0.14 => {
                if (y * 18.0).fract() < 0.3 {
                    2
                } else {
                    1
                }
            }
            () => 0,
        },
    },
];

fn within(x: f32, y: f32, left: f32, top: f32, right: f32, bottom: f32) -> bool {
    (left..right).contains(&x) && (top..bottom).contains(&y)
}

/// Four bits for each place, two places to a byte; each row begins with "no filter" (PNG, chapter 9).
fn rows(paint: Paint) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0);
        for x in (0..WIDTH).step_by(2) {
            let at = |x: u32| paint(x as f32 / WIDTH as f32, y as f32 / HEIGHT as f32) & 15;
            rows.push(at(x) << 4 | at(x + 1));
        }
    }
    rows
}

fn encode(colours: &[Rgb], rows: &[u8]) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let size = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    chunk(&mut file, b"IHDR", &[size.as_slice(), &[4, 3, 0, 0, 0]].concat());
    chunk(&mut file, b"PLTE", &colours.concat());
    chunk(&mut file, b"IDAT", &stored(rows));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let named = [name.as_slice(), data].concat();
    file.extend(&named);
    file.extend(crc(&named).to_be_bytes());
}

/// zlib (RFC 1950) around blocks that are not compressed (RFC 1951, 3.2.4): they never leave this machine.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}
