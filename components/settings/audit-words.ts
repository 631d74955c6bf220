import { formatCounted } from '@/components/ui/format-number.ts';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import type { AuditWire } from '@/server/model/audit-wire.ts';

/** What the newest audits say together, in a sentence. */
export function auditVerdict(audits: readonly AuditWire[]): { readonly mark: MarkKind; readonly text: string } {
  const differences = audits.reduce((sum, audit) => sum + audit.differences.length, 0);
  if (differences > 0) {
    return {
      mark: 'stalled',
      text: `${formatCounted(String(differences), 'difference')} between what is stored and what is shown`,
    };
  }
  if (audits.every((audit) => audit.minutes === 0 && audit.segments === 0)) {
    return { mark: 'unknown', text: 'Nothing has been recounted yet' };
  }
  return { mark: 'done', text: 'What is shown is what the stored events give' };
}

/** What one audit looked at. */
export function recounted({ minutes, traces, segments, records }: AuditWire): string {
  const counted = (count: number, noun: string) => formatCounted(String(count), noun);
  return `${counted(minutes, 'minute')} of ${counted(traces, 'trace')}, ${counted(segments, 'segment')} of ${counted(records, 'record')}`;
}
