-- Schemas of a registry by the names that people know them by (docs/architecture.md, "Schemas").

-- The subjects that have a schema, [{"subject", "version"}], as the registry said when it was asked; null where it did not.
alter table registry_schema add column subjects jsonb;
-- Why nothing can be held against it, {"line", "reason"}, as the tap that tried found it; null where nobody did.
alter table registry_schema add column broken jsonb;
