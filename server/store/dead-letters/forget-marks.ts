import type { Queryable } from '../transaction.ts';
import { QUEUE_TARGET, reasonTarget } from './mark-targets.ts';

/** Lets go what was said of records and reasons that nothing is stored of any more, and of queues whose topic is gone as well. */
export async function forgetMarks(client: Queryable): Promise<void> {
  await client.query(FORGET, [QUEUE_TARGET, reasonTarget('')]);
  await client.query(FORGET_FOR_ALERTS);
}

const FORGET = `
  delete from dead_letter_mark m where case
    when target = $1 then exists (select from incarnation i where i.id = m.incarnation_id and i.gone_at is not null)
      and not exists (select from dead_letter_group g where g.incarnation_id = m.incarnation_id)
    when starts_with(target, $2) then not exists (select from dead_letter_group g
      where g.incarnation_id = m.incarnation_id and g.reason_key = substr(target, length($2) + 1)::uuid)
    else not exists (select from dead_letter d where d.incarnation_id = m.incarnation_id
      and d.partition = substring(target from ':(\\d+)/')::int and d."offset" = substring(target from '/(\\d+)$')::bigint)
    end`;

const FORGET_FOR_ALERTS = `
  delete from queue_mark q where not exists (
    select from incarnation i join cluster c on c.id = i.cluster_id
    where i.workspace_id = q.workspace_id and i.topic = q.topic and c.kafka_id = q.cluster
      and (i.gone_at is null or exists (select from dead_letter_group g where g.incarnation_id = i.id)))`;
