-- In which zone guests see times.
ALTER TABLE list_effective ADD COLUMN time_zone text NOT NULL DEFAULT '';
ALTER TABLE list_effective ALTER COLUMN time_zone DROP DEFAULT;
COMMENT ON COLUMN list_effective.time_zone IS 'Such as Asia/Tokyo: of times on the list''s pages for guests and people who chose none. Empty: the site''s.';
COMMENT ON COLUMN post.month IS 'First day of the month of acceptance in UTC, whatever time zone the list''s pages have: names its month''s page, and the partition of its outcomes.';
