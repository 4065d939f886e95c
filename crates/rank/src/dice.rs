//! Chance as a function: the same seed and story always give the same throw, whatever the order of asking.

use std::f32::consts::TAU;

/// SplitMix64 (Steele, Lea & Flood 2014).
fn mixed(state: u64) -> u64 {
    let z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// In (0, 1).
fn even(bits: u64) -> f32 {
    ((bits >> 40) as f32 + 0.5) / (1_u64 << 24) as f32
}

/// Normal, mean 0, variance 1 (Box & Muller).
pub fn normal(seed: u64, of: i64) -> f32 {
    let first = mixed(seed ^ mixed(of as u64));
    (-2.0 * even(first).ln()).sqrt() * (TAU * even(mixed(first))).cos()
}
