import { answer } from './answer.ts';
import type { ApiDeps } from './api-deps.ts';
import { createFinder } from './find-resource.ts';
import { RESOURCES } from './resources.ts';
import { unknownPath } from './unknown-path.ts';

/** API v1: answers a request to any path of it. Never throws, never answers with a stack trace. */
export type Api = (request: Request) => Promise<Response>;

const NO_RESOURCE = { GET: unknownPath };

/** Joins the resources to what they work with. */
export function createApi(deps: ApiDeps): Api {
  const find = createFinder(RESOURCES);
  return (request) => answer(find(new URL(request.url).pathname) ?? NO_RESOURCE, request, deps);
}
