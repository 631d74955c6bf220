import type { JobList } from '../model/dialect-wire.ts';
import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /jobs`: the newest background jobs. */
export const listJobs: Handler = async (request, { reads, jobs }) => {
  const parsed = parseQuery(request, noQuery);
  if (!parsed.ok) return parsed.refusal;
  const [newest, asOf] = await Promise.all([jobs.list(), reads.asOf()]);
  const list: JobList = { ...asOf, jobs: newest };
  return json(list);
};
