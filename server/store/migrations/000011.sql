-- Lists by status and duration (docs/architecture.md, "Reading"): what runs is found by its end, what took long by how long
-- it took, instead of by going down all that began.
create index trace_ended_at on trace (workspace_id, ended_at);
create index trace_duration on trace (workspace_id, (ended_at - started_at));
create index trace_dead_letter on trace (workspace_id, started_at) where episode_dead_letter;
-- The newest of those whose id begins with few characters; with more of them `trace_prefix` finds few.
create index trace_prefix_start on trace (workspace_id, left(id_prefix, 2), started_at desc, trace_key);
