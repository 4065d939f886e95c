//! The safetensors format: eight bytes with the length of a JSON header, the header, the numbers.

use std::collections::HashMap;

use ndarray::{Array1, Array2};

pub struct Tensors<'a> {
    about: HashMap<String, serde_json::Value>,
    numbers: &'a [u8],
}

impl<'a> Tensors<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Tensors<'a>, String> {
        let length = bytes.get(..8).and_then(|it| it.try_into().ok()).map(u64::from_le_bytes);
        let end = length.and_then(|it| usize::try_from(it).ok()).and_then(|it| it.checked_add(8));
        let header = end.and_then(|end| bytes.get(8..end)).ok_or("the weights' header is cut off")?;
        let about =
            serde_json::from_slice(header).map_err(|error| format!("the weights' header: {error}"))?;
        Ok(Tensors { about, numbers: &bytes[8 + header.len()..] })
    }

    pub fn matrix(&self, name: &str) -> Result<Array2<f32>, String> {
        let (shape, values) = self.values(name)?;
        let [rows, columns] = shape[..] else { return Err(format!("{name} is no matrix")) };
        Array2::from_shape_vec((rows, columns), values).map_err(|error| format!("{name}: {error}"))
    }

    pub fn vector(&self, name: &str) -> Result<Array1<f32>, String> {
        Ok(Array1::from_vec(self.values(name)?.1))
    }

    fn values(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        // Some models keep their weights under one more name.
        let names = [name.to_owned(), format!("bert.{name}")];
        let about = names.iter().find_map(|it| self.about.get(it)).ok_or(format!("{name} is missing"))?;
        let number = |value: &serde_json::Value| value.as_u64().map(|it| it as usize);
        let shape: Option<Vec<usize>> =
            about["shape"].as_array().and_then(|it| it.iter().map(number).collect());
        let range = (number(&about["data_offsets"][0]), number(&about["data_offsets"][1]));
        let (Some(shape), (Some(from), Some(to))) = (shape, range) else {
            return Err(format!("{name} is not described"));
        };
        let bytes = self.numbers.get(from..to).ok_or(format!("{name} is cut off"))?;
        let values = match about["dtype"].as_str() {
            Some("F32") => {
                bytes.chunks_exact(4).map(|it| f32::from_le_bytes([it[0], it[1], it[2], it[3]])).collect()
            }
            Some("BF16") => {
                bytes.chunks_exact(2).map(|it| f32::from_le_bytes([0, 0, it[0], it[1]])).collect()
            }
            Some("F16") => bytes.chunks_exact(2).map(|it| half(u16::from_le_bytes([it[0], it[1]]))).collect(),
            other => return Err(format!("{name} is of type {other:?}")),
        };
        Ok((shape, values))
    }
}

fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2_f32.powi(-24),
        31 => f32::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15),
    }
}
