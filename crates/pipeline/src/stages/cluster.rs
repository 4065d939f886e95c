//! Places each article in its story, in the order in which the articles came, and mends: what should be one story is
//! joined, what should be two is parted, and what somebody said for everybody is made true.
//!
//! The stories of the last days are an index in memory: a fold over what was placed, made again from the store at
//! the start, kept current while we place, and caught up on what other workers placed before each batch.

use std::{collections::VecDeque, sync::Arc};

use async_trait::async_trait;
use cluster::{Index, Policy};
use news::{ArticleId, Mending, Model, Placement, Says, Sketch, StoryId, Timestamp};
use store::{Gathering, Lately, RepairToMake, Stage, Step, Task, Upto};
use tokio::sync::Mutex;

use crate::{Held, Problem, Worker, finish, tasks_of};

/// How many placements are read at a time when the index is made again.
const PAGE: usize = 1000;

pub struct Cluster {
    store: Arc<dyn Gathering>,
    policy: Policy,
    memory: Mutex<Option<Memory>>,
}

/// The index, how much of the history of stories is folded into it, and by whose vectors (the first page tells).
struct Memory {
    index: Index,
    upto: Upto,
    model: Option<Model>,
}

impl Cluster {
    pub fn new(store: Arc<dyn Gathering>, policy: Policy) -> Cluster {
        Cluster { store, policy, memory: Mutex::new(None) }
    }

    async fn batch(&self, tasks: Vec<Task>, now: Timestamp) -> Result<(), String> {
        // One placer at a time is the queue's promise; the lock only says so to the compiler.
        let mut held = self.memory.lock().await;
        let memory = held.take().unwrap_or_else(|| self.nothing());
        let mut memory = self.catch_up(memory).await?;
        let (repairs, tasks): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(Task::is_repair);
        for (task, repair) in self.store.repairs_to_make(&repairs).await.map_err(|error| error.to_string())? {
            let mending = repaired(&self.policy, &repair);
            let sketches: Vec<Sketch> = repair.stories.iter().flat_map(|it| &it.1).cloned().collect();
            mending.iter().for_each(|it| memory.index.apply(it, &sketches));
            let recorded = self.store.record_repair(&task, mending.into_iter().collect(), now).await;
            memory.upto = recorded.map_err(|error| error.to_string())?;
        }
        let sketches = self.store.sketches_to_place(&tasks).await.map_err(|error| error.to_string())?;
        if sketches.is_empty() {
            *held = Some(memory);
            return Ok(());
        }
        memory.index.expire();
        let mut work = Work { index: memory.index, left: sketches.into(), placed: Vec::new() };
        // As far as it knows by itself: whether a story is two only its articles can tell.
        loop {
            let thinking = tokio::task::spawn_blocking(move || {
                let doubted = work.go_on();
                (work, doubted)
            });
            let doubted;
            (work, doubted) = thinking.await.map_err(|error| format!("placing failed: {error}"))?;
            let Some((story, members)) = doubted else { break };
            let sketches = self.sketches(&members).await?;
            work.part(story, &sketches);
        }
        let placements = work.placed;
        memory.index = work.index;
        // When this fails the index has moved on and the store has not: it is dropped, and made again.
        memory.upto =
            self.store.record_placements(placements, now).await.map_err(|error| error.to_string())?;
        memory.index.counted(memory.upto.placed);
        *held = Some(memory);
        Ok(())
    }

    async fn sketches(&self, articles: &[ArticleId]) -> Result<Vec<Sketch>, String> {
        self.store.sketches_of(articles).await.map_err(|error| error.to_string())
    }

    fn nothing(&self) -> Memory {
        Memory { index: Index::new(self.policy.clone()), upto: Upto::default(), model: None }
    }

    /// When other vectors are compared than before, from the beginning: so whoever was there and whoever starts anew see
    /// the same.
    async fn catch_up(&self, mut memory: Memory) -> Result<Memory, String> {
        let Policy { quiet, reach, grown, late, .. } = self.policy;
        let lately = Lately { within: quiet, grown: (grown, reach), placed: late };
        loop {
            let history = self.store.history_after(memory.upto, lately, PAGE).await;
            let history = history.map_err(|error| error.to_string())?;
            if *memory.model.get_or_insert(history.model) != history.model {
                memory = self.nothing();
                continue;
            }
            for step in history.steps {
                match step {
                    Step::Placed(it) => {
                        // Those before it may have been left out.
                        memory.index.counted(it.number - 1);
                        memory.index.insert(it.sketch, it.story);
                    }
                    Step::Mended(it) => {
                        let sketches = match &*it {
                            Mending::Split { story, .. } => {
                                self.sketches(memory.index.members(*story)).await?
                            }
                            Mending::Join { .. } => Vec::new(),
                        };
                        memory.index.apply(&it, &sketches);
                    }
                }
            }
            memory.upto = history.upto;
            if !history.more {
                return Ok(memory);
            }
        }
    }
}

/// Each article where it belongs; and, right behind it, what is to be mended now that its story has grown. Mending goes
/// by what was placed and mended before, never by where a batch ends, so that one worker and many come to the same.
struct Work {
    index: Index,
    left: VecDeque<(Task, Sketch)>,
    placed: Vec<(Task, Placement, Vec<Mending>)>,
}

impl Work {
    /// Until nothing is left, or a story of these members is to be looked at.
    fn go_on(&mut self) -> Option<(StoryId, Vec<ArticleId>)> {
        while let Some((task, sketch)) = self.left.pop_front() {
            let placement = self.index.place(sketch);
            let mendings = self.index.mend(placement.story);
            let doubted = self.index.doubted(&placement, &mendings);
            self.placed.push((task, placement, mendings));
            if doubted.is_some() {
                return doubted;
            }
        }
        None
    }

    fn part(&mut self, story: StoryId, sketches: &[Sketch]) {
        if let (Some(parted), Some((_, _, mendings))) =
            (self.index.part(story, sketches), self.placed.last_mut())
        {
            mendings.push(parted);
        }
    }
}

/// What somebody said, as a mending of the stories as they stand; none where they stand so already. The stories may be
/// older than what the index holds, so an index of these alone makes the faces.
fn repaired(policy: &Policy, repair: &RepairToMake) -> Option<Mending> {
    let mut index = Index::new(policy.clone());
    for (story, sketches) in &repair.stories {
        sketches.iter().for_each(|it| index.insert(it.clone(), *story));
    }
    let leave = match (&repair.says, repair.undone) {
        (Says::Apart { articles, .. }, false) => articles,
        (Says::Together { .. }, true) => &repair.came,
        (Says::Apart { .. }, true) | (Says::Together { .. }, false) => {
            let [(story, _), (gone, _)] = &repair.stories[..] else { return None };
            let (story, gone) = (*story, *gone);
            let facts = index.brings(story, gone);
            let join = |face| Mending::Join { story, gone, likeness: 1.0, evidence: Vec::new(), facts, face };
            index.apply(&join(Box::default()), &[]);
            return index.face(story).map(|face| join(Box::new(face)));
        }
    };
    // Of an article and those it is apart from, only what still stands together can be parted.
    let together = |it: &&(StoryId, Vec<Sketch>)| match &repair.says {
        Says::Apart { from, .. } => it.1.iter().any(|sketch| sketch.article == *from),
        Says::Together { .. } => it.1.iter().any(|sketch| leave.contains(&sketch.article)),
    };
    let (story, sketches) = repair.stories.iter().find(together)?;
    index.split(*story, sketches, Vec::new(), |sketch| leave.contains(&sketch.article))
}

#[async_trait]
impl Worker for Cluster {
    fn stage(&self) -> Stage {
        Stage::Cluster
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let recorded = self.batch(tasks_of(&tasks), now).await;
        finish(tasks, recorded)
    }
}
