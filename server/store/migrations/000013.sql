-- Sealing (docs/architecture.md, "Measuring"): what a day gave to the sums stays when its events go, in rows of its own.

-- The row stays as it is and its time is in the sealed sums: its cause has expired, or what made it. A sealed row of series
-- 0 is in no sum: it says that its effect, the flow or the reply that would end there, gets no row.
alter table hop add column sealed boolean not null default false;
create index hop_sealed on hop (series_id, minute) where sealed;

-- What is sealed together began together, so that it leaves few sums.
drop index trace_first_day;
create index trace_first_day on trace (first_day, started_at);

-- From then on the day is read by nobody but who seals it: what is left of its traces goes on without it.
alter table expired_day add column sealing_at timestamptz;

-- Days that went before were not sealed: their sums stayed with those of stored events, and only the minute tells them
-- apart. What occurred until a day after the last of them is sealed as it stands.
do $$
declare
  expired date;
  sealed_to timestamptz;
begin
  select max(day) into expired from expired_day where kept_as = 'events';
  if expired is null then
    return;
  end if;
  sealed_to := (expired + 2)::timestamp at time zone 'utc';
  update expired_day set sealing_at = decided_at where kept_as = 'events';
  update hop set sealed = true where minute < sealed_to;
  update hop_by_minute set sealed = true where bucket < sealed_to;
  update hop_by_hour set sealed = true where bucket < sealed_to;
  update hop_by_day set sealed = true where bucket < sealed_to;
  -- Later hops from causes of those days are made anew from what is stored.
  insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
  select t.workspace_id, t.trace_key, get_byte(uuid_send(t.trace_key), 15) % 4, t.last_day, t.id_kind, t.id_text,
    t.id_length, t.settled_at
  from trace t where t.trace_key in (select h.trace_key from hop h where h.cause_day <= expired and not h.sealed);
end
$$;
