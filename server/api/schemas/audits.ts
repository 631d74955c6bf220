import { z } from 'zod';
import type { AuditList, AuditWire } from '../../model/audit-wire.ts';
import { asOf, instant } from './common.ts';
import type { Matches } from './matches.ts';

const audit = z.object({
  began_at: instant,
  ended_at: instant,
  minutes: z.int(),
  passed_over: z.int(),
  traces: z.int(),
  sums: z.int(),
  segments: z.int(),
  records: z.int(),
  differences: z.array(z.object({ at: z.string(), what: z.string() })),
});
true satisfies Matches<z.output<typeof audit>, AuditWire>;

export const auditList = asOf.extend({ audits: z.array(audit) });
true satisfies Matches<z.output<typeof auditList>, AuditList>;
