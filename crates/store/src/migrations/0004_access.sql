-- What a reader gave for a source alone (a line a thing: `cookie: …`), and the reader whose it is.
ALTER TABLE source ADD COLUMN access TEXT;
