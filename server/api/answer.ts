import type { ApiDeps, Handler } from './api-deps.ts';
import { badParameters } from './parse-query.ts';
import { problem } from './problem.ts';

/**
 * Runs a handler behind what all share: only GET and HEAD, and an error never leaves as a stack trace. A database that
 * is away or not prepared is 503 with a plain sentence; any other surprise is 500 and goes to the log.
 */
export async function answer(handler: Handler, request: Request, deps: ApiDeps): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(request.method);
  try {
    return await handler(request, deps);
  } catch (error) {
    return answerToError(error, deps);
  }
}

function methodNotAllowed(method: string): Response {
  return problem(
    {
      kind: 'method-not-allowed',
      title: 'This resource is only read',
      status: 405,
      detail: `${method} is not offered here; use GET.`,
    },
    { allow: 'GET, HEAD' },
  );
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
