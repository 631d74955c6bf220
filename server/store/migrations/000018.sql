-- Jobs that settle traces anew for a newer topology. They walk the traces by their key, which needs no index of its own:
-- each settle would have to move it.
alter table job drop constraint job_kind_check, drop constraint job_scope_check;
alter table job add constraint job_kind_check check (kind in ('re-resolve', 're-settle'));
-- older topology: traces that were stitched by an older version of what is known of who reads what.
alter table job add constraint job_scope_check
  check (scope in ('older rules', 'registry unreachable', 'other schemas', 'older topology'));
