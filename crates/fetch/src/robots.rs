//! robots.txt, as RFC 9309 has it: which pages of a site a program may read.

use std::time::Duration;

/// Nothing after that is read (RFC 9309, 2.5).
const AT_MOST: usize = 500 * 1024;
/// A longer pause than this is nobody's right.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robots {
    groups: Vec<Group>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    agents: Vec<String>,
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allow: bool,
    /// Percent-encoding made equal; `*` and a last `$` mean something.
    pattern: String,
}

impl Robots {
    pub fn parse(bytes: &[u8]) -> Robots {
        let bytes = match bytes.get(..AT_MOST) {
            // A rule that is cut in two would be another rule.
            Some(beginning) => beginning.rsplitn(2, |&b| b == b'\n').last().unwrap_or_default(),
            None => bytes,
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut robots = Robots::default();
        let mut naming = false;
        for line in bytes.split(|b| matches!(b, b'\n' | b'\r')) {
            let line = line.split(|&b| b == b'#').next().unwrap_or_default();
            let Some(colon) = line.iter().position(|&b| b == b':') else { continue };
            let (key, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
            if key.eq_ignore_ascii_case(b"user-agent") {
                if !naming {
                    robots.groups.push(Group::default());
                }
                naming = true;
                let agent = String::from_utf8_lossy(value).to_ascii_lowercase();
                robots.groups.last_mut().expect("was pushed").agents.push(agent);
                continue;
            }
            let is_allow = key.eq_ignore_ascii_case(b"allow");
            let is_rule = is_allow || key.eq_ignore_ascii_case(b"disallow");
            let is_delay = key.eq_ignore_ascii_case(b"crawl-delay");
            // Other lines (Sitemap…) belong to no group and end none.
            let Some(group) = robots.groups.last_mut().filter(|_| is_rule || is_delay) else { continue };
            naming = false;
            if is_rule && !value.is_empty() {
                group.rules.push(Rule { allow: is_allow, pattern: normal(value) });
            } else if is_delay {
                let seconds = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f32>().ok());
                let seconds = seconds.filter(|s| s.is_finite() && 0.0 <= *s);
                group.delay = seconds.map(|s| Duration::from_secs_f32(s.min(LONGEST_DELAY.as_secs_f32())));
            }
        }
        robots
    }

    /// Nothing may be read: the file could not be had because the site is in trouble (RFC 9309, 2.3.1.4).
    pub fn nothing() -> Robots {
        Robots::parse(b"User-agent: *\nDisallow: /")
    }

    /// Whether a program of that name may read that path (with its query). The longest rule that fits decides; of two
    /// equally long ones the one that allows.
    pub fn allows(&self, agent: &str, path: &str) -> bool {
        let path = normal(path.as_bytes());
        if path == "/robots.txt" {
            return true;
        }
        let fitting = self.groups_for(agent).into_iter().flat_map(|group| &group.rules);
        let strongest = fitting
            .filter(|rule| fits(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow));
        strongest.is_none_or(|rule| rule.allow)
    }

    /// The pause between two requests that it asks for (`Crawl-delay`: no part of the RFC, but often meant).
    pub fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        self.groups_for(agent).into_iter().filter_map(|group| group.delay).max()
    }

    /// Only what concerns that program: what is worth keeping.
    pub fn for_agent(&self, agent: &str) -> Robots {
        Robots { groups: self.groups_for(agent).into_iter().cloned().collect() }
    }

    /// All groups that name it; else those for everyone.
    fn groups_for(&self, agent: &str) -> Vec<&Group> {
        let agent = product(agent);
        let named = |wanted: &str| -> Vec<&Group> {
            self.groups.iter().filter(|group| group.agents.iter().any(|it| product(it) == wanted)).collect()
        };
        let ours = named(&agent);
        if ours.is_empty() { named("*") } else { ours }
    }
}

/// "Tidings/1.0 (…)" → "tidings".
fn product(agent: &str) -> String {
    let agent = agent.trim();
    if agent.starts_with('*') {
        return "*".to_owned();
    }
    let end = agent.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(agent.len());
    agent[..end].to_ascii_lowercase()
}

/// One way of writing each path: what need not be percent-encoded is not, what has to be is, in upper case. So it is
/// ASCII.
fn normal(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < path.len() {
        let hex = (path[at] == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        let decoded =
            hex.and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        let (byte, width) = decoded.map_or((path[at], 1), |byte| (byte, 3));
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        // Encoded delimiters mean something else than bare ones; bytes beyond ASCII are always encoded.
        if plain || width == 1 && byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        at += width;
    }
    out
}

/// In time linear in both: each piece between stars is looked for once, from where the last one ended.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = pattern.strip_suffix('$').map_or((pattern, false), |rest| (rest, true));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return !to_the_end || rest.is_empty() };
    for piece in middle.iter().filter(|piece| !piece.is_empty()) {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    if to_the_end { rest.ends_with(last) } else { rest.contains(last) }
}
