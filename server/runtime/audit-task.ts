import type { Pool } from 'pg';
import type { Config } from '../config/load-config.ts';
import { createQueueNames } from '../model/dead-letter-queue.ts';
import type { Topology } from '../model/trace.ts';
import { WORKSPACE_ID } from '../model/workspace.ts';
import type { AuditResult } from '../ports/audit-store.ts';
import type { OpenTrace } from '../ports/settle-store.ts';
import { type AuditSize, runAudit } from '../settle/run-audit.ts';
import { settleTraces } from '../settle/settle-traces.ts';
import { createAuditStore } from '../store/audit/audit-store.ts';

export const AUDIT_EVERY_MS = 60_000;

/** What the tap recounts each time: some tenths of a second of work. */
const IN_THE_BACKGROUND: AuditSize = { minutes: 3, segments: 3 };

/** One audit with the rules of this configuration. */
export function audit(
  pool: Pool,
  { episodeGapMs, deadLetters }: Config,
  topology: Topology,
  size: AuditSize,
): Promise<AuditResult> {
  const store = createAuditStore({ pool, workspaceId: WORKSPACE_ID, queues: createQueueNames(deadLetters) });
  const settle = (open: readonly OpenTrace[]) => settleTraces(open, topology, { episodeGapMs });
  return runAudit(store, { settle, topologyVersion: topology.version }, size);
}

/** One run of the audit in the background. What does not agree is said in the log, and stands on the page. */
export function createAuditTask(
  pool: Pool,
  config: Config,
  topology: () => Topology,
  say: (line: string) => void,
): () => Promise<void> {
  return async () => {
    const { differences } = await audit(pool, config, topology(), IN_THE_BACKGROUND);
    for (const { at, what } of differences) say(`Audit: ${at}: ${what}`);
  };
}
