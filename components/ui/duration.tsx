import { formatDuration } from './format-duration.ts';

/** A duration in mono figures. */
export function Duration({ ms }: { ms: number }) {
  return <span className="m">{formatDuration(ms)}</span>;
}
