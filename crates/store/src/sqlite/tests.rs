use std::os::unix::fs::PermissionsExt;

use news::Timestamp;

use super::*;

const NOW: Timestamp = Timestamp(1_700_000_000);

/// A folder that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("tidings-store-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

#[test]
fn only_the_owner_can_read_the_folder_and_all_that_is_in_it() {
    let folder = Folder::new("private");
    let store = open(&folder.0.join("data/tidings.db")).unwrap();
    run(store.add_reader("ada", NOW)).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.0.join("data")), 0o700);
    run(store.backup(&folder.0.join("data/copy.db"))).unwrap();
    let files: Vec<PathBuf> =
        std::fs::read_dir(folder.0.join("data")).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(4 <= files.len(), "database, log, its index, copy: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again_and_in_a_copy() {
    let folder = Folder::new("again");
    let (path, copy) = (folder.0.join("tidings.db"), folder.0.join("copy.db"));
    let store = open(&path).unwrap();
    let ada = run(store.add_reader("ada", NOW)).unwrap();
    run(store.backup(&copy)).unwrap();
    assert!(matches!(run(store.backup(&copy)), Err(StoreError::CannotWrite(_))));
    drop(store);
    for path in [path, copy] {
        let store = open(&path).unwrap();
        assert_eq!(run(store.readers()).unwrap(), std::slice::from_ref(&ada));
        assert_eq!(run(store.check()).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn many_small_writes_at_once_are_all_kept_and_one_that_fails_harms_no_other() {
    let folder = Folder::new("many");
    let store = open(&folder.0.join("tidings.db")).unwrap();
    let nobody = news::ReaderId(999);
    let settings = news::ReaderSettings::default();
    let names: Vec<String> = (0..200).map(|n| format!("reader {n}")).collect();
    run(async {
        let all: Vec<_> = names
            .iter()
            .map(|name| async {
                let failed = store.save_settings(nobody, &settings).await;
                assert!(matches!(failed, Err(StoreError::NotFound)));
                store.add_reader(name, NOW).await.unwrap()
            })
            .collect();
        let mut ids = Vec::new();
        for reader in join_all(all).await {
            ids.push(reader.id);
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 200);
    });
    assert_eq!(run(store.readers()).unwrap().len(), 200);
}

/// All at once on one thread, so that they wait for the writer together.
async fn join_all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut done = true;
        for (future, answer) in &mut waiting {
            if answer.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *answer = Some(value),
                    std::task::Poll::Pending => done = false,
                }
            }
        }
        if done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[test]
fn a_store_of_a_newer_tidings_is_left_alone() {
    let folder = Folder::new("newer");
    let path = folder.0.join("tidings.db");
    drop(open(&path).unwrap());
    Connection::open(&path).unwrap().execute_batch("INSERT INTO schema_version VALUES (999)").unwrap();
    let error = open(&path).err().unwrap().to_string();
    assert!(error.contains("newer tidings"), "{error}");
}

#[test]
fn sqlite_is_new_enough() {
    assert!(OLDEST <= rusqlite::version_number());
}
