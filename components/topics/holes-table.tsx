import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { PanelState } from '@/components/ui/panel-state.tsx';
import type { Coverage } from '@/server/model/wire.ts';

/** Offsets that are missing, each range with its reason. */
export function HolesTable({ coverage }: { coverage: Coverage }) {
  const holes = coverage.partitions.flatMap((partition) => partition.holes.map((hole) => ({ partition, hole })));
  if (holes.length === 0)
    return (
      <PanelState mark="done" title="No hole">
        <p>Every offset the tap passed is stored. {formatCounted(coverage.partitions.length, 'partition')} watched.</p>
      </PanelState>
    );
  return (
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
        {holes.map(({ partition, hole }) => (
          <tr key={`${partition.topic}~${partition.n}/${partition.partition}/${hole.from}`}>
            <td>
              <Identifier text={partition.topic} className="m" /> <span className="m f2">/ {partition.partition}</span>
            </td>
            <td className="num">
              {formatCount(hole.from)} – {formatCount(String(BigInt(hole.to) - 1n))}
            </td>
            <td className="num phone-off">{formatCount(String(BigInt(hole.to) - BigInt(hole.from)))}</td>
            <td>{HOLE_WORDS[hole.reason]}</td>
            <td className="phone-off">
              <Instant at={hole.noticed_at} relative />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HOLE_WORDS = {
  retention: 'deleted before it was read',
  compaction: 'compacted away',
  'not authorised': 'the tap may not read it',
  'too large': 'larger than the tap may read',
  'identity unknown': 'the topic may have been created anew',
  unknown: 'reason unknown',
} as const;
