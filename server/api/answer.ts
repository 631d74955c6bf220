import type { ApiDeps, Handler, Resource } from './api-deps.ts';
import { badParameters } from './parse-query.ts';
import { problem } from './problem.ts';

/**
 * Runs the handler of a request's method behind what all share: a method that is not offered is 405, and an error never
 * leaves as a stack trace. A database that is away or not prepared is 503 with a plain sentence; any other surprise is 500
 * and goes to the log.
 */
export async function answer(resource: Resource, request: Request, deps: ApiDeps): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow: offeredBy(resource) } });
  const handler = handlerOf(resource, request.method);
  if (handler === undefined) return methodNotAllowed(request.method, resource);
  try {
    return await handler(request, deps);
  } catch (error) {
    return answerToError(error, deps);
  }
}

function handlerOf(resource: Resource, method: string): Handler | undefined {
  if (method === 'POST' || method === 'PUT' || method === 'DELETE') return resource[method];
  return method === 'GET' || method === 'HEAD' ? resource.GET : undefined;
}

function methodNotAllowed(method: string, resource: Resource): Response {
  return problem(
    {
      kind: 'method-not-allowed',
      title: isOnlyRead(resource) ? 'This resource is only read' : 'This method is not offered',
      status: 405,
      detail: `${method} is not offered here; use ${Object.keys(resource).join(' or ')}.`,
    },
    { allow: offeredBy(resource) },
  );
}

function isOnlyRead({ POST, PUT, DELETE }: Resource): boolean {
  return POST === undefined && PUT === undefined && DELETE === undefined;
}

function offeredBy(resource: Resource): string {
  const writes = (['POST', 'PUT', 'DELETE'] as const).filter((method) => resource[method] !== undefined);
  return [...(resource.GET === undefined ? [] : ['GET', 'HEAD']), ...writes].join(', ');
}

async function answerToError(error: unknown, deps: ApiDeps): Promise<Response> {
  if (codeOf(error) === 'bad_cursor') {
    return badParameters([{ name: 'cursor', reason: 'was not written by this list with these filters.' }]);
  }
  // The driver gives some lost connections no code: whether the database is away is asked, not guessed.
  const trouble = await deps.databaseTrouble();
  if (trouble !== null) return databaseAway(trouble);
  deps.report(error);
  return problem({
    kind: 'surprise',
    title: 'Something went wrong here',
    status: 500,
    detail: 'The log of the web process has the error. The request can be tried again.',
  });
}

function databaseAway(trouble: string): Response {
  const init = { kind: 'database-away', title: 'The database does not answer', status: 503, detail: trouble };
  return problem(init, { 'retry-after': '2' });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
