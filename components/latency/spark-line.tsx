import { instantMs } from '@/components/ui/format-instant.ts';
import type { LatencyAnswer, LatencyRow } from '@/server/model/latency-wire.ts';
import { overObjectiveMs } from './over-objective.ts';
import { spark } from './spark.ts';

const WIDTH = 92;
const HEIGHT = 20;

/** p95 of a row over the range, gaps left open; words where no step has enough. */
export function SparkLine({ row, answer }: { row: LatencyRow; answer: LatencyAnswer }) {
  const { path, overPath, drawn } = spark(row.series, {
    ...{ width: WIDTH, height: HEIGHT, fromMs: instantMs(answer.from), toMs: instantMs(answer.to) },
    stepMs: answer.step_s * 1000,
    overMs: overObjectiveMs(row),
  });
  if (drawn === 0)
    return (
      <span className="f2" title="No step of this range has 20: widen it for longer steps">
        too few
      </span>
    );
  return (
    <svg className="ml-auto block" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={path} fill="none" stroke="var(--fg-1)" strokeWidth="1.25" />
      <path d={overPath} fill="none" stroke="var(--mk-slow)" strokeWidth="1.25" />
    </svg>
  );
}
