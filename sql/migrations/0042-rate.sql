-- A count of a minute is not worth waiting for the disk at each search: after a crash it begins anew.
ALTER TABLE rate SET UNLOGGED;
