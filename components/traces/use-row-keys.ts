'use client';

import { useRouter } from 'next/navigation';
import { traceHref } from '@/components/trace/trace-path.ts';
import { useKeys } from '@/components/ui/keys.ts';
import type { TraceSummary } from '@/server/model/wire.ts';

/** The keys of every list of traces: j, k and arrows select, Enter opens, Esc lets go. `select` gets a trace key. */
export function useRowKeys(
  rows: readonly TraceSummary[],
  selected: string | null,
  select: (traceKey: string | null) => void,
): void {
  const router = useRouter();
  const move = (by: number) => {
    const at = rows.findIndex((row) => row.trace_key === selected);
    select(rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by))]?.trace_key ?? null);
  };
  const open = () => {
    const row = rows.find((one) => one.trace_key === selected);
    if (row !== undefined) router.push(traceHref(row));
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    enter: open,
    escape: () => select(null),
  });
}
