import type { AuditDifference } from '../model/audit-wire.ts';
import type { AuditResult, AuditRules, AuditStore } from '../ports/audit-store.ts';

/** How much one audit looks at. */
export interface AuditSize {
  readonly minutes: number;
  readonly segments: number;
}

/** Most differences that are kept of one audit: the first say what is wrong. */
const MOST_DIFFERENCES = 20;

/** Recounts minutes and segments chosen by lot, and keeps what it found. */
export async function runAudit(store: AuditStore, rules: AuditRules, size: AuditSize): Promise<AuditResult> {
  const beganAt = new Date();
  const [sums, segments] = [await recountAll(store, rules, size.minutes), await store.checkSegments(size.segments)];
  const differences = [...sums.differences, ...segments.differences].slice(0, MOST_DIFFERENCES);
  const result = { beganAt, ...sums, segments: segments.segments, records: segments.records, differences };
  await store.keep(result);
  return result;
}

async function recountAll(store: AuditStore, rules: AuditRules, count: number) {
  const differences: AuditDifference[] = [];
  let [minutes, passedOver, traces, sums] = [0, 0, 0, 0];
  for (const minute of await store.chooseMinutes(count)) {
    const recount = await store.recount(minute, rules);
    if (recount.kind === 'passed over') passedOver += 1;
    else {
      minutes += 1;
      traces += recount.traces;
      sums += recount.sums;
      differences.push(...recount.differences);
    }
  }
  return { minutes, passedOver, traces, sums, differences };
}
