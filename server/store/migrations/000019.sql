-- Schemas of a registry by the names that people know them by (docs/architecture.md, "Schemas").

-- The subjects that have a schema, [{"subject", "version"}], as the registry said when it was asked; null where it did not.
alter table registry_schema add column subjects jsonb;
-- Why nothing can be held against it, {"line", "reason"}, as the tap that tried found it; null where nobody did.
alter table registry_schema add column broken jsonb;

-- Groups of the violation log by paths without the numbers in them. What a row says more exactly than its group stands in
-- the row; null where both say the same.
alter table violation add column path text;
alter table violation add column rule text;
-- A hash of type, service and schema: the groups of one family are counted up to a bound. Null for the group of the rest,
-- and for groups of before.
alter table violation_group add column family uuid;
create index violation_group_family on violation_group (family) where family is not null;
-- Whether a group that was resolved has events that came afterwards.
create index violation_by_storing on violation (group_key, stored_at) where counts;
