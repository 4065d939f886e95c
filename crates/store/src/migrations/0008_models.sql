-- Vectors of articles by another model than the one that made their understanding.
CREATE TABLE embedding (
  article {int} PRIMARY KEY,
  model {int} NOT NULL,
  vector {blob} NOT NULL
) {table};
-- Whose vectors are compared (0: whosever are there), whose are wanted, and how far the change has come: step 1 articles
-- and 2 stories, each from the newest down; those before `next` are still to be done.
CREATE TABLE embedded_by (
  id {int} PRIMARY KEY,
  current {int} NOT NULL,
  wanted {int} NOT NULL,
  name TEXT NOT NULL,
  step {int} NOT NULL,
  since {int} NOT NULL,
  downto {int} NOT NULL,
  next {int} NOT NULL
) {table};
INSERT INTO embedded_by VALUES (1, 0, 0, '', 0, 0, 0, 0);
-- How often they were written: who keeps something of them sees by it that they have changed.
ALTER TABLE interests ADD COLUMN times {int} NOT NULL DEFAULT 0;
