import type { ApiName } from '../api/create-api.ts';
import { web } from './web.ts';

type RouteHandler = (request: Request) => Promise<Response>;

/**
 * The handlers of one API route. Every method goes to the same place, so that a method which is not offered gets a problem
 * document as well; HEAD and OPTIONS are the framework's, made from GET.
 */
export function apiRoute(name: ApiName): Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', RouteHandler> {
  const handle: RouteHandler = (request) => web().api(name, request);
  return { GET: handle, POST: handle, PUT: handle, PATCH: handle, DELETE: handle };
}
