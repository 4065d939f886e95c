use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::Hosts;

#[tokio::test(start_paused = true)]
async fn a_host_is_asked_one_at_a_time_with_a_pause_and_others_meanwhile() {
    let hosts = Arc::new(Hosts::new(Duration::from_secs(1)));
    let begun = Instant::now();
    let mut asking = tokio::task::JoinSet::new();
    for (host, number) in [("a", 1), ("a", 2), ("b", 1), ("a", 3)] {
        let hosts = hosts.clone();
        asking.spawn(async move {
            let _permit = hosts.acquire(host).await;
            let from = begun.elapsed().as_secs();
            tokio::time::sleep(Duration::from_secs(5)).await;
            (host, number, from)
        });
    }
    let mut took: Vec<_> = asking.join_all().await;
    took.sort_unstable();
    assert_eq!(took, [("a", 1, 0), ("a", 2, 6), ("a", 3, 12), ("b", 1, 0)]);
}

#[tokio::test(start_paused = true)]
async fn many_hosts_are_forgotten_again() {
    let hosts = Hosts::new(Duration::from_secs(1));
    for number in 0..20_000 {
        drop(hosts.acquire(&format!("host{number}")).await);
        tokio::time::advance(Duration::from_millis(100)).await;
    }
    assert!(hosts.known() < 3000, "{}", hosts.known());
}
