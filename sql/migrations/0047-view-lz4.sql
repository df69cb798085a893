-- What is read of a post, and its folded text, are packed with lz4 as the mail is: in a fifth of the time that PostgreSQL's own way of packing
-- takes, and read as much faster, for two hundredths more of the disk. What is there already stays as it is: it is read the same.
ALTER TABLE post_view ALTER COLUMN body SET COMPRESSION lz4;
ALTER TABLE post_search ALTER COLUMN folded SET COMPRESSION lz4;
