-- Alerts (docs/architecture.md, "Alerts"). What is below is written by the leader alone, over the connection that holds its
-- lock; what people say (rules of the page, silences, acknowledgements, marks) has tables of its own, which it reads.

-- Rules as they are written. Those of the file and the built-in ones are put here by the leader, whose they are.
create table alert_rule (
  workspace_id smallint not null,
  origin text not null check (origin in ('throughline.yaml', 'page', 'built in')),
  name text not null,
  place integer not null,
  written jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (workspace_id, origin, name)
);

-- How a rule does. `version` moves with every change.
create table alert_rule_state (
  workspace_id smallint not null,
  rule text not null,
  version bigint not null,
  health text not null check (health in ('ok', 'no data', 'error', 'off')),
  since timestamptz not null,
  why text,
  warnings jsonb not null,
  evaluated_at timestamptz not null,
  -- Alerts beyond the most that are held of one rule
  not_held integer not null,
  primary key (workspace_id, rule)
);

-- One row for each rule and what it was found at. An inactive one stays, so that it counts its firings on.
create table alert (
  workspace_id smallint not null,
  fingerprint text not null,
  version bigint not null,
  rule text not null,
  labels jsonb not null,
  phase text not null check (phase in ('inactive', 'pending', 'firing', 'resolved')),
  since timestamptz not null,
  -- Why it cannot be told: over the phase, which stays what it was
  trouble text check (trouble in ('no data', 'error')),
  trouble_since timestamptz,
  trouble_why text,
  firing integer not null,
  starts_at timestamptz,
  ends_at timestamptz,
  clear_since timestamptz,
  value double precision,
  -- Of rules about queues: what became of the records since it left `inactive` (model/alert-state.ts)
  ledger jsonb,
  told jsonb,
  annotations jsonb not null,
  changed_at timestamptz not null,
  primary key (workspace_id, fingerprint)
) with (fillfactor = 70);
create index alert_active on alert (workspace_id, rule) where phase <> 'inactive' or trouble is not null;
create index alert_changed_at on alert (workspace_id, changed_at);

-- What changed, each once: `seq` is the version of the row that it made.
create table alert_transition (
  workspace_id smallint not null,
  fingerprint text not null,
  seq bigint not null,
  rule text not null,
  labels jsonb not null,
  firing integer not null,
  from_state text not null,
  to_state text not null,
  at timestamptz not null,
  value double precision,
  why text,
  primary key (workspace_id, fingerprint, seq)
);
create index alert_transition_at on alert_transition (workspace_id, at);

-- Somebody takes care of one firing of an alert.
create table alert_acknowledgement (
  workspace_id smallint not null,
  fingerprint text not null,
  firing integer not null,
  at timestamptz not null,
  author text not null,
  note text,
  primary key (workspace_id, fingerprint, firing)
);

create table silence (
  id uuid primary key default gen_random_uuid(),
  workspace_id smallint not null,
  matchers jsonb not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  reason text not null,
  author text not null
);
create index silence_until on silence (workspace_id, until_at);

-- Everything in a queue until then counts as handled. `offsets` are the ends of its partitions at that time.
create table queue_mark (
  workspace_id smallint not null,
  cluster text not null,
  topic text not null,
  at timestamptz not null,
  -- The incarnation; null where the topic was gone already
  life integer,
  offsets jsonb not null,
  author text not null,
  note text,
  primary key (workspace_id, cluster, topic)
);
