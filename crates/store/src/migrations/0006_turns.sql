-- How many things an article told that its story had not told when it came. What came before this was looked at counts
-- as one that told something.
ALTER TABLE placement ADD COLUMN facts {int} NOT NULL DEFAULT 1;
-- A story's turns: those of its articles that told something; and how many of them a reader knows.
ALTER TABLE story ADD COLUMN turns {int} NOT NULL DEFAULT 0;
UPDATE story SET turns = articles;
ALTER TABLE story_state RENAME COLUMN opened_articles TO turns;
UPDATE story_state SET turns = coalesce((SELECT s.turns FROM story s WHERE s.id = story_state.story), 0)
  WHERE read = 1 AND opened IS NULL;
CREATE INDEX story_read ON story_state (story) WHERE read = 1;
