import { median } from '../support/results.ts';
import { CONTENDERS, type Contender, type Run } from './contenders.ts';

type Figure = Exclude<keyof Run, 'contender' | 'headers' | 'settled' | 'tables'>;

/** The tables of all runs: medians per contender, with and without headers, then ratios and settle. */
export function resultText(runs: readonly Run[], facts: { count: number; partitions: number; footer: string }): string {
  const headers = [...new Set(runs.map((run) => run.headers))];
  const rounds = Math.round(runs.length / headers.length / new Set(runs.map((run) => run.contender)).size);
  return [
    `${facts.count.toLocaleString('en')} OmniNode-like events of 400–900 B in ${facts.partitions} partitions, the same for all; each run in a`,
    `process and a database of its own; medians of ${rounds} interleaved rounds. The simple pipeline parses JSON and copies wide`,
    'rows with their offset, one transaction a batch; the product does all its ingest work, settle held back.',
    ...headers.flatMap((each) => [
      '',
      ...tableOf(
        runs.filter((run) => run.headers === each),
        each,
      ),
    ]),
    '',
    facts.footer,
  ].join('\n');
}

function tableOf(runs: readonly Run[], headers: number): string[] {
  const of = (contender: Contender, figure: Figure) =>
    median(runs.filter((run) => run.contender === contender).map((run) => run[figure]));
  const rows = CONTENDERS.map((contender) => {
    const cells = [
      whole(of(contender, 'recordsPerS')),
      of(contender, 'clientCpuS').toFixed(1),
      of(contender, 'postgresCpuS').toFixed(1),
      whole(of(contender, 'peakMb')),
      whole(of(contender, 'bytesPerRecord')),
      whole(of(contender, 'walPerRecord')),
    ];
    return `| ${contender} | ${cells.join(' | ')} |`;
  });
  const ratio = (figure: Figure) => of('throughline', figure) / of('simple pipeline', figure);
  const cpu = (contender: Contender) => of(contender, 'clientCpuS') + of(contender, 'postgresCpuS');
  return [
    `${headers === 0 ? 'No' : headers} headers:`,
    '',
    '| | records/s | client CPU s per million | PostgreSQL CPU s per million | peak MB | bytes per record | WAL bytes per record |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    '',
    `Throughline against the simple pipeline: ${ratio('recordsPerS').toFixed(2)} × the records/s, ` +
      `${(cpu('throughline') / cpu('simple pipeline')).toFixed(2)} × the CPU, ${ratio('bytesPerRecord').toFixed(2)} × the bytes, ` +
      `${ratio('walPerRecord').toFixed(2)} × the WAL.`,
    `Bytes per record by table, heap + indexes: ${runs.findLast((run) => run.contender === 'throughline')?.tables ?? 'not measured'}.`,
    ...settleLine(runs, of('simple pipeline', 'bytesPerRecord'), of('throughline', 'bytesPerRecord')),
  ];
}

function settleLine(runs: readonly Run[], simpleBytes: number, ingestBytes: number): string[] {
  const settled = runs.flatMap((run) => run.settled ?? []);
  if (settled.length === 0) return [];
  const of = (figure: keyof (typeof settled)[number]) => median(settled.map((each) => each[figure]));
  const bytes = of('bytesPerEvent');
  return [
    `Settle alone on the same marks: ${whole(of('eventsPerS'))} events/s, ${of('clientCpuS').toFixed(1)} + ${of('postgresCpuS').toFixed(1)} ` +
      `CPU s per million, ${whole(bytes)} bytes per event for hops and traces; both phases ${((bytes + ingestBytes) / simpleBytes).toFixed(2)} × the simple pipeline's bytes.`,
  ];
}

function whole(value: number): string {
  return Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en');
}
