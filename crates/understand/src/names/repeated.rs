//! Names in scripts without capitals, by statistics: what stands several times, among ever other neighbours, is a word of
//! its own (accessor variety: Feng et al. 2004, "Accessor variety criteria for Chinese word extraction"); it is a name if it
//! stands beside a title, ends as bodies and places do, or is what the headline and the text share most often.

use std::collections::{BTreeMap, BTreeSet};

use news::NameKind;

use super::joining::Mentions;
use crate::language::is_mark;

/// Signs of the longest name that is looked for where words are not set apart; words, where they are.
const SIGNS: usize = 8;
const WORDS: usize = 3;
/// A text has at most so many pieces: what comes later is background.
const PIECES: usize = 1_500;

/// What a language's news has around names. Lists are set apart by spaces.
struct Around {
    languages: &'static str,
    spaced: bool,
    /// Titles that stand before a person's name, and after it.
    before: &'static str,
    after: &'static str,
    /// How names of bodies and of places end (where words are set apart: words they begin or end with).
    bodies: &'static str,
    places: &'static str,
    /// Nothing of a name: signs (or words) at which none begins or ends.
    outside: &'static str,
    /// Words of all news, never names.
    common: &'static str,
}

const AROUND: &[Around] = &[
    Around {
        languages: "zh",
        spaced: false,
        before: "总统 總統 总理 總理 主席 部长 部長 首相 书记 記者 记者 教授 议员 議員 市长 市長 发言人 發言人",
        after: "总统 總統 总理 總理 主席 部长 部長 首相 书记 先生 女士 教授 议员 議員 市长 市長 表示 称 說 说",
        bodies: "公司 集团 集團 大学 大學 银行 銀行 法院 委员会 委員會 协会 協會 党 黨 医院 醫院 报 報 组织 組織 基金",
        places: "省 市 县 縣 区 區 州 岛 島 镇 鎮 港 湾 灣 河 山",
        outside: "的 了 在 是 和 有 不 这 這 他 她 它 们 們 我 你 也 就 与 與 及 等 为 為 对 對 中 上 下 年 月 日 时 時 将 將 会 會 \
                  以 到 从 從 被 把 让 讓 后 後 前 内 內 都 而 但 或 所 个 個 一 二 两 三 已 于 於 其 并 並 更 最 该 該 称 說 说 向 由 至",
        common: "政府 经济 經濟 国家 國家 社会 社會 问题 問題 人民 公司 企业 企業 市场 市場 工作 发展 發展 表示 进行 進行 报道 報道 \
                 报导 報導 记者 記者 今天 今年 目前 部门 部門 警方 总统 總統 总理 總理 主席 部长 部長 人员 人員 活动 活動 项目 項目 \
                 可能 已经 已經 认为 認為 因为 因為 没有 沒有 可以 需要 通过 通過 美元 人民币 新闻 新聞 消息 媒体 媒體 全国 全國 国际 國際",
    },
    Around {
        languages: "ja",
        spaced: false,
        before: "大統領 首相 大臣 容疑者 監督 知事 社長",
        after: "大統領 首相 大臣 氏 さん 容疑者 被告 選手 監督 知事 市長 社長 会長 議員 教授 長官 さま 投手 監督",
        bodies: "会社 大学 銀行 裁判所 委員会 協会 党 病院 新聞 省 庁 機構 組合 研究所",
        places: "県 市 区 町 村 都 府 島 州 港 駅 川 山",
        outside: "年 月 日 時 分 人 円 回 第 約 同 各 前 後 中 内 上 下 今 昨 明 本 計 的 者",
        common: "政府 経済 国内 問題 社会 国民 会社 企業 市場 発表 開始 報道 記者 関係者 今年 昨年 現在 今回 警察 大統領 首相 大臣 選手 監督 \
                 国際 新聞 必要 可能 影響 対応 対策 事件 事故 調査 会見 会議 関係 地域 世界 情報 サービス ニュース システム インターネット",
    },
    Around {
        languages: "th my km lo",
        spaced: false,
        before: "นาย นาง นางสาว ประธานาธิบดี นายกรัฐมนตรี พล.อ. ดร.",
        after: "",
        bodies: "",
        places: "",
        outside: "ะ า ิ ี ึ ื ุ ู ่ ้ ๊ ๋ ์ ็ ั ำ ๆ ฯ",
        common: "รัฐบาล ประเทศ ประชาชน เศรษฐกิจ บริษัท ตำรวจ วันนี้ รัฐมนตรี นายกรัฐมนตรี กล่าวว่า เปิดเผยว่า และ ของ ที่ ใน การ ความ เป็น ได้ ให้ จะ ไม่ มี",
    },
    Around {
        languages: "ko",
        spaced: true,
        before: "",
        after: "대통령 총리 장관 대표 의원 씨 회장 사장 감독 선수 교수 시장 지사 위원장 총재 대사 대변인 후보",
        bodies: "은행 대학 대학교 그룹 전자 협회 위원회 법원 병원 신문 연구원 공사 당",
        places: "시 도 군 구 섬 역 항",
        outside: "그 이 저 것 수 등 및 더 또 한 두 세 지난 오는 이번 위해 대한 대해 통해 있다 있는 했다 한다 밝혔다 말했다 전했다 때문에 따르면",
        common: "정부 경제 사회 국민 기업 시장 문제 오늘 올해 이날 관계자 경찰 대통령 총리 장관 대표 의원 국회 미국의 사건 사고 조사 결과 발표 지원 계획",
    },
    Around {
        languages: "ar fa ur",
        spaced: true,
        before: "الرئيس رئيس الوزير وزير الأمير الملك الشيخ السيد السيدة الدكتور النائب اللواء الجنرال رئیس‌جمهور وزیر آقای دکتر صدر وزیراعظم جنرل مسٹر",
        after: "",
        bodies: "شركة بنك جامعة حزب منظمة وزارة هيئة مجلس محكمة مستشفى شرکت بانک دانشگاه سازمان وزارت کمپنی بینک یونیورسٹی پارٹی",
        places: "مدينة محافظة إقليم جزيرة ولاية شهر استان شہر ضلع",
        outside: "في من على إلى أن عن مع التي الذي هذا هذه ذلك كان كانت قد لا ما لم بعد قبل بين كما أو ثم حيث أكد قال وقال وأضاف أعلن اليوم أمس \
                  در به از که این را با است برای آن تا بر و یک شد شده می های ها گفت کرد کے کی میں ہے کا سے اور نے کو پر کہا اس یہ ہیں گیا تھا",
        common: "الحكومة الدولة البلاد الشعب الاقتصاد المدينة العام الماضي المقبل الشركة الشرطة الرئيس الوزير المجلس دولت کشور مردم حکومت ملک پولیس",
    },
    Around {
        languages: "he",
        spaced: true,
        before: "הנשיא נשיא השר שר ראש מר גברת הרב השופט האלוף",
        after: "",
        bodies: "חברת בנק אוניברסיטת מפלגת ארגון משרד בית ועדת",
        places: "העיר מחוז אי נמל",
        outside: "של את על עם לא כי הוא היא זה זו יש גם אך או אם כל בין לאחר לפני היום אמר אמרה מסר הודיע אשר היה היו",
        common: "הממשלה המדינה המשטרה הכנסת החברה העיר השנה ישראל",
    },
    Around {
        languages: "hi mr ne bn ta te gu pa ml kn",
        spaced: true,
        before: "राष्ट्रपति प्रधानमंत्री मंत्री मुख्यमंत्री श्री नेता डॉ. अध्यक्ष पंतप्रधान राष्ट्राध्यक्ष अभिनेता अभिनेत्री প্রধানমন্ত্রী রাষ্ট্রপতি মন্ত্রী ডা. \
                 பிரதமர் அமைச்சர் திரு முதல்வர் ప్రధాని మంత్రి",
        after: "ने",
        bodies: "बैंक पार्टी विश्वविद्यालय न्यायालय आयोग कंपनी ব্যাংক পার্টি বিশ্ববিদ্যালয় வங்கி கட்சி బ్యాంక్",
        places: "जिला राज्य शहर जिले জেলা শহর மாவட்டம் జిల్లా",
        outside: "के में है की से का को और ने पर यह नहीं हैं कि भी एक तो हो था लिए इस कर साथ बाद रहा रही कहा गया आहे आणि या तर असे झाली केली \
                  ও এর এবং করে হয় এই থেকে জন্য না என்று ஒரு மற்றும் என ఈ మరియు అని",
        common: "सरकार देश राज्य पुलिस लोग लोगों पार्टी मंत्री प्रधानमंत्री राष्ट्रपति आज साल समय मामला मामले জানান সরকার দেশ পুলিশ அரசு போலீஸ் ప్రభుత్వం",
    },
];

pub fn mentions(title: &str, body: &str, language: &str, mentions: &mut Mentions) {
    let Some(around) = AROUND.iter().find(|it| has(it.languages, language)) else { return };
    let titles = pieces(title, around);
    let (first, mut all) = (titles.len(), titles);
    all.push("");
    all.extend(pieces(body, around));
    all.truncate(PIECES);
    for (name, kind, weight) in names(&all, first, around) {
        mentions.add(&name, kind, weight);
    }
}

fn has(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_whitespace().any(|it| it == word)
}

/// Words, or signs where words are not set apart; an empty piece wherever something else stands between.
fn pieces<'a>(text: &'a str, around: &Around) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let letter = |c: char| c.is_alphabetic() || is_mark(c) || matches!(c, '\u{e31}'..='\u{e4e}' | '\u{200c}');
    for run in text.split_inclusive(|c: char| !letter(c)) {
        let word = run.trim_end_matches(|c: char| !letter(c));
        if around.spaced {
            pieces.extend((!word.is_empty()).then_some(word));
        } else {
            // Hiragana are endings and small words.
            let signs = word.char_indices().map(|(at, c)| &word[at..at + c.len_utf8()]);
            pieces.extend(
                signs.map(
                    |it| if it.starts_with(|c| ('\u{3041}'..='\u{309f}').contains(&c)) { "" } else { it },
                ),
            );
        }
        if run.len() != word.len() && !(around.spaced && run.ends_with(' ')) {
            pieces.push("");
        }
    }
    pieces
}

#[derive(Default)]
struct Seen<'a> {
    first: usize,
    times: u32,
    headline: bool,
    before: BTreeSet<&'a str>,
    after: BTreeSet<&'a str>,
    edges: (u32, u32),
}

/// Whatever stands twice, among at least two neighbours on each side.
fn names(pieces: &[&str], headline: usize, around: &Around) -> Vec<(String, NameKind, f32)> {
    let longest = if around.spaced { WORDS } else { SIGNS };
    let least = if around.spaced { 1 } else { 2 };
    let mut seen: BTreeMap<&[&str], Seen> = BTreeMap::new();
    for from in 0..pieces.len() {
        for length in 1..=longest.min(pieces.len() - from) {
            let run = &pieces[from..from + length];
            if run[length - 1].is_empty() {
                break;
            }
            if length < least {
                continue;
            }
            let it = seen.entry(run).or_insert_with(|| Seen { first: from, ..Seen::default() });
            it.times += 1;
            it.headline |= from < headline;
            match from.checked_sub(1).map(|at| pieces[at]).filter(|it| !it.is_empty()) {
                Some(before) => drop(it.before.insert(before)),
                None => it.edges.0 += 1,
            }
            match pieces.get(from + length).filter(|it| !it.is_empty()) {
                Some(after) => drop(it.after.insert(after)),
                None => it.edges.1 += 1,
            }
        }
    }
    let glue = if around.spaced { " " } else { "" };
    let mut found: Vec<(&[&str], u32, NameKind, f32)> = Vec::new();
    for (&run, it) in &seen {
        let text = run.join(glue);
        let outside = has(around.outside, run[0]) || has(around.outside, run[run.len() - 1]);
        // A title is none of the name.
        let titled = match around.spaced {
            true => has(around.before, run[0]) || has(around.after, run[run.len() - 1]),
            false => {
                let mut before = around.before.split_whitespace();
                before.any(|it| text.starts_with(it))
                    || around.after.split_whitespace().any(|it| text.ends_with(it))
            }
        };
        let varied = |many: usize, edges: u32| 2 <= many as u32 + edges.min(2);
        if it.times < 2
            || outside
            || titled
            || has(around.common, &text)
            || !varied(it.before.len(), it.edges.0)
            || !varied(it.after.len(), it.edges.1)
        {
            continue;
        }
        let Some(kind) = kind(run, &text, pieces, around, it) else { continue };
        found.push((run, it.times, kind, it.times as f32 + if it.headline { 4.0 } else { 0.0 }));
    }
    // The one named first comes first.
    found.sort_by_key(|(run, ..)| seen[run].first);
    // A part of a longer name that stands nearly as often is no name by itself.
    let part = |run: &[&str], times: u32| {
        found.iter().any(|(longer, often, ..)| {
            run.len() < longer.len()
                && 10 * *often >= 7 * times
                && longer.windows(run.len()).any(|it| it == run)
        })
    };
    let whole = found.iter().filter(|(run, times, ..)| !part(run, *times));
    whole.map(|(run, _, kind, weight)| (run.join(glue), *kind, *weight)).collect()
}

fn kind(run: &[&str], text: &str, pieces: &[&str], around: &Around, seen: &Seen) -> Option<NameKind> {
    let one_of = |list: &str, begins: bool| {
        list.split_whitespace().any(|it| {
            let longer = it.len() < text.len();
            longer && if begins && around.spaced { run[0] == it } else { text.ends_with(it) }
        })
    };
    if beside_title(run, pieces, around) {
        return Some(NameKind::Person);
    }
    let (first, last) = (one_of(around.bodies, true), one_of(around.places, true));
    match (first, last) {
        (true, _) if !around.spaced || 1 < run.len() => Some(NameKind::Organisation),
        (_, true) if !around.spaced && 2 < run.len() || 1 < run.len() => Some(NameKind::Place),
        // Nothing tells its kind: only what the article is about.
        _ if seen.headline && 3 <= seen.times && (!around.spaced || 1 < run.len()) => Some(NameKind::Other),
        _ => None,
    }
}

/// At some place a title stands right before it or after it.
fn beside_title(run: &[&str], pieces: &[&str], around: &Around) -> bool {
    let long_enough = if around.spaced { true } else { (2..=6).contains(&run.len()) };
    long_enough
        && pieces.windows(run.len()).enumerate().filter(|(_, it)| *it == run).any(|(at, _)| {
            let after = &pieces[at + run.len()..];
            let before = &pieces[..at];
            around.after.split_whitespace().any(|title| begins_with(after, title, around.spaced))
                || around.before.split_whitespace().any(|title| ends_with(before, title, around.spaced))
        })
}

fn begins_with(pieces: &[&str], title: &str, spaced: bool) -> bool {
    if spaced {
        return pieces.first().is_some_and(|it| {
            *it == title || it.strip_prefix(title).is_some_and(|rest| rest.chars().count() <= 1)
        });
    }
    let many = title.chars().count();
    pieces.len() >= many && pieces[..many].concat() == title
}

fn ends_with(pieces: &[&str], title: &str, spaced: bool) -> bool {
    if spaced {
        return pieces.last() == Some(&title);
    }
    let many = title.chars().count();
    pieces.len() >= many && pieces[pieces.len() - many..].concat() == title
}
