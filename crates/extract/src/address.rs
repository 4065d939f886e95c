//! Addresses inside a text: made absolute, cut to the schemes that may be, their decoration taken off.

use url::Url;

/// Parameters that say where a click came from, and nothing about what is to be seen.
const DECORATION: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "ocid",
    "cmpid",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "ns_linkname",
    "at_medium",
    "at_campaign",
    "oly_anon_id",
    "oly_enc_id",
    "vero_id",
    "wickedid",
    "ref_src",
    "ref_url",
    "s_cid",
    "xtor",
    "wtmc",
    "wt_mc",
    "guccounter",
    "smid",
    "smtyp",
    "sr_share",
    "partner",
    "rb_clickid",
    "spm",
    "__twitter_impression",
    "soc_src",
    "soc_trk",
    "trk",
    "trkcampaign",
];
const DECORATION_BEGINS: &[&str] = &["utm_", "pk_", "mtm_", "hsa_", "at_custom", "itm_", "icid"];

/// Hosts whose pictures are there to count readers.
const PIXEL_HOSTS: &[&str] = &[
    "doubleclick.net",
    "google-analytics.com",
    "googletagmanager.com",
    "scorecardresearch.com",
    "quantserve.com",
    "feedsportal.com",
    "pixel.wp.com",
    "stats.wordpress.com",
    "feeds.wordpress.com",
    "feedburner.com",
    "pheedo.com",
    "facebook.com",
    "analytics.twitter.com",
    "b.scorecardresearch.com",
    "pixel.quantserve.com",
    "list-manage.com",
    "sb.scorecardresearch.com",
    "adservice.google.com",
    "amazon-adsystem.com",
    "adnxs.com",
    "taboola.com",
    "outbrain.com",
    "parsely.com",
    "chartbeat.net",
    "imrworldwide.com",
    "vgwort.de",
    "ioam.de",
    "counter.theconversation.com",
    "omtrdc.net",
    "2o7.net",
    "mixpanel.com",
    "hubspot.com",
    "rss-tracker.com",
];

/// What relative addresses are relative to; read when first needed.
pub struct Base<'a> {
    text: &'a str,
    url: Option<Option<Url>>,
}

impl<'a> Base<'a> {
    pub fn new(text: &'a str) -> Base<'a> {
        Base { text, url: None }
    }

    fn join(&mut self, address: &str) -> Option<Url> {
        // Browsers take white space out of addresses before they read them; so must we before we look.
        let address = address.trim();
        match Url::parse(address) {
            Ok(url) => Some(url),
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let base = self.url.get_or_insert_with(|| Url::parse(self.text.trim()).ok());
                base.as_ref()?.join(address).ok()
            }
            Err(_) => None,
        }
    }

    /// Where a link leads: http(s), mailto or tel; without decoration.
    pub fn link(&mut self, address: &str) -> Option<String> {
        if address.is_empty() {
            return None;
        }
        let mut url = self.join(address)?;
        match url.scheme() {
            "http" | "https" => {
                undecorate(&mut url);
                Some(url.into())
            }
            "mailto" | "tel" => Some(url.into()),
            _ => None,
        }
    }

    /// Where a picture lies: http(s), and not one that only counts readers.
    pub fn picture(&mut self, address: &str) -> Option<String> {
        if address.is_empty() {
            return None;
        }
        let url = self.join(address)?;
        let counts = matches!(url.scheme(), "http" | "https").then(|| counts_readers(&url))?;
        (!counts).then(|| url.into())
    }
}

fn undecorate(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let is_kept = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !DECORATION.iter().any(|it| it.eq_ignore_ascii_case(name))
            && !DECORATION_BEGINS.iter().any(|it| {
                name.len() >= it.len()
                    && name.is_char_boundary(it.len())
                    && name[..it.len()].eq_ignore_ascii_case(it)
            })
    };
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    if kept.len() < query.split('&').count() {
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
}

fn counts_readers(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    let is_of = |it: &&str| host == *it || host.strip_suffix(it).is_some_and(|before| before.ends_with('.'));
    PIXEL_HOSTS.iter().any(is_of)
        || [
            "/pixel.gif",
            "/1x1.gif",
            "/spacer.gif",
            "/blank.gif",
            "/transparent.gif",
            "/1x1.png",
            "/pixel.png",
            "/tracking.gif",
        ]
        .iter()
        .any(|end| url.path().ends_with(end))
}
