//! Lists and nested things in few bytes, for the columns that no question looks into.
//!
//! A record is written as its length and then its fields in order. So a field can be added at the end of any record:
//! old rows lack it and it reads as its default; what an older program does not know, it skips. Fields are never
//! reordered or taken out. Reading never fails and never asks for more memory than there are bytes.

use std::cell::RefCell;

pub(crate) trait Pack: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(from: &mut In) -> Self;
}

/// What is left to read.
pub(crate) struct In<'a>(pub &'a [u8]);

pub(crate) fn pack<T: Pack>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

pub(crate) fn unpack<T: Pack>(bytes: &[u8]) -> T {
    T::take(&mut In(bytes))
}

impl<'a> In<'a> {
    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (now, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        now
    }

    /// Numbers of seven bits a byte, the lowest first (LEB128).
    pub fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some((&byte, rest)) = self.0.split_first() else { return number };
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX).min(self.0.len())
    }
}

pub(crate) fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while 0x80 <= number {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

impl Pack for u64 {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(*self, out);
    }
    fn take(from: &mut In) -> Self {
        from.number()
    }
}
impl Pack for u32 {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(u64::from(*self), out);
    }
    fn take(from: &mut In) -> Self {
        from.number() as u32
    }
}
impl Pack for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(((self << 1) ^ (self >> 63)) as u64, out);
    }
    fn take(from: &mut In) -> Self {
        let number = from.number();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }
}
impl Pack for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(from: &mut In) -> Self {
        from.number() != 0
    }
}
impl Pack for f32 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.to_le_bytes());
    }
    fn take(from: &mut In) -> Self {
        from.bytes(4).try_into().map_or(0.0, f32::from_le_bytes)
    }
}
impl Pack for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(self.len() as u64, out);
        out.extend(self.as_bytes());
    }
    fn take(from: &mut In) -> Self {
        let length = from.length();
        String::from_utf8_lossy(from.bytes(length)).into_owned()
    }
}
impl<T: Pack> Pack for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(from: &mut In) -> Self {
        bool::take(from).then(|| T::take(from))
    }
}
impl<T: Pack> Pack for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(self.len() as u64, out);
        self.iter().for_each(|value| value.put(out));
    }
    fn take(from: &mut In) -> Self {
        let length = from.length();
        let mut values = Vec::with_capacity(length.min(1024));
        for _ in 0..length {
            if from.0.is_empty() {
                break;
            }
            values.push(T::take(from));
        }
        values
    }
}
impl<A: Pack, B: Pack> Pack for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn take(from: &mut In) -> Self {
        (A::take(from), B::take(from))
    }
}

/// A record: its length, then its fields.
pub(crate) fn put_record(out: &mut Vec<u8>, fields: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.push(0);
    fields(out);
    let length = out.len() - start - 1;
    if length < 0x80 {
        out[start] = length as u8;
    } else {
        let mut prefix = Vec::with_capacity(4);
        put_number(length as u64, &mut prefix);
        out.splice(start..=start, prefix);
    }
}

pub(crate) fn take_record<'a>(from: &mut In<'a>) -> In<'a> {
    let length = from.length();
    In(from.bytes(length))
}

/// How a struct is packed: its fields in the order given. New ones go at the end.
macro_rules! packs {
    ($($kind:ty { $($field:ident),* $(,)? })*) => {$(
        impl $crate::pack::Pack for $kind {
            fn put(&self, out: &mut Vec<u8>) {
                $crate::pack::put_record(out, |out| { $($crate::pack::Pack::put(&self.$field, out);)* });
            }
            fn take(from: &mut $crate::pack::In) -> Self {
                let mut from = $crate::pack::take_record(from);
                Self { $($field: $crate::pack::Pack::take(&mut from)),* }
            }
        }
    )*};
}
pub(crate) use packs;

thread_local! {
    // Making a compressor costs more than compressing a short text with it.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// No text that we keep is longer; what claims to be is damaged.
const LONGEST: usize = 64 << 20;

/// Its length, then the text as zstd has it; as it is, when that is no longer (told by a length of 0).
pub(crate) fn squeeze(text: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let mut out = Vec::new();
        let made = match kept {
            Some(compressor) => Some(compressor),
            None => zstd::bulk::Compressor::new(1).ok().map(|new| kept.insert(new)),
        };
        let squeezed =
            made.filter(|_| 64 <= text.len()).and_then(|compressor| compressor.compress(text).ok());
        match squeezed.filter(|squeezed| squeezed.len() < text.len()) {
            Some(squeezed) => {
                put_number(text.len() as u64, &mut out);
                out.extend(squeezed);
            }
            None => {
                out.push(0);
                out.extend(text);
            }
        }
        out
    })
}

/// What was squeezed; nothing when it is damaged.
pub(crate) fn unsqueeze(bytes: &[u8]) -> Vec<u8> {
    let mut from = In(bytes);
    match from.number() as usize {
        0 => from.0.to_vec(),
        length if LONGEST < length => Vec::new(),
        length => DECOMPRESSOR.with_borrow_mut(|kept| {
            let made = match kept {
                Some(decompressor) => Some(decompressor),
                None => zstd::bulk::Decompressor::new().ok().map(|new| kept.insert(new)),
            };
            made.and_then(|decompressor| decompressor.decompress(from.0, length).ok()).unwrap_or_default()
        }),
    }
}

#[cfg(test)]
mod tests;
