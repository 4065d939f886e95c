-- Distinct tokens only, made by our own analyser: no positions, no copy of the text.
CREATE TABLE search (article BIGINT PRIMARY KEY, words tsvector NOT NULL);
CREATE INDEX search_words ON search USING gin (words);
