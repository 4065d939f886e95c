-- One thing can be followed and muted, and muted here and there.
ALTER TABLE follow ADD COLUMN place TEXT NOT NULL DEFAULT '', ADD COLUMN alerts BIGINT, ADD COLUMN seen BIGINT;
UPDATE follow SET place = 'everywhere' WHERE stance LIKE 'mute%';
ALTER TABLE follow DROP CONSTRAINT follow_reader_target_key, ADD UNIQUE (reader, target, place);
