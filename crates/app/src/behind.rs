//! What the headlines of articles do not tell, for mutes: who wrote them, and what else is said in their texts.
//!
//! Looked up only for what is about to be shown, and only where a mute makes it matter. The index of words says which
//! texts may hold something; those are read, and the one rule for words (`rank::Lookout`) decides.

use std::collections::HashMap;

use news::{ArticleId, Story};

use crate::{App, Byline, Muting, Result};

#[derive(Default)]
pub struct Behind {
    bylines: HashMap<ArticleId, Byline>,
    /// Mutes, by their places, whose words stand in the article's text.
    says: HashMap<ArticleId, Vec<usize>>,
}

impl Behind {
    pub fn authors(&self, article: ArticleId) -> &[String] {
        self.bylines.get(&article).map_or(&[], |it| &it.authors)
    }

    pub fn says(&self, article: ArticleId) -> &[usize] {
        self.says.get(&article).map_or(&[], |it| it)
    }
}

impl App {
    pub(crate) async fn behind(&self, muting: &Muting, articles: &[ArticleId]) -> Result<Behind> {
        let mut behind = Behind::default();
        if muting.asks_for_authors() {
            let bylines = self.store.bylines(articles).await?;
            behind.bylines = bylines.into_iter().map(|it| (it.article, it)).collect();
        }
        let phrases = muting.looked_for_in_texts();
        if !phrases.is_empty() && !articles.is_empty() {
            for (article, text) in self.store.texts_that_may_say(articles, phrases).await? {
                behind.says.insert(article, muting.said_in(&text));
            }
        }
        Ok(behind)
    }

    pub(crate) async fn behind_stories<'a>(
        &self,
        muting: &Muting,
        stories: impl IntoIterator<Item = &'a Story>,
    ) -> Result<Behind> {
        if !muting.looks_behind_headlines() {
            return Ok(Behind::default());
        }
        let articles: Vec<ArticleId> =
            stories.into_iter().flat_map(|it| &it.members).map(|it| it.article).collect();
        self.behind(muting, &articles).await
    }
}
