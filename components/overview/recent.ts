import { instantMs } from '@/components/ui/format-instant.ts';
import type { ActivityWire } from '@/server/model/wire.ts';
import type { Recent } from './verdict.ts';

/** What went on in a range, from its counts. `label` as the range control writes it: `Last 60 min`, `Fixed`. */
export function recentOf(activity: ActivityWire, label: string): Recent {
  const stepMs = activity.step_s * 1000;
  const ended = activity.buckets.filter((bucket) => instantMs(bucket.at) + stepMs <= instantMs(activity.to));
  const last = ended.at(-1);
  // A step without a row had no event, or nobody listened: neither is a rate.
  const lastStep = Math.floor(instantMs(activity.to) / stepMs) - 1;
  const current = last !== undefined && Math.floor(instantMs(last.at) / stepMs) === lastStep;
  return {
    label: label === 'Fixed' ? 'selected time' : label.toLowerCase(),
    traces: activity.buckets.reduce((sum, bucket) => sum + bucket.traces, 0),
    perMinute: current ? last.stored / (activity.step_s / 60) : null,
  };
}
