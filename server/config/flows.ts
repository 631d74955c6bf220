import { z } from 'zod';
import { type DeclaredFlow, STEP_WITHIN_MS } from '../model/flow.ts';
import { durationMs } from './value-schemas.ts';

const MOST_FLOWS = 1000;
const MOST_STEPS = 100;

const step = z.strictObject({
  type: z.string().min(1).describe('Event type of the step.'),
  within: durationMs.optional().describe('How soon it follows the step before, e.g. `5s`; `30s` unless set.'),
  service: z.string().min(1).optional().describe('Service that produces it; learned unless set.'),
  group: z.string().min(1).optional().describe('Consumer group that acts for it to happen; found unless set.'),
});

const flow = z.strictObject({
  name: z.string().min(1).describe('What pages call the flow.'),
  starts_with: z.string().min(1).describe('Event type that begins it.'),
  ends_with: z.array(z.string().min(1)).default([]).describe('Event types that end it.'),
  steps: z
    .array(step)
    .max(MOST_STEPS, `has more than ${MOST_STEPS} steps`)
    .optional()
    .describe('What happens in it, in order: a trace whose next step is overdue is stalled.'),
});

export const flowsSchema = z.array(flow).max(MOST_FLOWS);

export const FLOW_KEYS: readonly string[] = Object.keys(flow.shape);
export const STEP_KEYS: readonly string[] = Object.keys(step.shape);

/** The flows of the file as everything else knows them. */
export function declaredFlows(written: z.output<typeof flowsSchema>): readonly DeclaredFlow[] {
  return written.map(({ name, starts_with, ends_with, steps }) => ({
    name,
    startsWith: starts_with,
    endsWith: ends_with,
    ...(steps !== undefined && {
      steps: steps.map(({ type, within, service, group }) => ({
        eventType: type,
        withinMs: within ?? STEP_WITHIN_MS,
        service: service ?? null,
        group: group ?? null,
      })),
    }),
  }));
}
