//! Where a picture or an embed really lies: pages hide it in `srcset`, `data-src` and the like until it is scrolled to.

use crate::dom::{Dom, Id, Kind};

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
    of_picture(dom, id).or_else(|| without_script(dom, id)).or_else(|| within_data(dom, id))
}

fn of_picture(dom: &Dom, id: Id) -> Option<String> {
    let picture = dom.parent(id).filter(|it| dom.is_one_of(*it, &["picture"]))?;
    let mut sources = dom.children(picture).filter(|it| dom.is_one_of(*it, &["source"]));
    sources.find_map(|it| largest(dom.attr(it, "data-srcset").or(dom.attr(it, "srcset"))?))
}

/// What stands beside it for browsers without scripts.
fn without_script(dom: &Dom, id: Id) -> Option<String> {
    let mut beside = dom.children(dom.parent(id)?).filter(|it| dom.is_one_of(*it, &["noscript"]));
    let inside = beside.find_map(|it| dom.under(it).find(|it| dom.is_one_of(*it, &["img"])))?;
    dom.attr(inside, "src").map(str::trim).filter(|it| it.starts_with("http")).map(str::to_owned)
}

/// The first address in data that a script would read ("data-srcs", as JSON).
fn within_data(dom: &Dom, id: Id) -> Option<String> {
    let Kind::Element { attrs, .. } = &dom.nodes[id as usize].kind else { return None };
    let mut data = attrs.iter().filter(|it| {
        let name = &*it.name.local;
        name.starts_with("data-") && name.contains("src") && it.value.len() < 4000
    });
    data.find_map(|it| {
        let address = &it.value[it.value.find("https://")?..];
        let end = address.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '}' | ')'));
        Some(address[..end.unwrap_or(address.len())].to_owned())
    })
}

/// Whether two addresses are of one picture, cut or scaled in two ways: they have the name of the file in common, or a
/// number or key that no other picture would have.
pub fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (path(a), path(b));
    let file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |it| it.0);
        // "harbour-640x360" and "harbour_w1200" are both of the harbour.
        let is_size =
            |it: &str| it.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'x' | b'w' | b'h' | b'@'));
        let parts: Vec<&str> = stem.split(['-', '_']).collect();
        let kept = parts.iter().rposition(|it| !is_size(it)).map_or(parts.len(), |it| it + 1);
        parts[..kept].join("-")
    };
    let (name, other) = (file(&a), file(&b));
    (5 <= name.len() && name == other) || keys(&a).any(|it| keys(&b).any(|other| other == it))
}

/// The path of an address, or of the address that it carries.
fn path(address: &str) -> String {
    let address = address.replace("%2F", "/").replace("%2f", "/").to_ascii_lowercase();
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// Parts of a path that name one picture: long, with digits, and no date.
fn keys(path: &str) -> impl Iterator<Item = &str> {
    let is_date = |it: &str| it.len() <= 8 && (it.starts_with("19") || it.starts_with("20"));
    path.split(|c: char| !c.is_ascii_alphanumeric()).filter(move |it| {
        let digits = it.bytes().filter(u8::is_ascii_digit).count();
        (digits == it.len() && 6 <= digits && !is_date(it)) || (12 <= it.len() && 3 <= digits)
    })
}

fn is_placeholder(address: &str) -> bool {
    ["placeholder", "lazyload", "transparent", "/blank.", "/spacer.", "/grey.", "/loading."]
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
        let source = dom.children(id).find(|&it| dom.is_one_of(it, &["source"]))?;
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

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn one_picture_has_many_addresses() {
        let address = "https://a.example/2026/05/03/440913/harbour-1200x675.jpg?w=3";
        for other in [
            "/img/harbour.webp",
            "https://b.example/harbour_w640.jpg",
            "https://c.example/thumb/msid-440913,width-400/x.jpg",
            "https://d.example/resize?u=1",
        ] {
            assert_eq!(is_same(address, other), !other.contains("resize"), "{other}");
        }
        assert!(
            !is_same("https://a.example/20260503/a.jpg", "https://a.example/20260503/b.jpg"),
            "a day is no key"
        );
        assert!(is_same("https://a.example/440913", "https://b.example/https%3A%2F%2Fa.example%2F440913?x"));
    }
}
