-- One thing can be followed and muted, and muted here and there: the rule of what is one row is another one, which
-- SQLite changes with the table only.
CREATE TABLE follow_new (
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
  place TEXT NOT NULL DEFAULT '',
  alerts {int},
  seen {int},
  UNIQUE (reader, target, place)
) {table};
INSERT INTO follow_new (id, reader, target, source, stance, label, folder, aliases, since, until, place)
  SELECT id, reader, target, source, stance, label, folder, aliases, since, until,
    CASE WHEN stance LIKE 'mute%' THEN 'everywhere' ELSE '' END FROM follow;
DROP TABLE follow;
ALTER TABLE follow_new RENAME TO follow;
CREATE INDEX follow_of_source ON follow (source) WHERE source IS NOT NULL;
