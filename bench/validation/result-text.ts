import { median } from '../support/results.ts';

/** What is measured against what: two that are the same tell how far two runs are apart by themselves. */
export const CONTENDERS = ['unchecked', 'unchecked again', 'checked'] as const;

export type Contender = (typeof CONTENDERS)[number];

/** CPU in seconds per million events. */
export interface Run {
  readonly contender: Contender;
  readonly round: number;
  readonly recordsPerS: number;
  readonly clientCpuS: number;
  readonly postgresCpuS: number;
}

/** The table of all runs, and what checking adds: medians of the ratios within each round. */
export function resultText(runs: readonly Run[], facts: { count: number; partitions: number; footer: string }): string {
  const rounds = Math.max(...runs.map(({ round }) => round));
  return [
    `${facts.count.toLocaleString('en')} OmniNode-like events of 400–900 B without headers in ${facts.partitions} partitions, each held against the`,
    'schema of its envelope and one of its payload, all of them ok; each run in a process and a database of its own, settle held back.',
    `Medians of ${rounds} interleaved rounds.`,
    '',
    '| | records/s | tap CPU s per million | PostgreSQL CPU s per million | both |',
    '|---|---:|---:|---:|---:|',
    ...CONTENDERS.map((contender) => rowOf(runs, contender)),
    '',
    `Against unchecked in the same round, CPU of both: checked ${ratios(runs, 'checked', cpu)}; unchecked again`,
    `${ratios(runs, 'unchecked again', cpu)}. The tap alone: checked ${ratios(runs, 'checked', tapCpu)}; unchecked again ${ratios(runs, 'unchecked again', tapCpu)}.`,
    '',
    facts.footer,
  ].join('\n');
}

function rowOf(runs: readonly Run[], contender: Contender): string {
  const of = (figure: (run: Run) => number) => median(runs.filter((run) => run.contender === contender).map(figure));
  const cells = [
    Math.round(of(({ recordsPerS }) => recordsPerS)).toLocaleString('en'),
    of(tapCpu).toFixed(1),
    of(({ postgresCpuS }) => postgresCpuS).toFixed(1),
    of(cpu).toFixed(1),
  ];
  return `| ${contender} | ${cells.join(' | ')} |`;
}

function cpu({ clientCpuS, postgresCpuS }: Run): number {
  return clientCpuS + postgresCpuS;
}

function tapCpu({ clientCpuS }: Run): number {
  return clientCpuS;
}

/** The ratio of each round, the middle one first. */
function ratios(runs: readonly Run[], contender: Contender, figure: (run: Run) => number): string {
  const of = (wanted: Contender, round: number) =>
    runs.filter((run) => run.contender === wanted && run.round === round).map(figure)[0] ?? Number.NaN;
  const rounds = [...new Set(runs.map(({ round }) => round))];
  const all = rounds.map((round) => of(contender, round) / of('unchecked', round));
  return `${median(all).toFixed(3)} × (${all.map((each) => each.toFixed(3)).join(', ')})`;
}
