import type { JobKind, JobWire } from '../model/job-wire.ts';
import type { JobScope } from '../ports/job-store.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { problem } from './problem.ts';
import { noQuery } from './queries.ts';
import { readBody } from './read-body.ts';
import { jobRequest } from './schemas/dialects.ts';

/** What a person asks a job for; the other scope is the tap's own. */
const SCOPES: Readonly<Record<JobKind, JobScope>> = {
  're-resolve': 'older rules',
  're-validate': 'other schemas',
  're-settle': 'older topology',
};

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
    detail: `Job ${job.id} is ${job.state}: ${lookedAt(job)}. Wait for it, or cancel it.`,
  });
};

function lookedAt({ kind, done, total }: JobWire): string {
  switch (kind) {
    case 're-resolve':
    case 're-validate':
      return `${done} of ${total} events are looked at`;
    case 're-settle':
      return `${done} of about ${total} traces are looked at`;
  }
}
