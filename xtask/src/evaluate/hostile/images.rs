//! Hostile pictures through the real program: its own page names them, it fetches, decodes and draws each anew.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::Args;
use crate::child::{self, Tidings, Watch};
use crate::http::{self, Answer};
use crate::replay::{Folder, path};

/// Pictures of one article.
const AN_ARTICLE: usize = 100;
/// What drawing one may take, in seconds.
const SLOW: f64 = 1.0;
/// Above what the program had before, in MB.
const MEMORY: f64 = 256.0;

struct Picture {
    name: String,
    bytes: Vec<u8>,
}

/// Answers how many made the program fall over or take too much.
pub fn run(args: &Args) -> Result<usize> {
    let pictures = Arc::new(pictures(&args.data.join("hostile/images"))?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outlet = runtime.block_on(serve(pictures.clone()))?;
    let folder = Folder::new(None)?;
    let tidings = Tidings::new(args.binary.as_deref(), &folder.path)?.with("FETCH_PAGES", false);
    let list = folder.path.join("list.txt");
    std::fs::write(&list, format!("http://{outlet}/feed"))?;
    tidings.ask(&["import", path(&list)?])?;
    tidings.ask(&["refresh"])?;
    let mut served = tidings.serve()?;
    let mut watch = Watch::default();
    watch.look(served.id());
    let base = watch.peak;

    let mut seen = std::collections::HashSet::new();
    let (mut asked, mut drawn, mut blank) = (0, 0, 0);
    let (mut wrong, mut slow, mut slowest) = (Vec::new(), Vec::new(), (0.0, String::new()));
    for article in 1..=pictures.len().div_ceil(AN_ARTICLE) {
        let page = http::get(served.address, &format!("/article/{article}"))?.text();
        for (at, _) in page.match_indices("\"/image?") {
            let address = page[at + 1..].split('"').next().unwrap_or_default();
            let address = address.replace("&amp;", "&").replace("&#38;", "&");
            // An article's first picture stands above it and within it.
            let Some(n) = named(&address).filter(|n| seen.insert(*n)) else { continue };
            let Some(picture) = pictures.get(n) else { continue };
            let before = child::cpu(served.id())?;
            let answer = http::get(served.address, &address);
            ensure!(served.is_alive()?, "the program fell over at {}", picture.name);
            let took = child::cpu(served.id())? - before;
            asked += 1;
            match answer.map(|it| judge(&it, picture)) {
                Ok(Ok(true)) => drawn += 1,
                Ok(Ok(false)) => blank += 1,
                Ok(Err(why)) => wrong.push(format!("{}: {why}", picture.name)),
                Err(error) => wrong.push(format!("{}: {error}", picture.name)),
            }
            if slowest.0 < took {
                slowest = (took, picture.name.clone());
            }
            if SLOW < took {
                slow.push(format!("{} ({took:.2} s)", picture.name));
            }
            watch.look(served.id());
        }
    }
    served.stop()?;
    let grown = watch.peak - base;
    if args.json {
        println!(
            "{}",
            json!({"what": "hostile", "set": "images", "n": pictures.len(), "asked": asked, "drawn": drawn, "blank": blank,
                   "wrong": wrong.len(), "slow": slow.len(), "slowest_s": slowest.0, "slowest": slowest.1,
                   "base_mb": base, "mb_above_base": grown})
        );
    } else {
        println!(
            "{:<14} n {:>5}  asked for {asked}  drawn anew {drawn}  blank {blank}  wrong {}  slow {}",
            "images",
            pictures.len(),
            wrong.len(),
            slow.len()
        );
        println!(
            "{:<14} slowest {:.2} s ({}); most memory {grown:.0} MB above {base:.0}",
            "", slowest.0, slowest.1
        );
        for (what, list) in [("wrong", &wrong), ("slow", &slow)] {
            list.iter().take(5.max(args.errors)).for_each(|it| println!("    {what}: {it}"));
        }
    }
    ensure!(asked == pictures.len(), "only {asked} of {} pictures were shown by a page", pictures.len());
    Ok(wrong.len() + usize::from(MEMORY < grown))
}

/// Whether it was drawn (else a blank was shown), or what is wrong with the answer.
fn judge(answer: &Answer, picture: &Picture) -> Result<bool, String> {
    if answer.status != 200 {
        return Err(format!("answered {}", answer.status));
    }
    let says = |name: &str| answer.header(name).unwrap_or_default();
    let kind = says("content-type");
    let magic: &[u8] = match kind {
        "image/jpeg" => b"\xff\xd8\xff",
        "image/webp" => b"RIFF",
        "image/gif" => b"GIF89a",
        _ => return Err(format!("is sent as {kind}")),
    };
    if !answer.body.starts_with(magic) {
        return Err(format!("is no {kind}"));
    }
    let policy = says("content-security-policy");
    if says("x-content-type-options") != "nosniff"
        || !policy.contains("sandbox")
        || !policy.contains("default-src 'none'")
    {
        return Err("lacks a header".into());
    }
    if answer.header("set-cookie").is_some() || answer.header("x-outlet").is_some() {
        return Err("carries a header of the outlet".into());
    }
    // The blank is our only GIF.
    if kind == "image/gif" {
        return if answer.body.len() < 64 { Ok(false) } else { Err("is a GIF that we did not draw".into()) };
    }
    let must_be_refused =
        ["svg", "html", "pdf", "ps", "mvg"].iter().any(|end| picture.name.ends_with(&format!(".{end}")));
    if must_be_refused {
        return Err("is a document, and was drawn".into());
    }
    for chunk in
        [&b"Exif"[..], b"ICC_PROFILE", b"http://ns.adobe.com", b"EXIF", b"XMP ", b"<script", b"<?php"]
    {
        if answer.body.windows(chunk.len()).any(|it| it == chunk) {
            return Err(format!("still has {} in it", String::from_utf8_lossy(chunk)));
        }
    }
    if answer.body == picture.bytes { Err("is the outlet's file".into()) } else { Ok(true) }
}

/// The number of the picture that an address of ours is for.
fn named(address: &str) -> Option<usize> {
    let url = url::Url::parse("http://house.example").ok()?.join(address).ok()?;
    let outlet = url.query_pairs().find(|(key, _)| key == "u")?.1.into_owned();
    outlet.rsplit_once("/picture/")?.1.parse().ok()
}

fn pictures(folder: &Path) -> Result<Vec<Picture>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).with_context(|| format!("no pictures at {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path
                .strip_prefix(folder.parent().unwrap_or(&folder))
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !["README", "LICENSE", "manifest"].iter().any(|it| name.contains(it)) {
                found.push(Picture { name, bytes: std::fs::read(&path)? });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

async fn serve(pictures: Arc<Vec<Picture>>) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let feed = feed(pictures.len(), address);
    let router = Router::new()
        .route("/feed", get(move || async move { ([(header::CONTENT_TYPE, "application/rss+xml")], feed) }))
        .route("/picture/{n}", get(picture))
        .with_state(pictures);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn picture(State(pictures): State<Arc<Vec<Picture>>>, UrlPath(n): UrlPath<usize>) -> Response {
    let bytes = pictures.get(n).map(|it| it.bytes.clone()).unwrap_or_default();
    // Whatever it is, it is called a picture; and the outlet's own headers must not come through.
    let headers = [(header::CONTENT_TYPE.as_str(), "image/png"), ("x-outlet", "1"), ("set-cookie", "a=1")];
    (headers, bytes).into_response()
}

fn feed(pictures: usize, outlet: SocketAddr) -> String {
    let mut out = String::from("<rss version=\"2.0\"><channel><title>Pictures</title>");
    for from in (0..pictures).step_by(AN_ARTICLE) {
        let words = format!("Part {from} of a long row of pictures, each with some words between them. ");
        let mut text = format!("&lt;p&gt;{}&lt;/p&gt;", words.repeat(12));
        for n in from..pictures.min(from + AN_ARTICLE) {
            text.push_str(&format!(
                "&lt;p&gt;{words}&lt;img src=\"http://{outlet}/picture/{n}\" width=\"600\"&gt;&lt;/p&gt;"
            ));
        }
        out.push_str(&format!(
            "<item><title>Pictures from {from}</title><guid isPermaLink=\"false\">{from}</guid>\
             <link>http://{outlet}/article/{from}</link><description>{text}</description></item>"
        ));
    }
    out.push_str("</channel></rss>");
    out
}
