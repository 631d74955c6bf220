-- The map asks which events of a range violate: few rows among all counts.
create index ingest_count_violating on ingest_count (occurred_minute) where schema_status in (2, 3);
