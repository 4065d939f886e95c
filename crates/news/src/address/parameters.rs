//! Parameters that say how somebody came to a page, and nothing of which page it is. Gathered from the documentation
//! of the advertisers, mailers and publishers that add them; only names that nobody uses for content.

/// In front of more names than one could list.
const PREFIXES: [&str; 22] = [
    "utm_",
    "utm-",
    "at_",
    "ns_",
    "pk_",
    "mtm_",
    "piwik_",
    "matomo_",
    "hsa_",
    "wt.",
    "guce_",
    "ga_",
    "oly_",
    "__twitter",
    "fb_action",
    "fb_source",
    "fb_ref",
    "mc_",
    "_hs",
    "vero_",
    "stm_",
    "itm_",
];

/// Sorted, lower case.
const NAMES: [&str; 116] = [
    ".tsrc",
    "__s",
    "__tn__",
    "_ga",
    "_gl",
    "_openstat",
    "action_object_map",
    "action_ref_map",
    "action_type_map",
    "ampcf",
    "ampcode",
    "ampjs",
    "bbeml",
    "cfdvsid",
    "cjevent",
    "ck_subscriber_id",
    "cmp",
    "cmpid",
    "cmpredirect",
    "cn-reloaded",
    "cvosrc",
    "dclid",
    "dm_i",
    "echobox",
    "ef_id",
    "emc",
    "emci",
    "emdi",
    "epik",
    "fbclid",
    "fromfeed",
    "fromrss",
    "ftag",
    "ftcamp",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "icid",
    "ig_rid",
    "igsh",
    "igshid",
    "instance_id",
    "intcid",
    "intcmp",
    "irclickid",
    "irgwc",
    "ito",
    "kahroa",
    "li_fat_id",
    "linkid_rss",
    "loclr",
    "maca",
    "mbid",
    "mkevt",
    "mkt_tok",
    "mktcval",
    "msclkid",
    "msockid",
    "n_cid",
    "ncid",
    "ncl_clickid",
    "newsletterid_click",
    "nr_email_referer",
    "ocid",
    "origin_rss",
    "os_ehash",
    "partner_rss",
    "rb_clickid",
    "recruited_by_id",
    "ref_source",
    "ref_src",
    "ref_url",
    "referrer_rss",
    "reflink",
    "rss_feed",
    "rssfeed",
    "s_campaign",
    "s_cid",
    "s_kwcid",
    "sc_campaign",
    "sc_channel",
    "sc_cid",
    "sc_content",
    "sc_eh",
    "sc_geo",
    "sc_lid",
    "sc_llid",
    "sc_medium",
    "sc_outcome",
    "sc_publisher",
    "sc_src_cmp",
    "sc_uid",
    "sh_kit",
    "smid",
    "smtyp",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "srnd",
    "taid",
    "trkcampaign",
    "trkid",
    "tsrc",
    "ttclid",
    "twclid",
    "wbraid",
    "wickedid",
    "wprss",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "yclid",
    "zanpid",
];

/// Names that are noise only where their value says so: elsewhere they may be the page.
const WITH_VALUE: [&str; 15] = [
    "cid",
    "cmpcode",
    "feed",
    "from",
    "medium",
    "mod",
    "origin",
    "output",
    "outputtype",
    "partner",
    "ref",
    "referrer",
    "rss",
    "source",
    "via",
];

const TELLING: [&str; 30] = [
    "1",
    "amp",
    "atom",
    "bluesky",
    "email",
    "facebook",
    "fb",
    "feed",
    "feedburner",
    "feedly",
    "flipboard",
    "google",
    "googlenews",
    "hackernews",
    "homepage_rss",
    "ios",
    "linkedin",
    "mastodon",
    "news",
    "newsletter",
    "reddit",
    "rss",
    "rss2",
    "rssfeed",
    "share",
    "social",
    "telegram",
    "twitter",
    "whatsapp",
    "x",
];

pub fn is_noise(key: &str, value: &str) -> bool {
    let lower;
    let key = if key.bytes().any(|b| b.is_ascii_uppercase()) {
        lower = key.to_ascii_lowercase();
        lower.as_str()
    } else {
        key
    };
    if PREFIXES.iter().any(|prefix| key.starts_with(prefix)) || NAMES.binary_search(&key).is_ok() {
        return true;
    }
    if key == "amp" {
        return matches!(value, "" | "1" | "true");
    }
    if WITH_VALUE.binary_search(&key).is_err() {
        return false;
    }
    let value = value.to_ascii_lowercase();
    // `?feed=rss2` of WordPress is a feed and no article, `?cid=1` and `?news=1` may be one.
    let is_number = value == "1" && key != "rss";
    let says_so = TELLING.binary_search(&value.as_str()).is_ok()
        || value.starts_with("rss")
        || value.starts_with("djem");
    says_so && !is_number && key != "feed"
}

/// What YouTube adds to a video's address.
pub fn is_noise_of_video(key: &str) -> bool {
    matches!(key, "feature" | "si" | "pp" | "ab_channel" | "app" | "index")
}
