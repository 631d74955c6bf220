import type { LiveStats } from '../live/create-live-hub.ts';
import { micros } from '../model/time.ts';
import type { CoverageSummary, PartitionCoverage } from '../model/wire.ts';
import type { ApiDeps, Handler } from './api-deps.ts';
import { parseQuery } from './parse-query.ts';
import { type Metric, prometheusText } from './prometheus-text.ts';
import { noQuery } from './queries.ts';

/** Partitions with series of their own; past it the sums alone tell. */
const PARTITIONS = 2000;

/** `GET /metrics`: what the product knows of itself, for Prometheus. Answers while the database is away, and says so. */
export const getMetrics: Handler = async (request, deps) => {
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  const covered = await readCoverage(deps);
  const text = prometheusText([
    ...metricsOfProcess(deps, covered !== null),
    ...(covered === null ? [] : metricsOfCoverage(covered.summary, covered.partitions)),
  ]);
  return new Response(text, {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
  });
};

interface Covered {
  readonly summary: CoverageSummary;
  readonly partitions: readonly PartitionCoverage[];
}

/** Null when the database is away: that is a value of `throughline_database_up`, not a failure of the scrape. */
async function readCoverage({ reads, clock, databaseTrouble }: ApiDeps): Promise<Covered | null> {
  const now = micros(clock.now() * 1000);
  try {
    const [summary, { partitions }] = await Promise.all([
      reads.coverage({ from: now, to: now }),
      reads.partitions({ withHoles: false, limit: PARTITIONS }),
    ]);
    return { summary, partitions };
  } catch (error) {
    if ((await databaseTrouble()) !== null) return null;
    throw error;
  }
}

function metricsOfProcess({ version, hub }: ApiDeps, databaseUp: boolean): Metric[] {
  const live: LiveStats = hub.stats();
  return [
    {
      name: 'throughline_build_info',
      help: 'Version of the web process.',
      type: 'gauge',
      samples: [{ labels: { version }, value: 1 }],
    },
    gauge('throughline_database_up', '1 while the database answers.', databaseUp ? 1 : 0),
    gauge('throughline_live_clients', 'Live streams that are open.', live.clients),
    counter('throughline_live_resets_total', 'Times a live client was told to fetch anew.', live.resets),
    counter('throughline_live_refused_total', 'Live streams refused because there were too many.', live.refused),
  ];
}

function metricsOfCoverage(summary: CoverageSummary, partitions: readonly PartitionCoverage[]): Metric[] {
  const { tap, settled, totals, holes, stored_share: share } = summary;
  return [
    gauge('throughline_stored_records', 'Records stored and not expired.', totals.stored),
    counter('throughline_expired_records_total', 'Records that were stored and have expired.', totals.expired),
    gauge('throughline_damaged_records', 'Stored records whose bytes are damaged or lost.', totals.damaged),
    gauge('throughline_undecodable_records', 'Stored records whose body could not be decoded.', totals.undecodable),
    gauge('throughline_uncorrelated_records', 'Stored records that name no correlation id.', totals.uncorrelated),
    gauge('throughline_lag_records', 'Records on the brokers that are not read yet.', tap.lag),
    optional('throughline_lag_seconds', 'Age of the oldest unread record, at most.', tap.behind_s),
    optional('throughline_stored_share', 'Share of the offsets known to exist that are stored.', share),
    gauge('throughline_holes', 'Ranges of offsets known not to be stored.', holes),
    gauge('throughline_unreadable_topics', 'Topics the tap cannot read.', tap.unreadable.length),
    gauge('throughline_taps_up', 'Tap processes heard within ten seconds.', tap.up),
    gauge('throughline_tap_connected', '1 while a tap is connected to Kafka.', tap.connected ? 1 : 0),
    gauge('throughline_settle_waiting_traces', 'Traces that wait to be stitched.', settled.waiting),
    gauge('throughline_settle_behind_seconds', 'Age of the oldest event not stitched.', settleBehindS(summary)),
    {
      name: 'throughline_hole_records',
      help: 'Records known not to be stored, by reason.',
      type: 'gauge',
      samples: totals.holes.map(({ reason, records }) => ({ labels: { reason }, value: records })),
    },
    ...metricsOfPartitions(partitions.filter((one) => !one.gone)),
  ];
}

function metricsOfPartitions(partitions: readonly PartitionCoverage[]): Metric[] {
  const labels = ({ topic, n, partition }: PartitionCoverage) => ({ topic, n, partition });
  return [
    {
      name: 'throughline_partition_lag_records',
      help: 'Records of a partition that are not read yet.',
      type: 'gauge',
      samples: partitions.flatMap((one) => (one.lag === null ? [] : [{ labels: labels(one), value: one.lag }])),
    },
    {
      name: 'throughline_partition_next_offset',
      help: 'The next offset that will be stored.',
      type: 'gauge',
      samples: partitions.map((one) => ({ labels: labels(one), value: one.next })),
    },
  ];
}

function settleBehindS({ as_of, settled }: CoverageSummary): number {
  return settled.waiting === 0 ? 0 : Math.max(0, (Date.parse(as_of) - Date.parse(settled.to)) / 1000);
}

function gauge(name: string, help: string, value: number | string): Metric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}

/** A gauge that is absent while its value is not known: zero would be a claim. */
function optional(name: string, help: string, value: number | null): Metric {
  return { name, help, type: 'gauge', samples: value === null ? [] : [{ value }] };
}

function counter(name: string, help: string, value: number | string): Metric {
  return { name, help, type: 'counter', samples: [{ value }] };
}
