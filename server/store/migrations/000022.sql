-- Events that break their schema, in all, are the sum of a few counts: by this index without a look at those of all others.
-- 2 and 3 are the codes of the statuses `violation` and `unknown_reference` (model/schema-check.ts).
create index ingest_count_violating_stored on ingest_count (workspace_id, stored_minute) include (records)
  where schema_status in (2, 3);
