//! A bounded place for pictures: on disk or in memory, what was not wanted for longest goes first.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

pub struct Shelf {
    folder: Option<PathBuf>,
    at_most: u64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    by_name: HashMap<String, Item>,
    /// By when it was last wanted: the first of them goes first.
    by_turn: BTreeMap<u64, String>,
    next_turn: u64,
    bytes: u64,
}

struct Item {
    turn: u64,
    size: u64,
    /// None on disk.
    bytes: Option<Vec<u8>>,
}

impl Shelf {
    pub fn in_memory(at_most: u64) -> Shelf {
        Shelf { folder: None, at_most, held: Mutex::default() }
    }

    /// With what lies there already, in the order in which it came.
    pub fn on_disk(folder: &Path, at_most: u64) -> Shelf {
        let mut held = Held::default();
        let mut found: Vec<(SystemTime, String, u64)> = Vec::new();
        for file in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (Ok(meta), Ok(name)) = (file.metadata(), file.file_name().into_string()) else { continue };
            match is_ours(&name) {
                true => found.push((meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), name, meta.len())),
                // Half-written when the program was stopped.
                false if name.ends_with(HALF) => drop(fs::remove_file(file.path())),
                false => (),
            }
        }
        found.sort();
        for (_, name, size) in found {
            held.add(name, size, None);
        }
        Shelf { folder: Some(folder.to_path_buf()), at_most, held: Mutex::new(held) }
    }

    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = held.wanted(name)?;
        let Some(folder) = &self.folder else { return bytes };
        drop(held);
        let read = fs::read(folder.join(name)).ok();
        if read.is_none() {
            // Someone tidied the folder.
            self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        }
        read
    }

    pub fn put(&self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        let size = bytes.len() as u64;
        if self.at_most < size {
            return Ok(());
        }
        let kept = match &self.folder {
            None => Some(bytes),
            Some(folder) => {
                fs::create_dir_all(folder)?;
                let half = folder.join(format!("{name}{HALF}"));
                fs::write(&half, &bytes)?;
                fs::rename(half, folder.join(name))?;
                None
            }
        };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.add(name.to_string(), size, kept);
        let mut gone = Vec::new();
        while self.at_most < held.bytes
            && let Some(name) = held.by_turn.first_key_value().map(|(_, name)| name.clone())
        {
            held.remove(&name);
            gone.push(name);
        }
        drop(held);
        if let Some(folder) = &self.folder {
            for name in gone {
                fs::remove_file(folder.join(name))?;
            }
        }
        Ok(())
    }
}

const HALF: &str = ".half";

/// Sixty-four hexadecimal digits; whatever else lies there is not touched.
fn is_ours(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit())
}

impl Held {
    fn add(&mut self, name: String, size: u64, bytes: Option<Vec<u8>>) {
        self.remove(&name);
        let turn = self.next_turn;
        self.next_turn += 1;
        self.bytes += size;
        self.by_turn.insert(turn, name.clone());
        self.by_name.insert(name, Item { turn, size, bytes });
    }

    /// It goes to the end of the row. The inner option: its bytes, when they are in memory.
    fn wanted(&mut self, name: &str) -> Option<Option<Vec<u8>>> {
        let item = self.by_name.get_mut(name)?;
        self.by_turn.remove(&item.turn);
        item.turn = self.next_turn;
        self.next_turn += 1;
        self.by_turn.insert(item.turn, name.to_string());
        Some(item.bytes.clone())
    }

    fn remove(&mut self, name: &str) {
        if let Some(item) = self.by_name.remove(name) {
            self.by_turn.remove(&item.turn);
            self.bytes -= item.size;
        }
    }
}
