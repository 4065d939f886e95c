//! Where a picture or an embed really lies: pages hide it in `srcset`, `data-src` and the like until it is scrolled to.

use crate::dom::{Dom, Id};

/// The address of an `<img>`: the first that is one, the largest of a set.
pub fn source(dom: &Dom, id: Id) -> Option<String> {
    let real = |it: &&str| {
        !it.is_empty() && !it.starts_with("data:") && !it.starts_with("about:") && !is_placeholder(it)
    };
    for name in
        ["data-src", "data-original", "data-lazy-src", "data-hi-res-src", "data-full-src", "data-url", "src"]
    {
        if let Some(found) = dom.attr(id, name).map(str::trim).filter(real) {
            return Some(found.to_owned());
        }
    }
    for name in ["data-srcset", "srcset"] {
        if let Some(found) = dom.attr(id, name).and_then(largest) {
            return Some(found);
        }
    }
    let picture = dom.parent(id).filter(|&it| dom.name(it).is_some_and(|name| &**name == "picture"))?;
    let sources = dom.children(picture).filter(|&it| dom.name(it).is_some_and(|name| &**name == "source"));
    sources.into_iter().find_map(|it| largest(dom.attr(it, "data-srcset").or(dom.attr(it, "srcset"))?))
}

fn is_placeholder(address: &str) -> bool {
    ["placeholder", "lazyload", "/blank.", "/spacer.", "/grey.", "/loading."]
        .iter()
        .any(|it| address.contains(it))
}

/// The largest of a `srcset`: addresses may hold commas, so it is split at white space.
fn largest(set: &str) -> Option<String> {
    let mut best: Option<(f32, &str)> = None;
    let mut address = None;
    for word in set.split_whitespace() {
        let bare = word.trim_end_matches(',');
        let size = bare.strip_suffix(['w', 'x']).and_then(|it| it.parse::<f32>().ok());
        match (address, size) {
            (Some(it), Some(size)) => {
                if best.is_none_or(|(most, _)| most < size) {
                    best = Some((size, it));
                }
                address = None;
            }
            _ => {
                if let Some(it) = address
                    && best.is_none()
                {
                    best = Some((0.0, it));
                }
                address = (!bare.is_empty() && !bare.starts_with("data:")).then_some(bare);
            }
        }
    }
    best.map(|(_, it)| it).or(address).map(str::to_owned)
}

/// Where an embed leads: the page that shows it, rather than the player inside ours.
pub fn embed_address(dom: &Dom, id: Id) -> Option<String> {
    let named =
        ["data-src", "src", "data", "data-url", "data-lazy-src"].iter().filter_map(|name| dom.attr(id, name));
    let own = named.into_iter().find(|it| !it.is_empty() && !it.starts_with("about:")).map(str::to_owned);
    let address = own.or_else(|| {
        let source = dom.children(id).find(|&it| dom.name(it).is_some_and(|name| &**name == "source"))?;
        dom.attr(source, "src").map(str::to_owned)
    })?;
    for (before, after) in [
        ("youtube.com/embed/", "https://www.youtube.com/watch?v="),
        ("youtube-nocookie.com/embed/", "https://www.youtube.com/watch?v="),
        ("player.vimeo.com/video/", "https://vimeo.com/"),
    ] {
        if let Some((_, rest)) = address.split_once(before) {
            let end = rest.find(['?', '&', '#', '/']).unwrap_or(rest.len());
            if !rest[..end].is_empty() && rest[..end] != *"videoseries" {
                return Some(format!("{after}{}", &rest[..end]));
            }
        }
    }
    Some(address)
}

pub fn is_advert_host(host: &str) -> bool {
    [
        "doubleclick.net",
        "googlesyndication.com",
        "googletagmanager.com",
        "adnxs.com",
        "amazon-adsystem.com",
        "taboola.com",
        "outbrain.com",
    ]
    .iter()
    .any(|it| host == *it || host.strip_suffix(it).is_some_and(|before| before.ends_with('.')))
}
