import type { WatchWire } from '../../model/consumer-group-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

interface RoundRow {
  readonly failure: string | null;
  readonly reasons: Readonly<Record<string, number>>;
  readonly group_count: number;
  readonly again_began_us: string;
  readonly again_ended_us: string;
  readonly began_us: string;
  readonly rounds: number;
}

/** How well groups are watched, and when all that is stored of them was last true (microseconds). */
export async function readWatchRound(
  client: Queryable,
  workspaceId: number,
): Promise<{ readonly wire: WatchWire; readonly sampledUs: number | null }> {
  const { rows } = await client.query<RoundRow>(NEWEST, [workspaceId]);
  const [newest] = rows;
  const good = rows.find((row) => row.failure === null);
  return {
    sampledUs: good === undefined ? null : Number(good.again_ended_us),
    wire: {
      sampled_at: good === undefined ? null : microsToRfc3339(microsFromSql(good.again_ended_us)),
      resolution_s: resolutionOf(rows),
      failure: newest?.failure ?? null,
      failed: Object.entries(newest?.reasons ?? {}).map(([reason, count]) => ({ reason, count })),
      group_count: good?.group_count ?? 0,
    },
  };
}

/** From the begin of the last look to that of the one before; a row that stands for many has their mean. */
function resolutionOf([newest, before]: readonly RoundRow[]): number | null {
  if (newest === undefined) return null;
  const [last, first] = [Number(newest.again_began_us), Number(newest.began_us)];
  if (newest.rounds > 1) return Math.round((last - first) / (newest.rounds - 1) / 1e5) / 10;
  return before === undefined ? null : Math.round((first - Number(before.again_began_us)) / 1e5) / 10;
}

// The clusters of a workspace are watched by one tap each; the newest rounds are those of the one that is watched now. Those of
// each are taken from the end of its index: there is a round every two seconds.
const NEWEST = `
  select failure, reasons, group_count, rounds, ${microsSql('began_at')} as began_us,
    ${microsSql('again_began_at')} as again_began_us, ${microsSql('again_ended_at')} as again_ended_us
  from cluster c cross join lateral (
    select * from watch_round where cluster_id = c.id order by id desc limit 20
  ) r
  where c.workspace_id = $1 order by r.id desc limit 20`;
