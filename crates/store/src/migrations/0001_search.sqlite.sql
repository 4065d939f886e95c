-- Distinct tokens only, made by our own analyser: no positions, no copy of the text.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
INSERT INTO search (search, rank) VALUES ('automerge', 16), ('crisismerge', 32);
