-- Event rows take a seventh less (docs/adr/0010): widest columns first, so that no room is lost between them; small
-- facts as bits of `flags`; 0 for no reason, so that most rows need no null bitmap. The workspace is that of the
-- incarnation.
alter table event rename to event_wide;
alter index event_trace_key rename to event_wide_trace_key;
alter index event_event_key rename to event_wide_event_key;
alter index event_occurred_at rename to event_wide_occurred_at;
alter index event_reason rename to event_wide_reason;
alter index event_stored_at rename to event_wide_stored_at;

create table event (
  "offset" bigint not null,
  body_hash bigint not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  stored_at timestamptz not null,
  trace_key uuid not null,
  event_key uuid,
  causation_key uuid,
  stored_day date not null,
  incarnation_id integer not null,
  partition integer not null,
  type_id integer not null,
  service_id integer,
  dialect_id integer not null,
  -- Bits of model/event.ts, and from 256 on those of store/codes.ts
  flags smallint not null,
  -- Codes of model/reason.ts; 0 for none
  reason smallint not null,
  resolver_version smallint not null,
  mask_version smallint not null
) partition by range (stored_day);
create index event_trace_key on event (trace_key);
-- Half the entry of the id itself; look-ups compare both.
create index event_event_key on event (uuid_hash_extended(event_key, 0)) where event_key is not null;
create index event_occurred_at on event using brin (occurred_at timestamptz_minmax_multi_ops);
create index event_reason on event (stored_at, reason) where reason <> 0;
create index event_stored_at on event using brin (stored_at) with (autosummarize = on);

do $$
declare
  old regclass;
  day date;
begin
  for old in select inhrelid::regclass from pg_inherits where inhparent = 'event_wide'::regclass loop
    day := to_date(right(old::text, 8), 'YYYYMMDD');
    execute format('alter table %s rename to %I', old, 'event_wide_' || to_char(day, 'YYYYMMDD'));
    perform add_period('event', 'day', day);
  end loop;
end
$$;
insert into event
select "offset", body_hash, occurred_at, recorded_at, stored_at, trace_key, event_key, causation_key, stored_day,
  incarnation_id, partition, type_id, service_id, dialect_id,
  flags + case timestamp_type when 2 then 256 else 0 end + case when causation_is_correlation then 512 else 0 end
    + id_kind * 1024, coalesce(reason, 0), resolver_version, mask_version
from event_wide;
drop table event_wide;
