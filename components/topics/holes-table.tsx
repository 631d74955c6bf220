import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { PanelState } from '@/components/ui/panel-state.tsx';
import type { PartitionCoverage } from '@/server/model/wire.ts';

/** Offsets that are missing, and stored records whose bytes are damaged, each run with its reason. */
export function HolesTable({
  partitions,
  watched,
}: {
  partitions: readonly PartitionCoverage[];
  /** Partitions there are in all. */
  watched: number;
}) {
  const rows = partitions.flatMap((partition) => [
    ...partition.holes.map((hole) => ({
      partition,
      from: hole.from,
      offsets: `${formatCount(hole.from)} – ${formatCount(String(BigInt(hole.to) - 1n))}`,
      records: String(BigInt(hole.to) - BigInt(hole.from)),
      words: HOLE_WORDS[hole.reason],
      noticedAt: hole.noticed_at,
    })),
    ...partition.damaged.map((damage) => ({
      partition,
      from: `${damage.from} damaged`,
      offsets: `from ${formatCount(damage.from)}`,
      records: String(damage.records),
      words: DAMAGE_WORDS[damage.why],
      noticedAt: damage.noticed_at,
    })),
  ]);
  const omitted = partitions.reduce((sum, partition) => sum + partition.holes_omitted, 0);
  if (rows.length === 0)
    return (
      <PanelState mark="done" title="No hole">
        <p>Every offset the tap passed is stored. {formatCounted(watched, 'partition')} watched.</p>
      </PanelState>
    );
  return (
    <>
      <table className="tbl" aria-label="Holes">
        <thead>
          <tr>
            <th scope="col">Topic, partition</th>
            <th scope="col" className="num">
              Offsets
            </th>
            <th scope="col" className="num phone-off">
              Records
            </th>
            <th scope="col">Reason</th>
            <th scope="col" className="phone-off">
              Noticed
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ partition, from, offsets, records, words, noticedAt }) => (
            <tr key={`${partition.topic}~${partition.n}/${partition.partition}/${from}`}>
              <td>
                <Identifier text={partition.topic} className="m" />{' '}
                <span className="m f2">/ {partition.partition}</span>
              </td>
              <td className="num">{offsets}</td>
              <td className="num phone-off">{formatCount(records)}</td>
              <td>{words}</td>
              <td className="phone-off">
                <Instant at={noticedAt} relative />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {omitted === 0 ? null : <p className="note px-5 py-2">{formatCount(omitted)} earlier holes are not listed.</p>}
    </>
  );
}

const DAMAGE_WORDS = {
  checksum: 'stored, bytes damaged (checksum)',
  layout: 'stored, bytes damaged (layout)',
  lost: 'stored, bytes lost',
} as const;

const HOLE_WORDS = {
  retention: 'deleted before it was read',
  compaction: 'compacted away',
  'not authorised': 'the tap may not read it',
  'too large': 'larger than the tap may read',
  'identity unknown': 'the topic may have been created anew',
  unknown: 'reason unknown',
} as const;
