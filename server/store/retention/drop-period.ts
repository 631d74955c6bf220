import type { KeptAs } from '../../ports/retention-store.ts';
import { isHeld } from '../sql-state.ts';
import type { Queryable } from '../transaction.ts';

/** How long a partition is waited for: readers that began before the drop must end first. */
const WAIT = '20s';

/** Names as the database quotes them. */
interface Part {
  parent: string;
  part: string;
}

/**
 * Drops the partitions of one period. Detaching concurrently takes a lock that readers and writers of the table pass by,
 * and then waits for those that began before it; dropping locks the detached table alone. So nobody waits for this,
 * however long it waits for others. Answers false when they hold it too long: the next call goes on from there.
 */
export async function dropPeriod(client: Queryable, keptAs: KeptAs, day: string): Promise<boolean> {
  return unlessHeld(client, async () => {
    const { rows: leaving } = await client.query<Part>(LEAVING);
    for (const { parent, part } of leaving)
      await client.query(`alter table ${parent} detach partition ${part} finalize`);
    const { rows } = await client.query<Part & { attached: boolean }>(PARTS, [keptAs, day]);
    for (const { parent, part, attached } of rows) {
      if (attached) await client.query(`alter table ${parent} detach partition ${part} concurrently`);
      await client.query(`drop table ${part}`);
    }
  });
}

async function unlessHeld(client: Queryable, work: () => Promise<void>): Promise<boolean> {
  await client.query(`set statement_timeout = '${WAIT}'`);
  try {
    await work();
    return true;
  } catch (error) {
    if (isHeld(error)) return false;
    throw error;
  } finally {
    await client.query('reset statement_timeout');
  }
}

// A detach that was cut short stays half done, and a table has no more than one such partition: it comes first.
const LEAVING = `
  select k.name::regclass::text as parent, i.inhrelid::regclass::text as part
  from kept_table k join pg_inherits i on i.inhparent = k.name::regclass where i.inhdetachpending`;

const PARTS = `
  select k.name::regclass::text as parent, c.oid::regclass::text as part, i.inhrelid is not null as attached
  from kept_table k join pg_class c on c.oid = to_regclass(period_table(k.name, k.span, $2::date))
  left join pg_inherits i on i.inhrelid = c.oid
  where k.kept_as = $1 order by k.name`;
