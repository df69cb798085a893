-- No statement asks it any more: in small archives the planner took it alone, and read the words of every row.
DROP INDEX post_search_place;
