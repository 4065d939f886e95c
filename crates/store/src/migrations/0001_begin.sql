-- Numbers that rise: receipts of claims, changes of stories.
CREATE TABLE counter (name TEXT PRIMARY KEY, value {int} NOT NULL) {table};
INSERT INTO counter VALUES ('receipt', 0), ('change', 0);

-- What is to do. One task for one thing in one stage; `again` asks for another round when it is done.
-- Free: receipt 0, due at `until`. Leased: receipt not 0, `until` is when the lease ends.
CREATE TABLE task (
  stage {int} NOT NULL,
  about {int} NOT NULL,
  key TEXT NOT NULL,
  until {int} NOT NULL,
  attempt {int} NOT NULL DEFAULT 0,
  receipt {int} NOT NULL DEFAULT 0,
  again {int} NOT NULL DEFAULT 0,
  PRIMARY KEY (stage, about)
) {clustered};
-- Only keys that tasks share are written down ('' otherwise: the stage knows the key by itself).
CREATE INDEX task_by_key ON task (stage, key, about) WHERE key <> '';
CREATE INDEX task_leased ON task (stage, until) WHERE receipt <> 0;

-- What was tried too often.
CREATE TABLE set_aside (
  stage {int} NOT NULL,
  about {int} NOT NULL,
  key TEXT NOT NULL,
  attempt {int} NOT NULL,
  why TEXT NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (stage, about)
) {clustered};

CREATE TABLE source (
  id {pk},
  address TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  kind TEXT NOT NULL,
  selector TEXT,
  title TEXT NOT NULL,
  site TEXT,
  language TEXT,
  added {int} NOT NULL,
  entries {int} NOT NULL DEFAULT 0,
  next_due {int} NOT NULL,
  due_because TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  last_asked {int},
  last_good {int},
  last_new {int},
  usual_gap {int},
  failures {int} NOT NULL DEFAULT 0,
  trouble_word TEXT,
  trouble_says TEXT,
  moved_to TEXT,
  moved_times {int} NOT NULL DEFAULT 0,
  ended {int} NOT NULL DEFAULT 0,
  pace TEXT NOT NULL DEFAULT ''
) {table};
CREATE INDEX source_due ON source (next_due) WHERE ended = 0 AND kind <> 'mail';

-- An entry as published. `identity` is a hash; `facts` what lists do not show; the text is in entry_text until an
-- article holds it. A dropped entry keeps its identity only.
CREATE TABLE entry (
  id {pk},
  source {int} NOT NULL REFERENCES source (id),
  identity {blob} NOT NULL,
  fingerprint {int} NOT NULL,
  at {int} NOT NULL,
  arrived {int} NOT NULL,
  title TEXT NOT NULL,
  url TEXT,
  teaser TEXT NOT NULL,
  edited {int} NOT NULL DEFAULT 0,
  dropped {int} NOT NULL DEFAULT 0,
  article {int},
  facts {blob},
  UNIQUE (source, identity)
) {table};
CREATE INDEX entry_of_source ON entry (source, id);
CREATE INDEX entry_of_article ON entry (article) WHERE article IS NOT NULL;

CREATE TABLE entry_text (entry {int} PRIMARY KEY, text {blob} NOT NULL) {table};

-- What an entry said before it was changed.
CREATE TABLE revision (
  id {pk},
  entry {int} NOT NULL,
  until {int} NOT NULL,
  title TEXT NOT NULL,
  text {blob} NOT NULL
) {table};
CREATE INDEX revision_of_entry ON revision (entry, id);

CREATE TABLE article (
  id {pk},
  address TEXT NOT NULL UNIQUE,
  source {int} NOT NULL,
  outlet TEXT NOT NULL,
  outlet_name TEXT,
  title TEXT NOT NULL,
  standfirst TEXT,
  language TEXT,
  published {int},
  updated {int},
  at {int} NOT NULL,
  arrived {int} NOT NULL,
  is_full {int} NOT NULL,
  free {int},
  length {int} NOT NULL,
  words {int} NOT NULL,
  version {int} NOT NULL DEFAULT 1,
  more {blob} NOT NULL
) {table};
CREATE INDEX article_arrived ON article (arrived);

CREATE TABLE article_text (article {int} PRIMARY KEY, body {blob} NOT NULL) {table};

CREATE TABLE understanding (
  article {int} PRIMARY KEY,
  model TEXT NOT NULL,
  language TEXT NOT NULL,
  sketch {blob} NOT NULL
) {table};

CREATE TABLE story (
  id {int} PRIMARY KEY,
  change {int} NOT NULL,
  lead {int} NOT NULL,
  headline TEXT NOT NULL,
  standfirst TEXT,
  language TEXT,
  began {int} NOT NULL,
  last_grew {int} NOT NULL,
  articles {int} NOT NULL,
  outlets {int} NOT NULL,
  words {int} NOT NULL,
  centre {blob} NOT NULL,
  face {blob} NOT NULL
) {table};
CREATE INDEX story_change ON story (change);
CREATE INDEX story_grew ON story (last_grew);

CREATE TABLE placement (
  number {pk},
  article {int} NOT NULL UNIQUE,
  story {int} NOT NULL REFERENCES story (id),
  likeness {real} NOT NULL,
  evidence {blob}
) {table};
CREATE INDEX placement_of_story ON placement (story);

CREATE TABLE story_source (
  source {int} NOT NULL,
  story {int} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (source, story)
) {clustered};
CREATE INDEX source_of_story ON story_source (story);

CREATE TABLE reader (
  id {pk},
  name TEXT NOT NULL UNIQUE,
  since {int} NOT NULL,
  settings TEXT NOT NULL,
  acts {int} NOT NULL DEFAULT 0
) {table};

CREATE TABLE follow (
  id {pk},
  reader {int} NOT NULL REFERENCES reader (id),
  target TEXT NOT NULL,
  source {int},
  stance TEXT NOT NULL,
  label TEXT,
  folder TEXT,
  aliases TEXT NOT NULL,
  since {int} NOT NULL,
  until {int},
  UNIQUE (reader, target)
) {table};
CREATE INDEX follow_of_source ON follow (source) WHERE source IS NOT NULL;

CREATE TABLE signal (
  id {pk},
  reader {int} NOT NULL REFERENCES reader (id),
  story {int} NOT NULL,
  article {int},
  edition {int},
  at {int} NOT NULL,
  kind TEXT NOT NULL,
  number {int},
  share {real},
  device TEXT NOT NULL
) {table};
CREATE INDEX signal_of_reader ON signal (reader, id);
CREATE INDEX signal_of_story ON signal (reader, story);

CREATE TABLE entry_state (
  reader {int} NOT NULL,
  entry {int} NOT NULL,
  read {int} NOT NULL DEFAULT 0,
  saved {int} NOT NULL DEFAULT 0,
  at {int} NOT NULL,
  PRIMARY KEY (reader, entry)
) {clustered};
CREATE INDEX entry_saved ON entry_state (entry) WHERE saved = 1;
CREATE INDEX entry_saved_by ON entry_state (reader, entry) WHERE saved = 1;

CREATE TABLE story_state (
  reader {int} NOT NULL,
  story {int} NOT NULL,
  opened {int},
  opened_articles {int} NOT NULL DEFAULT 0,
  read {int} NOT NULL DEFAULT 0,
  saved {int} NOT NULL DEFAULT 0,
  shown {int} NOT NULL DEFAULT 0,
  dismissed {int} NOT NULL DEFAULT 0,
  PRIMARY KEY (reader, story)
) {clustered};
CREATE INDEX story_saved ON story_state (story) WHERE saved = 1;

CREATE TABLE interests (
  reader {int} PRIMARY KEY REFERENCES reader (id),
  upto {int} NOT NULL,
  believed {blob} NOT NULL
) {table};

CREATE TABLE edition (
  id {pk},
  reader {int} NOT NULL REFERENCES reader (id),
  at {int} NOT NULL,
  slots {blob} NOT NULL
) {table};
CREATE INDEX edition_of_reader ON edition (reader, id);
