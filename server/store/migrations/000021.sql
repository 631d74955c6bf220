-- A begin of three characters has hundreds of traces, each on a page of its own: the newest of them are chosen, and those of
-- single types counted, by the index alone.
create index trace_begin on trace (workspace_id, id_prefix text_pattern_ops) include (started_at, trace_key, root_type_id);
drop index trace_prefix;
alter index trace_begin rename to trace_prefix;
