import type { OtherSchemas } from '../../ports/violations.ts';
import type { Queryable } from '../transaction.ts';
import { readRules } from './rules-in-force.ts';

/** Stored events that were held against other schemas than those that a tap began with last. */
export async function readOtherSchemas(client: Queryable, workspaceId: number): Promise<OtherSchemas> {
  const rules = await readRules(client, workspaceId, 'schemas');
  return { events: BigInt(rules?.other ?? 0), unreachable: BigInt(rules?.other_unreachable ?? 0) };
}
