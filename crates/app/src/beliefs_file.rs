//! What a reader set by hand, as a text that can be kept, edited and brought along: `name:Ukraine = 0.8`.

use news::{ReaderId, SourceId, Target};

use crate::{App, AppError, Result, parse_target, target_word};

const HEAD: &str = "\
# What you told tidings of yourself: what, and how much you care, from -1 (not at all) to 1 (very much).
# A line that you take away is guessed again. Lines that begin with # are guesses: take the # away to make one yours.
";
/// Guesses that are written out, the strongest.
const GUESSES: usize = 200;
/// A text of more lines was not written here.
const LINES: usize = 5000;

impl App {
    pub async fn beliefs_text(&self, reader: ReaderId) -> Result<String> {
        let beliefs = self.beliefs(reader).await?.beliefs;
        let sources = self.source_addresses().await?;
        let word =
            |target: &Target| one_line(&source_out(target, &sources).unwrap_or_else(|| target_word(target)));
        let mut text = HEAD.to_string();
        for (target, value) in beliefs.iter().filter_map(|it| Some((&it.target, it.corrected?))) {
            text.push_str(&format!("{} = {value:.2}\n", word(target)));
        }
        for it in beliefs.iter().filter(|it| it.corrected.is_none()).take(GUESSES) {
            text.push_str(&format!("# {} = {:.2}\n", word(&it.target), it.strength));
        }
        Ok(text)
    }

    /// The text says all that is set by hand: what it does not name is guessed again. Answers how much it sets.
    pub async fn take_beliefs(&self, reader: ReaderId, text: &str) -> Result<usize> {
        let sources = self.source_addresses().await?;
        let said = read(text, &sources)?;
        let (mut interests, upto) = self.store.interests(reader).await?;
        let before: Vec<Target> = interests
            .beliefs
            .iter()
            .filter(|(_, it)| it.corrected.is_some())
            .map(|(it, _)| it.clone())
            .collect();
        for target in &before {
            interests = learn::correct(interests, target, None);
        }
        for (target, value) in &said {
            interests = learn::correct(interests, target, Some(*value));
        }
        self.store.record_interests(None, reader, &interests, upto).await?;
        Ok(said.len())
    }

    /// A source's number means something in this house only; its address everywhere.
    async fn source_addresses(&self) -> Result<Vec<(SourceId, String)>> {
        let all = self.store.all_sources().await?;
        Ok(all.into_iter().map(|it| (it.source.id, it.source.address)).collect())
    }
}

fn source_out(target: &Target, sources: &[(SourceId, String)]) -> Option<String> {
    let Target::Source(source) = target else { return None };
    sources.iter().find(|(id, _)| id == source).map(|(_, address)| format!("source:{address}"))
}

fn source_in(word: &str, sources: &[(SourceId, String)]) -> Option<Target> {
    let address = word.strip_prefix("source:")?.trim();
    sources.iter().find(|(_, it)| it == address).map(|(id, _)| Target::Source(*id))
}

/// Names come from the web: none may begin a line of its own.
fn one_line(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(text: &str, sources: &[(SourceId, String)]) -> Result<Vec<(Target, f32)>> {
    let mut said = Vec::new();
    for (number, line) in text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())) {
        if LINES < number {
            return Err(AppError::Refused(format!("That is more than {LINES} lines; nothing was changed.")));
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = line.rsplit_once('=').and_then(|(word, value)| {
            let value: f32 = value.trim().parse().ok()?;
            let word = word.trim();
            let target = source_in(word, sources).or_else(|| parse_target(word))?;
            (-1.0..=1.0).contains(&value).then_some((target, value))
        });
        said.push(read.ok_or_else(|| {
            AppError::Refused(format!(
                "Line {number} is not of the form “name:Ukraine = 0.8”, with a number from -1 to 1; nothing was changed."
            ))
        })?);
    }
    Ok(said)
}

#[cfg(test)]
mod tests;
