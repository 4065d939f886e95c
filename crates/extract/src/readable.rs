//! Which part of a page is the article.

use html5ever::local_name;

use crate::Page;
use crate::address::Base;
use crate::dom::Dom;
use crate::metadata::Said;
use crate::sanitize::{Keep, tidy_subtrees};

pub struct Body {
    pub html: String,
    /// It ends where a reader would have to pay.
    pub is_cut: bool,
}

pub fn texts(dom: &Dom) -> Vec<String> {
    dom.all(&local_name!("p")).map(|it| dom.text(it)).collect()
}

pub fn body(dom: &Dom, page: &Page, _said: &Said) -> Option<Body> {
    let mut best = None;
    let mut sums: std::collections::HashMap<u32, usize> = Default::default();
    for p in dom.all(&local_name!("p")) {
        let length = dom.text(p).chars().count();
        for (up, ancestor) in dom.ancestors(p).take(2).enumerate() {
            let sum = sums.entry(ancestor).or_default();
            *sum += length / (up + 1);
            if best.is_none_or(|(_, most)| most < *sum) {
                best = Some((ancestor, *sum));
            }
        }
    }
    let (root, length) = best?;
    if length < 200 {
        return None;
    }
    let html = tidy_subtrees(dom, root, &mut Base::new(page.address), &|_| Keep::Yes);
    Some(Body { html, is_cut: false })
}
