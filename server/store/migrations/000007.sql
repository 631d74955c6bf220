-- Schemas of a registry, kept before the first record that names them is: ids of two registries are not the same. They
-- are kept for good, as old records stay readable only by them; there are as many as the registry has.
create table registry_schema (
  registry text not null,
  -- A number, or a GUID in lower case
  schema_id text not null,
  type text not null,
  body text not null,
  -- What it refers to, [{"name", "text"}], what is needed first comes first
  refs jsonb not null,
  kept_at timestamptz not null default now(),
  primary key (registry, schema_id)
);
create index registry_schema_id on registry_schema (schema_id);
