//! A reader leaves, with everything of theirs.

use news::ReaderId;

use crate::{App, AppError, Leaving, Result};

impl App {
    /// What would go.
    pub async fn leaving(&self, reader: ReaderId) -> Result<Leaving> {
        Ok(self.keeping.leaving(reader).await?)
    }

    /// Whoever wants that gives the reader's name. There is no way back.
    pub async fn leave(&self, reader: ReaderId, name: &str) -> Result<Leaving> {
        let leaving = self.leaving(reader).await?;
        if leaving.name != name.trim() {
            return Err(AppError::Refused(format!(
                "Nothing was deleted: give the name “{}”, as it is written, to delete all that is theirs.",
                leaving.name
            )));
        }
        self.keeping.leave(reader, self.now()).await?;
        Ok(leaving)
    }
}
