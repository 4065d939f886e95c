-- What left a story: its page says where to.
CREATE INDEX moved_from ON moved_article (story);
