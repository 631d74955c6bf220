import { type Column, DataTable } from '@/components/ui/data-table.tsx';
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
  const rows: readonly Row[] = partitions.flatMap((partition) => [
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
      <DataTable
        label="Holes"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ partition, from }) => `${partition.topic}~${partition.n}/${partition.partition}/${from}`}
      />
      {omitted === 0 ? null : <p className="note px-5 py-2">{formatCount(omitted)} earlier holes are not listed.</p>}
    </>
  );
}

/** A run of offsets that is missing, or of records whose bytes are damaged. */
interface Row {
  readonly partition: PartitionCoverage;
  readonly from: string;
  readonly offsets: string;
  readonly records: string;
  readonly words: string;
  readonly noticedAt: string;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'Topic, partition',
    cell: ({ partition }) => (
      <>
        <Identifier text={partition.topic} className="m" /> <span className="m f2">/ {partition.partition}</span>
      </>
    ),
  },
  { name: 'Offsets', num: true, cell: ({ offsets }) => offsets },
  { name: 'Records', num: true, phoneOff: true, cell: ({ records }) => formatCount(records) },
  { name: 'Reason', cell: ({ words }) => words },
  { name: 'Noticed', phoneOff: true, cell: ({ noticedAt }) => <Instant at={noticedAt} relative /> },
];

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
