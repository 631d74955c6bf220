-- Background jobs as pages show them: what was asked for, how far it is, and where it goes on after a stop. The job
-- library has its own schema; a row here and its job there are made in one transaction.
create table job (
  id uuid primary key default gen_random_uuid(),
  workspace_id smallint not null,
  kind text not null check (kind in ('re-resolve')),
  -- older rules: events that other rules have read; registry unreachable: events that waited for a schema registry.
  scope text not null check (scope in ('older rules', 'registry unreachable')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  requested_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  -- The last place that is done with; null before the first. Moves by compare-and-set with what was done there.
  place jsonb,
  -- When a process last did something for it.
  moved_at timestamptz,
  done bigint not null default 0,
  total bigint not null default 0,
  changed bigint not null default 0,
  message text
);
create index job_newest on job (workspace_id, requested_at desc);
-- One at a time: two of them would read the same events twice.
create unique index job_at_work on job (workspace_id, kind) where state in ('queued', 'running');
