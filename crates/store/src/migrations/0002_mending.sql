-- What was mended, in order: behind which placement each counts, and the decision itself.
CREATE TABLE mending (
  id {pk},
  behind {int} NOT NULL,
  at {int} NOT NULL,
  repair {int},
  what {blob} NOT NULL
) {table};

-- Where an article stood before a mending took it elsewhere: so its placement can be replayed as it was.
CREATE TABLE moved_article (
  article {int} NOT NULL,
  mending {int} NOT NULL,
  story {int} NOT NULL,
  PRIMARY KEY (article, mending)
) {clustered};

-- Where a story's old number leads, for ever.
CREATE TABLE moved_story (
  story {int} PRIMARY KEY,
  leads_to {int} NOT NULL,
  change {int} NOT NULL
) {table};
CREATE INDEX moved_to ON moved_story (leads_to);
CREATE INDEX moved_change ON moved_story (change);

-- What readers said about which articles belong together. `beside`: the article from which the others are apart, or
-- with which they are together.
CREATE TABLE repair (
  id {pk},
  reader {int} NOT NULL REFERENCES reader (id),
  at {int} NOT NULL,
  kind TEXT NOT NULL,
  articles TEXT NOT NULL,
  beside {int} NOT NULL,
  for_all {int} NOT NULL DEFAULT 0,
  undone {int}
) {table};
CREATE INDEX repair_of_reader ON repair (reader, id) WHERE undone IS NULL;
