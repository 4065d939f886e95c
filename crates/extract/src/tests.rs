use news::Published;

use crate::*;

#[test]
fn text_of_blocks_is_lines_and_entities_are_characters() {
    assert_eq!(
        plain("<p>One&nbsp;&amp; two</p><p>th<b>re</b>e<br>four</p><script>x</script>"),
        "One & two\nthree\nfour"
    );
    assert_eq!(plain("1 < 2 &unknown; &#8217;&#x2014;"), "1 < 2 &unknown; ’—");
}

#[test]
fn bytes_are_read_by_mark_header_page_and_looks() {
    assert_eq!(decode(b"\xff\xfea\0b\0", None), "ab");
    assert_eq!(decode(b"caf\xe9", Some("text/html; charset=iso-8859-1")), "café");
    assert_eq!(decode(b"<meta charset=windows-1251>\xcf\xf0", None), "<meta charset=windows-1251>Пр");
    assert_eq!(decode("naïve".as_bytes(), Some("text/html; charset=latin1")), "naïve");
}

#[test]
fn a_feed_that_trails_off_is_no_article() {
    let long = "<p>Many words stand here in a row and say something.</p>".repeat(60);
    let whole = Published { content: long.clone(), ..Published::default() };
    assert!(feed_is_whole(&whole));
    let teaser = Published { content: format!("{long}<p>Continue reading…</p>"), ..Published::default() };
    assert!(!feed_is_whole(&teaser));
    let short = Published { summary: "Only a line.".into(), ..Published::default() };
    assert!(!feed_is_whole(&short));
}
