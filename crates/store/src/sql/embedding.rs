//! Whose vectors are compared, and a change of model: articles are embedded again in the background; then, in one moment,
//! the new vectors are compared instead of the old ones; then stories' centres follow, and what was learnt of readers.

use news::{ArticleId, Embedding, Model, ReaderId, StoryId, Timestamp};

use super::{readers, stories, tasks};
use crate::conn::{Conn, Row, Val, vals};
use crate::pack::{pack, unpack};
use crate::rows::{self, EXTRACTED, FIRST_MODEL};
use crate::{ArticleToUnderstand, ChangeOfModel, ModelStep, Result, Stage, StoreError, Task};

/// So many stories' centres are made at once.
const STORIES: usize = 200;
/// The one task of the stage.
const KEY: &str = "model";

struct State {
    current: Model,
    wanted: Model,
    name: String,
    step: ModelStep,
    since: Timestamp,
    downto: i64,
    next: i64,
}

fn state(conn: &mut dyn Conn) -> Result<State> {
    read(conn, "")
}

/// Nobody else changes it until this is committed.
fn held(conn: &mut dyn Conn) -> Result<State> {
    read(conn, "{for update}")
}

fn read(conn: &mut dyn Conn, held: &str) -> Result<State> {
    let sql = format!("SELECT current, wanted, name, step, since, downto, next FROM embedded_by {held}");
    let found = conn.one(&sql, &[], |row| State {
        current: model(row.int(0)),
        wanted: model(row.int(1)),
        name: row.text(2),
        step: match row.int(3) {
            1 => ModelStep::Articles,
            2 => ModelStep::Stories,
            _ => ModelStep::Done,
        },
        since: row.time(4),
        downto: row.int(5),
        next: row.int(6),
    })?;
    found.ok_or(StoreError::NotFound)
}

fn write(conn: &mut dyn Conn, it: &State) -> Result<()> {
    let step = match it.step {
        ModelStep::Done => 0,
        ModelStep::Articles => 1,
        ModelStep::Stories => 2,
    };
    conn.execute(
        "UPDATE embedded_by SET current = $1, wanted = $2, name = $3, step = $4, since = $5, downto = $6, next = $7",
        vals![it.current, it.wanted, &it.name, step as i64, it.since, it.downto, it.next],
    )?;
    Ok(())
}

fn model(number: i64) -> Model {
    Model(number as u64)
}

/// What [`chosen`] reads: an article's vector by the model that is current, and which that is.
pub(crate) const CHOSEN: &str = "(SELECT e.vector FROM embedding e WHERE e.article = a.id
      AND e.model = (SELECT current FROM embedded_by)), (SELECT current FROM embedded_by)";

/// An article's vector by the model that is current; none where there is none yet. `own` is that of its understanding.
pub(crate) fn chosen(own: Embedding, row: &dyn Row, first: usize) -> Embedding {
    let current = model(row.int(first + 1));
    match row.maybe_blob(first) {
        _ if current == Model::default() || own.model() == current => own,
        Some(vector) => unpack(vector),
        None => Embedding::default(),
    }
}

pub(crate) fn current(conn: &mut dyn Conn) -> Result<Model> {
    Ok(model(conn.number("SELECT current FROM embedded_by", &[])?))
}

/// Whether these were made by the model that is current, as far as they were made by any. Until this is committed no
/// other becomes so.
pub(crate) fn are_current<'a>(
    conn: &mut dyn Conn,
    vectors: impl Iterator<Item = &'a Embedding>,
) -> Result<bool> {
    let current = held(conn)?.current;
    let mut made = vectors.filter(|it| !it.is_empty());
    Ok(current == Model::default() || made.all(|it| it.model() == current))
}

/// From now on articles come with vectors by the model of this name. Where others are compared as yet, a change begins;
/// one that is under way already goes on.
pub(crate) fn embed_by(
    conn: &mut dyn Conn,
    name: &str,
    wanted: Model,
    built_in: Model,
    since: Timestamp,
) -> Result<()> {
    let was = held(conn)?;
    let current = if was.current == Model::default() { FIRST_MODEL } else { was.current };
    let under_way = was.step != ModelStep::Done;
    if was.wanted == wanted && under_way {
        return go_on(conn);
    }
    if wanted == current {
        // A change to another one is called off; stories may still have centres of the one before.
        let step = if under_way { ModelStep::Stories } else { ModelStep::Done };
        write(conn, &State { current, wanted, name: name.to_owned(), step, next: i64::MAX, ..was })?;
        return if under_way { go_on(conn) } else { Ok(()) };
    }
    // Of a model that is no longer run nothing new can be compared; but each understanding has the built-in's vector.
    let current = if wanted == built_in || current == built_in { current } else { built_in };
    let next = conn.number("SELECT coalesce(max(id), 0) + 1 FROM article", &[])?;
    let downto =
        conn.number("SELECT coalesce(min(id), $2) FROM article WHERE arrived >= $1", vals![since, next])?;
    let name = name.to_owned();
    write(conn, &State { current, wanted, name, step: ModelStep::Articles, since, downto, next })?;
    go_on(conn)
}

fn go_on(conn: &mut dyn Conn) -> Result<()> {
    tasks::add(conn, Stage::Embed, 0, KEY, Timestamp(0))
}

/// Kept beside what was understood of the articles.
pub(crate) fn keep(conn: &mut dyn Conn, vectors: &[(ArticleId, Embedding)]) -> Result<()> {
    for (article, vector) in vectors.iter().filter(|it| !it.1.is_empty()) {
        conn.execute(
            "INSERT INTO embedding (article, model, vector) VALUES ($1, $2, $3)
             ON CONFLICT (article) DO UPDATE SET model = excluded.model, vector = excluded.vector",
            vals![*article, vector.model(), &pack(vector)],
        )?;
    }
    Ok(())
}

/// The newest articles that have no vector by the model that is wanted; and which that is.
pub(crate) fn to_be_embedded(
    conn: &mut dyn Conn,
    at_most: usize,
) -> Result<(Model, Vec<ArticleToUnderstand>)> {
    let state = state(conn)?;
    if state.step != ModelStep::Articles {
        return Ok((state.wanted, Vec::new()));
    }
    let sql = format!(
        "SELECT {EXTRACTED}, a.id FROM article a JOIN article_text t ON t.article = a.id
         JOIN understanding u ON u.article = a.id
         WHERE a.id < $1 AND a.id >= $2 AND u.model <> $3
           AND NOT EXISTS (SELECT 1 FROM embedding e WHERE e.article = a.id AND e.model = $4)
         ORDER BY a.id DESC LIMIT $5"
    );
    let found =
        conn.all(&sql, vals![state.next, state.downto, &state.name, state.wanted, at_most], |row| {
            ArticleToUnderstand {
                id: ArticleId(row.int(11)),
                extracted: rows::extracted(row, 0),
                categories: Vec::new(),
                source_language: None,
            }
        })?;
    Ok((state.wanted, found))
}

/// What was embedded of what was asked for last, and the next step of the change. With nothing left to embed the new
/// model becomes the current one; then the centres of stories are made anew, some at a time; then readers learn anew.
pub(crate) fn record(
    conn: &mut dyn Conn,
    task: &Task,
    vectors: &[(ArticleId, Embedding)],
    now: Timestamp,
) -> Result<ChangeOfModel> {
    if !tasks::holds(conn, task)? {
        return Err(StoreError::LeaseLost);
    }
    let mut state = held(conn)?;
    // Those by a model that is no longer wanted are of no use.
    let wanted = vectors.iter().all(|it| it.1.is_empty() || it.1.model() == state.wanted);
    match state.step {
        ModelStep::Articles if !wanted => (),
        ModelStep::Articles => match vectors.iter().map(|it| it.0.0).min() {
            Some(last) => {
                keep(conn, vectors)?;
                state.next = last;
            }
            None => {
                (state.current, state.step, state.next) = (state.wanted, ModelStep::Stories, i64::MAX);
            }
        },
        ModelStep::Stories => match recentre(conn, &state)? {
            Some(last) => state.next = last.0,
            None => {
                state.step = ModelStep::Done;
                for reader in conn.all("SELECT reader FROM interests", &[], |row| ReaderId(row.int(0)))? {
                    readers::learn_anew(conn, reader, now)?;
                }
            }
        },
        ModelStep::Done => (),
    }
    write(conn, &state)?;
    tasks::strike_off(conn, task, Timestamp(0))?;
    if state.step != ModelStep::Done {
        go_on(conn)?;
    }
    told(conn, &state)
}

/// Gives some stories a centre by the model that is current; answers the last one, and none when there are no more. What
/// has none of its articles embedded by it keeps what it has, which is compared with nothing.
fn recentre(conn: &mut dyn Conn, state: &State) -> Result<Option<StoryId>> {
    let some = conn.all(
        "SELECT id, centre FROM story WHERE id < $1 AND last_grew >= $2 ORDER BY id DESC LIMIT $3",
        vals![state.next, state.since, STORIES],
        |row| (StoryId(row.int(0)), unpack::<Embedding>(row.blob(1)).model()),
    )?;
    let change = stories::next_change(conn)?;
    let sql = format!(
        "SELECT u.sketch, {CHOSEN} FROM placement p JOIN article a ON a.id = p.article
         JOIN understanding u ON u.article = a.id WHERE p.story = $1 ORDER BY p.number"
    );
    for (story, _) in some.iter().filter(|it| it.1 != state.current) {
        let members = conn.all(&sql, vals![*story], |row| chosen(unpack(row.blob(0)), row, 1))?;
        let centre = Embedding::mean(&members);
        if !centre.is_empty() {
            let sql = "UPDATE story SET centre = $2, change = $3 WHERE id = $1";
            conn.execute(sql, vals![*story, &pack(&centre), change])?;
        }
    }
    Ok(some.last().map(|it| it.0))
}

pub(crate) fn change(conn: &mut dyn Conn) -> Result<ChangeOfModel> {
    let state = state(conn)?;
    told(conn, &state)
}

fn told(conn: &mut dyn Conn, state: &State) -> Result<ChangeOfModel> {
    let (table, down) = match state.step {
        ModelStep::Articles => ("article WHERE id < $1 AND id >= $2", state.downto),
        ModelStep::Stories => ("story WHERE id < $1 AND last_grew >= $2", state.since.0),
        ModelStep::Done => {
            return Ok(ChangeOfModel { name: state.name.clone(), step: state.step, left: 0 });
        }
    };
    let left =
        conn.number(&format!("SELECT count(*) FROM {table}"), &[Val::Int(state.next), Val::Int(down)])?;
    Ok(ChangeOfModel { name: state.name.clone(), step: state.step, left: left.max(0) as u64 })
}
