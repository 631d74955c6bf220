import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /audits`: the newest recounts of what is stored. */
export const listAudits: Handler = async (request, { reads }) => {
  const parsed = parseQuery(request, noQuery);
  return parsed.ok ? json(await reads.audits()) : parsed.refusal;
};
