//! Looks out for things that can be followed or muted: which of them a story is about, which of them a text names.

use news::{StorySketch, Target};

use crate::about::{Book, Page, Wanted};

/// Things that one looks out for, made ready for many stories and texts.
#[derive(Default)]
pub struct Lookout {
    book: Book,
    wanted: Vec<Wanted>,
}

impl Lookout {
    /// Each thing with the other names by which it goes; answers give their places in this order.
    pub fn new<'a>(things: impl Iterator<Item = (&'a Target, &'a [String])>) -> Lookout {
        let mut lookout = Lookout::default();
        for (target, aliases) in things {
            let wanted = lookout.book.enter(target, aliases);
            lookout.wanted.push(wanted);
        }
        lookout
    }

    /// Those that the story is about.
    pub fn about(&self, story: &StorySketch) -> Vec<usize> {
        let mut page = Page::default();
        page.read(story, &self.book);
        self.which(|wanted| page.is_about(story, wanted))
    }

    /// Those that the text names: names, situations (by all of their names) and words; never an author.
    pub fn named_in(&self, text: &str) -> Vec<usize> {
        let mut page = Page::default();
        page.read_text(text, &self.book);
        self.which(|wanted| page.is_named(wanted))
    }

    /// Those that are one of these authors.
    pub fn by(&self, authors: &[String]) -> Vec<usize> {
        let mut page = Page::default();
        page.read_authors(authors, &self.book);
        self.which(|wanted| wanted.is_author() && page.is_named(wanted))
    }

    fn which(&self, is: impl Fn(&Wanted) -> bool) -> Vec<usize> {
        self.wanted.iter().enumerate().filter(|(_, it)| is(it)).map(|(place, _)| place).collect()
    }
}
