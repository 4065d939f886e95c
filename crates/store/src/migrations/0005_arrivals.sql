-- What a source's last document said of its hub, when a hub last told us something; who sends a newsletter.
ALTER TABLE source ADD COLUMN hub TEXT;
ALTER TABLE source ADD COLUMN topic TEXT;
ALTER TABLE source ADD COLUMN pushed {int};
ALTER TABLE source ADD COLUMN sender TEXT;
ALTER TABLE source ADD COLUMN unsubscribe TEXT;
ALTER TABLE source ADD COLUMN confirm TEXT;
CREATE INDEX source_with_hub ON source (id) WHERE hub IS NOT NULL;

-- What was sent to us and waits to be read: pushed documents and mails, word for word.
CREATE TABLE arrival (
  id {pk},
  source {int} NOT NULL REFERENCES source (id),
  kind TEXT NOT NULL,
  content_type TEXT,
  at {int} NOT NULL,
  body {blob} NOT NULL
) {table};

-- What we agreed with hubs.
CREATE TABLE subscription (
  source {int} PRIMARY KEY REFERENCES source (id),
  hub TEXT NOT NULL,
  topic TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  secret TEXT NOT NULL,
  pending TEXT,
  until {int},
  due {int} NOT NULL,
  asked {int} NOT NULL DEFAULT 0,
  trouble_word TEXT,
  trouble_says TEXT
) {table};
CREATE INDEX subscription_due ON subscription (due);

-- How far folders of mail were read.
CREATE TABLE mailbox (
  name TEXT PRIMARY KEY,
  validity {int} NOT NULL,
  last {int} NOT NULL,
  asked {int},
  trouble_word TEXT,
  trouble_says TEXT
) {table};
