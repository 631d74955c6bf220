import { createHash } from 'node:crypto';
import type { WatchRound } from '../../ports/watch-store.ts';
import { LABEL_LIMIT, storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';
import { toSeconds } from './write-round.ts';

const WORDS_LIMIT = 500;
const CLIENT_LIMIT = 256;

/** Writes the facts of groups that are new or different, and answers the small ids of those. */
export async function writeGroups(
  client: Queryable,
  workspaceId: number,
  clusterId: number,
  ownGroup: string,
  { groups, endedAt }: WatchRound,
): Promise<ReadonlyMap<string, number>> {
  if (groups.length === 0) return new Map();
  const rows = groups.map((group) => {
    const name = Buffer.from(group.group, 'utf8');
    return {
      name: name.toString('hex'),
      digest: createHash('sha256').update(name).digest('hex'),
      label: storableText(group.group, LABEL_LIMIT),
      own: group.group === ownGroup,
      type: cut(group.type, 32),
      protocol_type: storableText(group.protocolType, 128),
      state: cut(group.state, 64),
      undescribable: cut(group.undescribable, WORDS_LIMIT),
      member_count: group.memberCount,
      members: group.members.map(({ clientId, host, instanceId }) => [
        storableText(clientId, CLIENT_LIMIT),
        storableText(host, CLIENT_LIMIT),
        cut(instanceId, CLIENT_LIMIT),
      ]),
      trouble: cut(group.trouble, WORDS_LIMIT),
    };
  });
  const params = [workspaceId, clusterId, JSON.stringify(rows), toSeconds(endedAt)];
  const written = await client.query<{ id: number; name: Buffer }>(UPSERT, params);
  return new Map(written.rows.map(({ id, name }) => [name.toString('utf8'), id]));
}

/** Marks groups as gone: their rows stay, for what they once consumed. */
export async function markGroupsGone(client: Queryable, ids: readonly number[], round: WatchRound): Promise<void> {
  if (ids.length === 0) return;
  await client.query(GONE, [ids, toSeconds(round.endedAt)]);
}

function cut(text: string | null, limit: number): string | null {
  return text === null ? null : storableText(text, limit);
}

// A group that comes back after it was gone is the same row, and not gone any more.
const UPSERT = `
  insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, type, protocol_type, state,
    undescribable, member_count, members, trouble, first_seen_at)
  select $1, $2, decode(name, 'hex'), decode(digest, 'hex'), label, own, type, protocol_type, state, undescribable,
    member_count, members, trouble, to_timestamp($4)
  from jsonb_to_recordset($3::jsonb) as g(name text, digest text, label text, own boolean, type text, protocol_type text,
    state text, undescribable text, member_count int, members jsonb, trouble text)
  on conflict (cluster_id, digest) do update set own = excluded.own, type = excluded.type,
    protocol_type = excluded.protocol_type, state = excluded.state, undescribable = excluded.undescribable, member_count = excluded.member_count,
    members = excluded.members, trouble = excluded.trouble, gone_at = null
  returning id, name`;

const GONE = `
  update consumer_group set gone_at = to_timestamp($2), state = null, member_count = null, members = '[]', trouble = null
  where id = any($1::int[])`;
