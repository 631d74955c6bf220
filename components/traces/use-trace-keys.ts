'use client';

import { useRouter } from 'next/navigation';
import { traceHref } from '@/components/trace/trace-path.ts';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import type { TraceSummary } from '@/server/model/wire.ts';

/** The keys of a list of traces; rows go by trace key, Enter opens the trace. */
export function useTraceKeys(
  rows: readonly TraceSummary[],
  selected: string | null,
  select: (traceKey: string | null) => void,
): void {
  const router = useRouter();
  useRowKeys(
    rows.map((row) => row.trace_key),
    selected,
    select,
    (key) => {
      const row = rows.find((one) => one.trace_key === key);
      if (row !== undefined) router.push(traceHref(row));
    },
  );
}
