import type { JobKind } from '../model/job-wire.ts';
import type { JobScope } from '../ports/job-store.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { jobRequest } from './schemas/dialects.ts';

const SCOPES: Readonly<Record<JobKind, JobScope>> = { 're-resolve': 'older rules', 're-validate': 'other schemas' };

/** `POST /jobs`: queues a job; 409 with where the one at work stands. */
export const createJob: Handler = async (request, { jobs }) => {
  const query = parseQuery(request, noQuery);
  if (!query.ok) return query.refusal;
  const read = await readBody(request, jobRequest);
  if (!read.ok) return read.refusal;
  const { kind, job } = await jobs.request(SCOPES[read.body.kind]);
  if (kind === 'queued') return json(job, 201);
  return problem({
    kind: 'job-at-work',
    title: 'Such a job is at work already',
    status: 409,
    detail: `Job ${job.id} is ${job.state}: ${job.done} of ${job.total} events are looked at. Wait for it, or cancel it.`,
  });
};
