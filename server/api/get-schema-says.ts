import type { Handler } from './api-deps.ts';
import { json } from './json.ts';
import { badParameters, parseQuery } from './parse-query.ts';
import { pathTail } from './path-tail.ts';
import { problem } from './problem.ts';
import { schemaSaysQuery } from './queries.ts';

/** `GET /schemas/{name}/says`: what a schema in force says of a rule at a path, and what changed since the version before. */
export const getSchemaSays: Handler = async (request, { schemas }) => {
  const tail = pathTail(request, '/api/v1/schemas/', 'name');
  if (!tail.ok) return tail.refusal;
  const parsed = parseQuery(request, schemaSaysQuery);
  if (!parsed.ok) return parsed.refusal;
  const schema = tail.tail.replace(/\/says$/, '');
  if (schema === '' || schema === 'says') {
    return badParameters([{ name: 'name', reason: 'must be the name of a schema.' }]);
  }
  const { version = null, path = '', rule = '' } = parsed.query;
  const says = (await schemas()).says({ schema, version, path, rule });
  if (says !== null) return json(says);
  return problem({
    kind: 'no-such-schema',
    title: 'No schema of this name and version is in force',
    status: 404,
    detail: 'Events may have been held against it before; /api/v1/schemas lists those in force now.',
  });
};
