//! Addresses worth trying when somebody gives one that is no feed: what the big platforms offer, and where sites
//! usually keep theirs.

use url::Url;

/// Feeds that may belong to this address, best first. Pure: nobody has been asked.
pub fn guesses(address: &str) -> Vec<String> {
    let address = address.trim();
    let with_scheme = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let Some(url) = Url::parse(&with_scheme).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
    else {
        return Vec::new();
    };
    let Some(host) =
        url.host_str().map(|host| host.trim_start_matches("www.").trim_start_matches("m.").to_owned())
    else {
        return Vec::new();
    };
    let path: Vec<&str> =
        url.path_segments().map(|it| it.filter(|it| !it.is_empty()).collect()).unwrap_or_default();
    let platform = platform(&url, &host, &path);
    if !platform.is_empty() {
        return platform;
    }
    usual_places(&url, &path)
}

fn platform(url: &Url, host: &str, path: &[&str]) -> Vec<String> {
    let query =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    match host {
        "youtube.com" | "youtu.be" | "music.youtube.com" => youtube(path, query("list")),
        "reddit.com" | "old.reddit.com" | "new.reddit.com" => reddit(path),
        "github.com" => github(path),
        "gitlab.com" | "codeberg.org" => match path {
            [owner, project, ..] => vec![
                format!("https://{host}/{owner}/{project}/releases.atom"),
                format!("https://{host}/{owner}/{project}.atom"),
                format!("https://{host}/{owner}/{project}.rss"),
            ],
            _ => Vec::new(),
        },
        "bsky.app" => match path {
            ["profile", who, ..] => vec![format!("https://bsky.app/profile/{who}/rss")],
            _ => Vec::new(),
        },
        "medium.com" => match path {
            ["tag", tag, ..] => vec![format!("https://medium.com/feed/tag/{tag}")],
            ["feed", ..] => vec![url.to_string()],
            [who, ..] => vec![format!("https://medium.com/feed/{who}")],
            [] => Vec::new(),
        },
        "vimeo.com" => {
            path.first().map(|who| vec![format!("https://vimeo.com/{who}/videos/rss")]).unwrap_or_default()
        }
        "news.ycombinator.com" => vec!["https://news.ycombinator.com/rss".to_owned()],
        "tumblr.com" => {
            path.first().map(|who| vec![format!("https://{who}.tumblr.com/rss")]).unwrap_or_default()
        }
        "dev.to" => path.first().map(|who| vec![format!("https://dev.to/feed/{who}")]).unwrap_or_default(),
        "stackoverflow.com" => match path {
            ["questions", "tagged", tag, ..] => vec![format!("https://stackoverflow.com/feeds/tag/{tag}")],
            _ => Vec::new(),
        },
        "substack.com" => match path {
            [who, ..] if who.starts_with('@') => vec![format!("https://{}.substack.com/feed", &who[1..])],
            _ => Vec::new(),
        },
        _ if host.ends_with(".substack.com") => vec![format!("https://{host}/feed")],
        _ if host.ends_with(".medium.com") => vec![format!("https://{host}/feed")],
        _ if host.ends_with(".tumblr.com") => vec![format!("https://{host}/rss")],
        _ if host.ends_with(".blogspot.com") => vec![
            format!("https://{host}/feeds/posts/default"),
            format!("https://{host}/feeds/posts/default?alt=rss"),
        ],
        _ if host.ends_with(".wordpress.com") => vec![format!("https://{host}/feed/")],
        _ if host.ends_with(".bandcamp.com") => vec![format!("https://{host}/feed")],
        _ => fediverse(url, path),
    }
}

/// Channels by number and playlists have a feed; a handle (`/@name`) has to be looked up in its page.
fn youtube(path: &[&str], list: Option<String>) -> Vec<String> {
    let feed = |what: &str, id: &str| format!("https://www.youtube.com/feeds/videos.xml?{what}={id}");
    match (path, list) {
        (["feeds", "videos.xml"], _) => Vec::new(),
        (_, Some(list)) => vec![feed("playlist_id", &list)],
        (["channel", id, ..], _) => vec![feed("channel_id", id)],
        (["user", name, ..], _) => vec![feed("user", name)],
        _ => Vec::new(),
    }
}

fn reddit(path: &[&str]) -> Vec<String> {
    match path {
        [.., last] if last.ends_with(".rss") => Vec::new(),
        ["r", name, "comments", id, ..] => {
            vec![format!("https://www.reddit.com/r/{name}/comments/{id}/.rss")]
        }
        ["r", name, "top", ..] => vec![format!("https://www.reddit.com/r/{name}/top/.rss?t=week")],
        ["r", name, ..] => vec![
            format!("https://www.reddit.com/r/{name}/.rss"),
            format!("https://www.reddit.com/r/{name}/top/.rss?t=week"),
        ],
        ["u" | "user", name, "m", multi, ..] => {
            vec![format!("https://www.reddit.com/user/{name}/m/{multi}/.rss")]
        }
        ["u" | "user", name, ..] => vec![format!("https://www.reddit.com/user/{name}/.rss")],
        [] => vec!["https://www.reddit.com/.rss".to_owned()],
        _ => Vec::new(),
    }
}

fn github(path: &[&str]) -> Vec<String> {
    match path {
        [.., last] if last.ends_with(".atom") => Vec::new(),
        [owner, project, "commits" | "tree", branch, ..] => {
            vec![format!("https://github.com/{owner}/{project}/commits/{branch}.atom")]
        }
        [owner, project, "tags", ..] => vec![format!("https://github.com/{owner}/{project}/tags.atom")],
        [owner, project, "discussions", ..] => {
            vec![format!("https://github.com/{owner}/{project}/discussions.atom")]
        }
        [owner, project, ..] => vec![
            format!("https://github.com/{owner}/{project}/releases.atom"),
            format!("https://github.com/{owner}/{project}/commits.atom"),
            format!("https://github.com/{owner}/{project}/tags.atom"),
        ],
        [who] => vec![format!("https://github.com/{who}.atom")],
        [] => Vec::new(),
    }
}

/// Mastodon and its kin: `https://host/@name`, `https://host/tags/name`.
fn fediverse(url: &Url, path: &[&str]) -> Vec<String> {
    let origin = url.origin().ascii_serialization();
    match path {
        [who] if who.starts_with('@') && !who.ends_with(".rss") => {
            // `@name@elsewhere` is a copy; the feed is at home.
            match who[1..].split_once('@') {
                Some((name, home)) => vec![format!("https://{home}/@{name}.rss")],
                None => {
                    // Write.as, Medium on domains of their own: `/@name/feed`.
                    let mut tries = vec![format!("{origin}/{who}.rss"), format!("{origin}/{who}/feed")];
                    tries.push(format!("{origin}/feed/{who}"));
                    tries
                }
            }
        }
        ["tags", tag] if !tag.ends_with(".rss") => vec![format!("{origin}/tags/{tag}.rss")],
        _ => Vec::new(),
    }
}

/// Below the address itself first, then at the site's root.
fn usual_places(url: &Url, path: &[&str]) -> Vec<String> {
    const PLACES: [&str; 12] = [
        "feed",
        "rss.xml",
        "atom.xml",
        "rss",
        "feed.xml",
        "index.xml",
        "feed/",
        "feeds/posts/default",
        "feed.json",
        "atom",
        "?feed=rss2",
        "news-sitemap.xml",
    ];
    let origin = url.origin().ascii_serialization();
    let mut tries = Vec::new();
    let is_file = path.last().is_some_and(|last| last.contains('.'));
    if !path.is_empty() && !is_file {
        let folder = format!("{origin}/{}", path.join("/"));
        tries.extend(PLACES.iter().take(6).map(|place| format!("{folder}/{place}")));
    }
    tries.extend(PLACES.iter().map(|place| format!("{origin}/{place}")));
    tries
}
