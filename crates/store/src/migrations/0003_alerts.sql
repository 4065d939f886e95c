-- What was followed or muted until a moment ago: taking that back brings all of it back, number and all.
CREATE TABLE follow_gone (
  id {int} PRIMARY KEY,
  reader {int} NOT NULL REFERENCES reader (id),
  target TEXT NOT NULL,
  source {int},
  stance TEXT NOT NULL,
  label TEXT,
  folder TEXT,
  aliases TEXT NOT NULL,
  since {int} NOT NULL,
  until {int},
  place TEXT NOT NULL,
  alerts {int},
  seen {int}
) {table};

-- The secret address of an output feed. Follow 0 is the whole edition.
CREATE TABLE feed_key (
  key TEXT PRIMARY KEY,
  reader {int} NOT NULL REFERENCES reader (id),
  follow {int} NOT NULL,
  made {int} NOT NULL,
  UNIQUE (reader, follow)
) {table};

CREATE TABLE alert (
  id {pk},
  reader {int} NOT NULL REFERENCES reader (id),
  follow {int} NOT NULL,
  story {int} NOT NULL,
  at {int} NOT NULL,
  texts {int} NOT NULL,
  seen {int} NOT NULL DEFAULT 0,
  UNIQUE (reader, story, texts)
) {table};
CREATE INDEX alert_of_reader ON alert (reader, id);

-- Alerts on their way out, by channel: to be sent when `until` is past.
CREATE TABLE alert_out (
  channel TEXT NOT NULL,
  alert {int} NOT NULL,
  reader {int} NOT NULL,
  attempt {int} NOT NULL DEFAULT 0,
  until {int} NOT NULL,
  PRIMARY KEY (channel, alert)
) {clustered};
