/** How many events that follow in the order of traces a lot has to choose among. */
const NEAR = 50;

/**
 * SQL for these columns of as many events as the parameter `count` says, chosen by lot: from a random key on, one of the
 * events that follow. An index alone finds them.
 */
export function eventLots(columns: string, count: string): string {
  return `
    select e.* from (
      select gen_random_uuid() as key from generate_series(1, ${count}::int) offset 0
    ) lots cross join lateral (
      select * from (
        select ${columns} from event where trace_key >= lots.key order by trace_key limit ${NEAR}
      ) near order by random() limit 1
    ) e`;
}
