use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    what_was_sent_to_us_is_kept_word_for_word_until_it_is_read
    arrivals_of_one_source_are_read_one_after_the_other
    a_hub_is_asked_once_somebody_follows_and_left_when_nobody_does
    what_a_hub_agreed_to_comes_back_as_it_was
    a_hub_that_was_faster_than_its_own_answer_is_not_undone
    a_hub_that_will_not_push_has_its_source_asked_at_once
    letters_are_kept_together_with_how_far_the_box_was_read
    a_letterbox_takes_mail_as_long_as_somebody_follows_it
    what_a_mail_says_of_its_newsletter_is_kept
}

async fn what_was_sent_to_us_is_kept_word_for_word_until_it_is_read(house: House) {
    let source = house.source("https://a.example/feed").await;
    let kind = ArrivalKind::Document { content_type: Some("text/xml".into()) };
    let arrival = Arrival { source, kind, at: NOW, bytes: b"<rss>\0\xff".to_vec() };
    house.store.keep_arrivals(vec![arrival.clone()]).await.unwrap();
    let tasks = house.claim(Stage::Receive).await;
    let (task, (of, found)) = house.store.arrivals_to_read(&tasks).await.unwrap().remove(0);
    assert_eq!((of.id, found), (source, arrival));

    let brought = refreshed(source, vec![new_entry("https://a.example/1", "One")]);
    assert_eq!(house.store.record_refreshed(vec![(task.clone(), brought.clone())], NOW).await.unwrap(), 1);
    assert_eq!(
        house.store.record_refreshed(vec![(task.clone(), brought)], NOW).await.unwrap(),
        0,
        "done twice"
    );
    assert_eq!(house.store.arrivals_to_read(&[task]).await.unwrap().len(), 0, "it was read, and is gone");
    assert_eq!(house.claim(Stage::Extract).await.len(), 1);
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn arrivals_of_one_source_are_read_one_after_the_other(house: House) {
    let (a, b) = (house.source("https://a.example/feed").await, house.source("https://b.example/feed").await);
    let mail = |source, text: &str| Arrival { source, kind: ArrivalKind::Mail, at: NOW, bytes: text.into() };
    house.store.keep_arrivals(vec![mail(a, "1"), mail(a, "2"), mail(b, "3")]).await.unwrap();
    let claim = async || {
        let tasks = house.store.claim(Stage::Receive, 9, 1, NOW).await.unwrap();
        let found = house.store.arrivals_to_read(&tasks).await.unwrap();
        let texts: Vec<_> =
            found.iter().map(|(_, (_, it))| String::from_utf8_lossy(&it.bytes).into_owned()).collect();
        (tasks, texts)
    };
    let (first, texts) = claim().await;
    assert_eq!(texts, ["1", "3"]);
    assert_eq!(claim().await.1, Vec::<String>::new(), "the second of a waits for the first");
    house.store.record_refreshed(vec![(first[0].clone(), refreshed(a, vec![]))], NOW).await.unwrap();
    assert_eq!(claim().await.1, ["2"]);
}

fn hub() -> Hub {
    Hub { address: "https://hub.example/".into(), topic: "https://a.example/self".into() }
}

fn subscription(source: SourceId) -> Subscription {
    Subscription {
        source,
        hub: hub(),
        key: format!("key-{source}"),
        secret: "s3cret".into(),
        pending: Some(Wish::Subscribe),
        until: None,
        due: at(3600),
        asked: 1,
        trouble: None,
    }
}

impl House {
    /// A source whose last document named a hub; somebody follows it, or nobody.
    async fn with_hub(&self, followed: bool) -> (ReaderId, SourceId) {
        let source = self.source("https://a.example/feed").await;
        let reader = self.reader_following("ada", &[source][usize::from(!followed)..]).await;
        let task = self.due(source).await;
        let mut found = refreshed(source, vec![]);
        found.health.hub = Some(hub());
        self.store.record_refreshed(vec![(task, found)], NOW).await.unwrap();
        (reader, source)
    }

    async fn asks_hubs(&self, now: Timestamp) -> Vec<(Task, ToSubscribe)> {
        self.store.enqueue_subscriptions(now).await.unwrap();
        let tasks = self.store.claim(Stage::Subscribe, 9, 1, now).await.unwrap();
        self.store.sources_to_subscribe(&tasks).await.unwrap()
    }
}

async fn a_hub_is_asked_once_somebody_follows_and_left_when_nobody_does(house: House) {
    let (ada, source) = house.with_hub(false).await;
    assert_eq!(house.asks_hubs(NOW).await.len(), 0, "nobody follows it");
    let follow = house.follow(ada, Target::Source(source)).await;
    let (task, it) = house.asks_hubs(NOW).await.remove(0);
    assert_eq!((it.source.health.hub, it.wanted, it.standing), (Some(hub()), true, None));
    house.store.record_subscription(&subscription(source)).await.unwrap();
    house.store.record_asked(task, at(3600), None, NOW).await.unwrap();
    assert_eq!(house.asks_hubs(at(1)).await.len(), 0, "it was asked just now");
    let (task, it) = house.asks_hubs(at(3600)).await.remove(0);
    assert_eq!(it.standing, Some(subscription(source)));
    house.store.strike_off(task, NOW).await.unwrap();

    let agreed = Subscription { pending: None, until: Some(at(9999)), due: at(5000), ..subscription(source) };
    house.store.record_subscription(&agreed).await.unwrap();
    assert_eq!(house.asks_hubs(at(2)).await.len(), 0);
    house.store.remove_follow(ada, follow.id).await.unwrap();
    let (task, it) = house.asks_hubs(at(2)).await.remove(0);
    assert_eq!((it.wanted, it.standing), (false, Some(agreed.clone())));
    let leaving = Subscription { pending: Some(Wish::Unsubscribe), ..agreed };
    house.store.record_subscription(&leaving).await.unwrap();
    house.store.record_asked(task, at(3600), None, NOW).await.unwrap();
    assert_eq!(house.asks_hubs(at(3)).await.len(), 0, "it was told");
    house.store.end_subscription(source, NOW).await.unwrap();
    assert_eq!(house.store.subscriptions().await.unwrap(), []);
    assert_eq!(house.asks_hubs(at(9999)).await.len(), 0);
}

async fn what_a_hub_agreed_to_comes_back_as_it_was(house: House) {
    let (_, source) = house.with_hub(true).await;
    let trouble = Some(Trouble::new("hub_denied", "It says no."));
    let all = Subscription { until: Some(at(7)), trouble, ..subscription(source) };
    for it in [subscription(source), all.clone(), Subscription { pending: Some(Wish::Unsubscribe), ..all }] {
        house.store.record_subscription(&it).await.unwrap();
        assert_eq!(house.store.subscription(&it.key).await.unwrap(), Some(it));
    }
    assert_eq!(house.store.subscription("key-").await.unwrap(), None);
}

async fn a_hub_that_was_faster_than_its_own_answer_is_not_undone(house: House) {
    let (_, source) = house.with_hub(true).await;
    let (task, _) = house.asks_hubs(NOW).await.remove(0);
    house.store.record_subscription(&subscription(source)).await.unwrap();
    let agreed = Subscription { pending: None, until: Some(at(9999)), due: at(5000), ..subscription(source) };
    house.store.record_subscription(&agreed).await.unwrap();
    house.store.record_asked(task.clone(), at(60), Some(Trouble::new("timeout", "late")), NOW).await.unwrap();
    assert_eq!(house.store.subscriptions().await.unwrap(), [agreed]);
    let late = house.store.record_asked(task, at(60), None, NOW).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
}

async fn a_hub_that_will_not_push_has_its_source_asked_at_once(house: House) {
    let (_, source) = house.with_hub(true).await;
    let task = house.due(source).await;
    let mut found = refreshed(source, vec![]);
    (found.health.pushed, found.health.next_due) = (Some(NOW), at(40_000));
    house.store.record_refreshed(vec![(task, found)], NOW).await.unwrap();
    let refused = Subscription { pending: None, until: None, ..subscription(source) };
    house.store.record_refusal(&refused, at(5)).await.unwrap();
    let health = house.store.source(source).await.unwrap().health;
    assert_eq!((health.pushed, health.next_due), (None, at(5)));
}

fn letter(newsletter: &str, text: &str) -> Letter {
    let newsletter = NewSource {
        address: format!("mail:{newsletter}"),
        kind: SourceKind::Mail,
        title: Some(newsletter.into()),
        site: None,
        language: None,
    };
    Letter { newsletter, bytes: text.into() }
}

async fn letters_are_kept_together_with_how_far_the_box_was_read(house: House) {
    let ada = house.store.add_reader("ada", NOW).await.unwrap().id;
    let read =
        Mailbox { name: "ann@mail.example/News".into(), validity: u32::MAX, last: 7, ..Mailbox::default() };
    let letters = vec![letter("post.example", "1"), letter("post.example", "2"), letter("b.example", "3")];
    house.store.keep_letters(letters, ada, &read, NOW).await.unwrap();
    assert_eq!(house.store.mailboxes().await.unwrap(), [Mailbox { asked: Some(NOW), ..read.clone() }]);
    let mine = house.store.sources_of(ada).await.unwrap();
    let titles: Vec<_> = mine.iter().map(|it| it.source.title.as_str()).collect();
    assert_eq!(titles, ["b.example", "post.example"]);
    assert!(mine.iter().all(|it| it.source.kind == SourceKind::Mail));
    assert_eq!(house.claim(Stage::Receive).await.len(), 3);
    assert_eq!(house.store.next_due().await.unwrap(), None, "mail is never asked for");

    // Whoever has left a newsletter is not made to follow it again.
    house.store.remove_follow(ada, mine[1].follow.as_ref().unwrap().id).await.unwrap();
    let trouble = Some(Trouble::new("timeout", "It took too long."));
    let read = Mailbox { last: 8, trouble, ..read };
    house.store.keep_letters(vec![letter("post.example", "4")], ada, &read, at(9)).await.unwrap();
    assert_eq!(house.store.sources_of(ada).await.unwrap().len(), 1);
    assert_eq!(house.store.mailboxes().await.unwrap(), [Mailbox { asked: Some(at(9)), ..read }]);
}

async fn a_letterbox_takes_mail_as_long_as_somebody_follows_it(house: House) {
    let new = NewSource { address: "mailto:post-k3y@news.example".into(), ..letter("x", "").newsletter };
    let source = house.store.add_source(&new, NOW).await.unwrap();
    let finds = async |address: &str| house.store.letterbox(address).await.unwrap();
    assert_eq!(finds("mailto:post-k3y@news.example").await, None, "nobody follows it");
    let ada = house.reader_following("ada", &[source]).await;
    assert_eq!(finds("mailto:post-k3y@news.example").await, Some(source));
    assert_eq!(finds("mailto:post-key@news.example").await, None);
    let feed = house.source("https://a.example/feed").await;
    house.follow(ada, Target::Source(feed)).await;
    assert_eq!(finds("https://a.example/feed").await, None, "a feed takes no mail");
}

async fn what_a_mail_says_of_its_newsletter_is_kept(house: House) {
    let source = house.store.add_source(&letter("x", "").newsletter, NOW).await.unwrap();
    let mailing = |unsubscribe: Option<&str>, confirm: Option<&str>| Mailing {
        sender: "post@a.example".into(),
        unsubscribe: unsubscribe.map(str::to_owned),
        confirm: confirm.map(str::to_owned),
    };
    let says = async |said: Option<Mailing>| {
        house
            .store
            .keep_arrivals(vec![Arrival { source, kind: ArrivalKind::Mail, at: NOW, bytes: vec![1] }])
            .await
            .unwrap();
        let task = house.claim(Stage::Receive).await.remove(0);
        let brought = Refreshed { title: None, mailing: said, ..refreshed(source, vec![]) };
        house.store.record_refreshed(vec![(task, brought)], NOW).await.unwrap();
        house.store.source(source).await.unwrap().mailing
    };
    assert_eq!(says(None).await, None);
    let asks = mailing(Some("https://a.example/leave"), Some("https://a.example/yes"));
    assert_eq!(says(Some(asks.clone())).await, Some(asks));
    // The next mail asks nothing any more; where it can be ended is still known.
    assert_eq!(says(Some(mailing(None, None))).await, Some(mailing(Some("https://a.example/leave"), None)));
}
