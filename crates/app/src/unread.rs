//! How many entries are unread, as the lists show them: what is muted is not counted.
//!
//! The store counts without reading an entry; whether one is muted is known only by looking at it. So whoever mutes
//! nothing gets the store's number, and for the others as many of the newest unread entries of each source are looked
//! at as a page has time for. Where there are more, the number is said to be the least that it can be: it never counts
//! what is muted.

use std::collections::HashMap;

use news::{ReaderId, SourceId};

use crate::{App, Result, SourceView};

/// So many entries are looked at for all sources together, about.
const LOOKED_AT: usize = 5_000;
/// Of one source no fewer, however many there are, and no more, however few.
const OF_EACH: (usize, usize) = (10, 1_000);

impl App {
    pub(crate) async fn unread_without_muted(
        &self,
        reader: ReaderId,
        mut views: Vec<SourceView>,
    ) -> Result<Vec<SourceView>> {
        let muting = self.muting(reader).await?;
        if muting.is_empty() {
            return Ok(views);
        }
        let waiting = views.iter().filter(|it| 0 < it.unread).count().max(1);
        let at_most = (LOOKED_AT / waiting).clamp(OF_EACH.0, OF_EACH.1);
        for view in &mut views {
            view.more_unread = (at_most as u64) < view.unread;
        }
        let only = views.first().filter(|_| views.len() == 1).map(|it| it.source.id);
        let entries = self.store.newest_unread(reader, only, at_most).await?;
        let mut counts: HashMap<SourceId, u64> = HashMap::new();
        for it in self.unmuted_entries(&muting, entries).await? {
            *counts.entry(it.source).or_default() += 1;
        }
        for view in &mut views {
            view.unread = counts.get(&view.source.id).copied().unwrap_or(0);
        }
        Ok(views)
    }
}
