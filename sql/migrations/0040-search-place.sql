-- Which posts of some lists lie in a stretch of time: put beside what the index of words says, so that hits on other lists are not
-- looked at, however many there are.
CREATE INDEX post_search_place ON post_search (list_id, at);
