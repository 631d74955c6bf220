-- Receivers of alerts, and what is sent to them (docs/architecture.md, "Telling of alerts").

-- Who is told. Those of `throughline.yaml` are written here by the tap at its start.
create table receiver (
  workspace_id smallint not null,
  name text not null,
  kind text not null check (kind in ('webhook', 'slack')),
  from_file boolean not null,
  -- The address and the secret, or where the tap finds them (JSON); what the page sets is never answered.
  url text,
  url_place text,
  secret text,
  secret_place text,
  -- JSON: name to value.
  headers text not null,
  group_by text[] not null,
  group_wait_ms bigint not null,
  group_interval_ms bigint not null,
  repeat_interval_ms bigint not null,
  send_resolved boolean not null,
  disabled_at timestamptz,
  disabled_because text,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, name)
);

-- The outbox: what is to be told and was not looked at. JSON as text, because labels may hold what jsonb refuses.
create table notice (
  id bigint generated always as identity primary key,
  workspace_id smallint not null,
  said text not null,
  noticed_at timestamptz not null default clock_timestamp()
);

-- Alerts that a receiver is told of together, while one of them goes on; `id` is a hash of the key.
create table notification_group (
  id uuid primary key,
  workspace_id smallint not null,
  receiver text not null,
  key text not null,
  labels text not null,
  members text not null,
  told_at timestamptz,
  due_at timestamptz
);
create index notification_group_due on notification_group (workspace_id, due_at) where due_at is not null;

-- One notification for one receiver. Its id is the `webhook-id` of every try, its body the bytes of every try.
create table delivery (
  id uuid primary key default gen_random_uuid(),
  workspace_id smallint not null,
  ordinal bigint generated always as identity,
  receiver text not null,
  -- Null for a test.
  group_id uuid,
  reason text not null,
  status text not null check (status in ('firing', 'resolved')),
  group_labels text not null,
  alerts text not null,
  fingerprints text[] not null,
  body text not null,
  state text not null check (state in ('waiting', 'delivered', 'dead')),
  created_at timestamptz not null default clock_timestamp(),
  -- Of one that waits; null while an earlier one of its group does.
  next_try_at timestamptz,
  -- The receiver asked not to be tried before.
  not_before timestamptz,
  done_at timestamptz,
  message text,
  attempts integer not null default 0,
  -- Tries that failed since it was made or sent again.
  failures integer not null default 0,
  -- Sent again by somebody: tried although its receiver is disabled.
  insists boolean not null default false
);
create index delivery_list on delivery (workspace_id, ordinal);
create index delivery_by_receiver on delivery (workspace_id, receiver, ordinal);
create index delivery_by_state on delivery (workspace_id, state, ordinal);
create index delivery_by_alert on delivery using gin (fingerprints);
create index delivery_waiting on delivery (group_id, ordinal) where state = 'waiting';
create index delivery_done on delivery (done_at) where done_at is not null;

-- One try. `open` while it is under way; the next one finds what a killed process left open.
create table delivery_attempt (
  delivery_id uuid not null,
  number integer not null,
  begun_at timestamptz not null default clock_timestamp(),
  latency_ms integer,
  outcome text not null check (outcome in ('delivered', 'refused', 'failed', 'forbidden', 'lost', 'open')),
  status smallint,
  sentence text not null,
  excerpt text,
  next_try_at timestamptz,
  primary key (delivery_id, number)
);
