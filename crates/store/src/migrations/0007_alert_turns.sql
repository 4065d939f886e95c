-- An alert remembers a story's turns, not its texts. What was told before stays told: no story has more turns than texts.
ALTER TABLE alert RENAME COLUMN texts TO turns;
