import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { openapiDocument } from './openapi/openapi-document.ts';
import { parseQuery } from './parse-query.ts';
import { noQuery } from './queries.ts';

/** `GET /openapi.json`: the description of this API. */
export const getOpenapi: Handler = async (request, { version }) => {
  const parsed = parseQuery(request, noQuery);
  return parsed.ok ? json(openapiDocument(version)) : parsed.refusal;
};
