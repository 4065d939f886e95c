use news::Timestamp;

use super::contract;
use super::make::{House, NOW, at};
use crate::*;

contract! {
    a_claimed_task_is_nobody_elses
    a_lease_that_ran_out_is_given_to_the_next_and_the_first_comes_too_late
    a_host_is_in_one_pair_of_hands
    so_many_of_a_key_as_asked_and_the_oldest_first
    a_long_line_for_one_host_does_not_hide_the_others
    what_was_given_back_was_never_claimed
    what_is_tried_too_often_is_set_aside_and_can_be_tried_again
    nothing_is_placed_before_what_is_older_was_understood
    a_task_that_waits_to_be_tried_again_holds_up_nobody
    there_is_one_placer_at_a_time
    asked_for_again_while_it_is_done_it_is_done_again
    renewing_keeps_a_lease_and_leaves_out_lost_ones
    new_work_wakes_whoever_waits
}

async fn a_claimed_task_is_nobody_elses(house: House) {
    house.source("https://a.example/feed").await;
    house.store.enqueue_due(NOW).await.unwrap();
    assert_eq!(house.claim(Stage::Refresh).await.len(), 1);
    assert_eq!(house.claim(Stage::Refresh).await, []);
    assert_eq!(house.store.enqueue_due(NOW).await.unwrap(), 0);
}

async fn a_lease_that_ran_out_is_given_to_the_next_and_the_first_comes_too_late(house: House) {
    let source = house.source("https://a.example/feed").await;
    let first = house.due(source).await;
    let later = NOW.after(LEASE);
    let second = house.store.claim(Stage::Refresh, 1, 1, later).await.unwrap().remove(0);
    assert_eq!((second.about, second.attempt), (first.about, 2));
    assert_ne!(second.receipt, first.receipt);
    let entry = || vec![super::make::new_entry("https://a.example/1", "One")];
    let record = |task: &Task| vec![(task.clone(), super::make::refreshed(source, entry()))];
    assert_eq!(house.store.record_refreshed(record(&first), later).await.unwrap(), 0);
    assert_eq!(house.store.counts().await.unwrap().entries, 0);
    assert_eq!(house.store.record_refreshed(record(&second), later).await.unwrap(), 1);
    // Twice is as good as once.
    assert_eq!(house.store.record_refreshed(record(&second), later).await.unwrap(), 0);
    assert_eq!(house.store.counts().await.unwrap().entries, 1);
}

async fn a_host_is_in_one_pair_of_hands(house: House) {
    for address in ["https://a.example/1", "https://a.example/2", "https://b.example/1"] {
        house.source(address).await;
    }
    house.store.enqueue_due(NOW).await.unwrap();
    let keys = |tasks: &[Task]| tasks.iter().map(|task| task.key.clone()).collect::<Vec<_>>();
    let first = house.store.claim(Stage::Refresh, 10, 1, NOW).await.unwrap();
    assert_eq!(keys(&first), ["a.example", "b.example"]);
    assert_eq!(house.claim(Stage::Refresh).await, []);
    house.store.give_back(first).await.unwrap();
    assert_eq!(keys(&house.claim(Stage::Refresh).await), ["a.example", "a.example", "b.example"]);
}

async fn so_many_of_a_key_as_asked_and_the_oldest_first(house: House) {
    let source = house.source("https://a.example/feed").await;
    let urls: Vec<String> = (0..9).map(|n| format!("https://a.example/{n}")).collect();
    let entries: Vec<(&str, &str)> = urls.iter().map(|url| (url.as_str(), "News")).collect();
    house.publishes(source, &entries).await;
    let tasks = house.store.claim(Stage::Extract, 10, 4, NOW).await.unwrap();
    let abouts: Vec<i64> = tasks.iter().map(|task| task.about).collect();
    assert_eq!(abouts.len(), 4);
    assert!(abouts.is_sorted());
    assert_eq!(house.store.claim(Stage::Extract, 10, 4, NOW).await.unwrap(), []);
}

async fn a_long_line_for_one_host_does_not_hide_the_others(house: House) {
    let source = house.source("https://a.example/feed").await;
    let mut urls: Vec<String> = (0..600).map(|n| format!("https://a.example/{n}")).collect();
    urls.push("https://b.example/last".into());
    let entries: Vec<(&str, &str)> = urls.iter().map(|url| (url.as_str(), "News")).collect();
    house.publishes(source, &entries).await;
    let keys = |tasks: Vec<Task>| tasks.into_iter().map(|task| task.key).collect::<Vec<_>>();
    assert_eq!(keys(house.store.claim(Stage::Extract, 8, 1, NOW).await.unwrap()), ["a.example", "b.example"]);
}

async fn what_was_given_back_was_never_claimed(house: House) {
    let source = house.source("https://a.example/feed").await;
    let task = house.due(source).await;
    house.store.give_back(vec![task.clone()]).await.unwrap();
    let again = house.claim(Stage::Refresh).await.remove(0);
    assert_eq!(again.attempt, task.attempt);
    assert_ne!(again.receipt, task.receipt);
}

async fn what_is_tried_too_often_is_set_aside_and_can_be_tried_again(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One")]).await;
    for attempt in 1..=ATTEMPTS {
        let task = house.claim(Stage::Extract).await.remove(0);
        assert_eq!(task.attempt, attempt);
        house.store.retry_later(task, NOW, &format!("trouble {attempt}")).await.unwrap();
    }
    assert_eq!(house.claim(Stage::Extract).await, []);
    let aside = house.store.set_aside(10).await.unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!((aside[0].why.as_str(), aside[0].task.key.as_str()), ("trouble 5", "a.example"));
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
    assert_eq!(house.store.try_again(NOW).await.unwrap(), 1);
    assert_eq!(house.claim(Stage::Extract).await[0].attempt, 1);
}

async fn nothing_is_placed_before_what_is_older_was_understood(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")]).await;
    house.extract_all().await;
    let older = house.store.claim(Stage::Understand, 1, 1, NOW).await.unwrap();
    house.understand_all().await;
    assert_eq!(house.claim(Stage::Cluster).await, []);
    house.store.give_back(older).await.unwrap();
    house.understand_all().await;
    assert_eq!(house.claim(Stage::Cluster).await.len(), 2);
}

async fn a_task_that_waits_to_be_tried_again_holds_up_nobody(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")]).await;
    house.extract_all().await;
    let older = house.store.claim(Stage::Understand, 1, 1, NOW).await.unwrap().remove(0);
    house.understand_all().await;
    house.store.retry_later(older, at(60), "no memory").await.unwrap();
    assert_eq!(house.claim(Stage::Cluster).await.len(), 1);
    assert_eq!(house.claim(Stage::Understand).await, []);
    assert_eq!(house.store.claim(Stage::Understand, 9, 9, at(60)).await.unwrap().len(), 1);
}

async fn there_is_one_placer_at_a_time(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let first = house.store.claim(Stage::Cluster, 1, 1, NOW).await.unwrap();
    assert_eq!(first.len(), 1);
    assert_eq!(house.claim(Stage::Cluster).await, []);
}

async fn asked_for_again_while_it_is_done_it_is_done_again(house: House) {
    let source = house.source("https://a.example/feed").await;
    let task = house.due(source).await;
    house.store.refresh_now(source, NOW).await.unwrap();
    assert_eq!(house.claim(Stage::Refresh).await, []);
    let record = vec![(task, super::make::refreshed(source, Vec::new()))];
    house.store.record_refreshed(record, NOW).await.unwrap();
    assert_eq!(house.claim(Stage::Refresh).await.len(), 1);
}

async fn renewing_keeps_a_lease_and_leaves_out_lost_ones(house: House) {
    let source = house.source("https://a.example/feed").await;
    let other = house.source("https://b.example/feed").await;
    let (task, lost) = (house.due(source).await, house.due(other).await);
    house.store.give_back(vec![lost.clone()]).await.unwrap();
    let half = NOW.after(LEASE / 2);
    assert_eq!(house.store.renew(&[task.clone(), lost], half).await.unwrap(), [task]);
    let claimed = house.store.claim(Stage::Refresh, 9, 9, NOW.after(LEASE)).await.unwrap();
    assert_eq!(claimed.iter().map(|task| task.about).collect::<Vec<_>>(), [other.0]);
}

async fn new_work_wakes_whoever_waits(house: House) {
    let long = std::time::Duration::from_secs(600);
    let source = house.source("https://a.example/feed").await;
    house.store.refresh_now(source, NOW).await.unwrap();
    house.store.wait_for_work(Stage::Refresh, long).await;
    let load = house.store.load(Timestamp(NOW.0)).await.unwrap();
    let refresh = load.iter().find(|load| load.stage == Stage::Refresh).unwrap();
    assert_eq!((refresh.waiting, refresh.leased, refresh.later), (1, 0, 0));
}
