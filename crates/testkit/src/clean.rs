//! A judge of sanitised HTML that shares nothing with the sanitiser: no list, no parser, no line.

/// Whether the HTML is clean, or what in it is not.
///
/// What a sanitiser writes has a grammar so small that it is read here without an HTML parser: a `<` begins the tag of
/// a harmless element and nothing else, every attribute is a harmless one in double quotes, every address is of the web.
/// No such element changes how the rest is read (none holds raw text, none is of another namespace), so that a browser
/// finds the same tags as this does.
pub fn is_clean(html: &str) -> Result<(), String> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (tag, after) = rest[at + 1..].split_once('>').ok_or("a tag that does not end")?;
        is_harmless(tag).map_err(|why| format!("<{tag}>: {why}"))?;
        rest = after;
    }
    Ok(())
}

fn is_harmless(tag: &str) -> Result<(), &'static str> {
    if let Some(name) = tag.strip_prefix('/') {
        return if is_element(name) { Ok(()) } else { Err("an element that may not be") };
    }
    let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    if !is_element(name) {
        return Err("an element that may not be");
    }
    while !attributes.is_empty() {
        let (attribute, value) = attributes.split_once("=\"").ok_or("an attribute without quotes")?;
        let (value, behind) = value.split_once('"').ok_or("a value that does not end")?;
        match attribute {
            "href" if WEB.iter().chain(&["mailto:", "tel:"]).any(|it| value.starts_with(it)) => {}
            "src" if WEB.iter().any(|it| value.starts_with(it)) => {}
            "alt" | "datetime" | "width" | "height" | "colspan" | "rowspan" | "start" => {}
            "rel" if value == "noopener noreferrer nofollow" => {}
            "referrerpolicy" if value == "no-referrer" => {}
            "loading" if value == "lazy" => {}
            _ => return Err("an attribute that may not be, or not with that value"),
        }
        attributes = match behind.strip_prefix(' ') {
            Some(next) => next,
            None if behind.is_empty() => behind,
            None => return Err("attributes that are not parted"),
        };
    }
    Ok(())
}

fn is_element(name: &str) -> bool {
    ELEMENTS.split_whitespace().any(|it| it == name)
}

const WEB: [&str; 2] = ["http://", "https://"];
const ELEMENTS: &str = "\
    p br hr div blockquote pre figure figcaption h1 h2 h3 h4 h5 h6 ul ol li dl dt dd details summary \
    a abbr b cite code del dfn em i img ins kbd mark q s samp small strong sub sup time u var wbr \
    table caption thead tbody tfoot tr th td";

#[cfg(test)]
mod tests {
    use super::is_clean;

    #[test]
    fn harmless_html_is_clean() {
        for html in [
            "",
            "no markup, 2 > 1 &amp; so on",
            "<p>a<br>b <em>c</em></p>",
            "<a href=\"https://a.example/?x=1&amp;y=%22\" rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\">x</a>",
            "<img src=\"https://a.example/1.png\" alt=\"a &lt;b&gt;\" width=\"10\" loading=\"lazy\">",
        ] {
            assert_eq!(is_clean(html), Ok(()), "{html}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for html in [
            "<script>",
            "<p onclick=\"x\">",
            "<a href=\"javascript:alert(1)\">",
            "<a href=\"//a.example\">",
            "<a href=x>",
            "<a href=\"https://a.example\"onclick=\"x\">",
            "<img src=\"data:text/html,x\">",
            "<img src=\"https://a.example\" src=x onerror=y>",
            "<svg>",
            "<P>",
            "<!-- -->",
            "<p",
            "a < b",
            "</script>",
            "<p/x>",
            "<div style=\"x\">",
            "<a href=\"https://a.example\" rel=\"opener\">",
        ] {
            assert!(is_clean(html).is_err(), "{html}");
        }
    }
}
