import type { Problem } from '@/server/model/wire.ts';

/** What a panel has of its data. `value` of a failed one is the last good answer, kept on screen. */
export type Loaded<T> =
  | { readonly kind: 'ready'; readonly value: T; readonly problem: null }
  | { readonly kind: 'failed'; readonly value: T | null; readonly problem: string }
  | { readonly kind: 'missing'; readonly value: null; readonly problem: null }
  | { readonly kind: 'loading'; readonly value: null; readonly problem: null };

export function ready<T>(value: T): Loaded<T> {
  return { kind: 'ready', value, problem: null };
}

export const LOADING: Loaded<never> = { kind: 'loading', value: null, problem: null };
export const MISSING: Loaded<never> = { kind: 'missing', value: null, problem: null };

/** An answer of the API that is not the wanted one. */
export class ApiError extends Error {
  readonly code = 'api_error';
  readonly status: number;
  /** What is wrong with which parameter or field, where the answer says so. */
  readonly errors: NonNullable<Problem['errors']>;

  constructor(status: number, message: string, errors: Problem['errors'] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Fetches an answer of API v1. Throws `ApiError` with the problem document's words for any other status. */
export async function fetchApi<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw await problemOf(response);
  return readAnswer<T>(response);
}

/** Sends a body to API v1 and reads the answer. Throws as `fetchApi` does. */
export async function sendApi<T>(
  path: string,
  body: object,
  { method = 'POST', signal = null }: { method?: 'POST' | 'PUT' | 'DELETE'; signal?: AbortSignal | null } = {},
): Promise<T> {
  const response = await fetch(path, {
    ...{ method, signal },
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return readAnswer<T>(response);
}

/** What went wrong, in words for a panel: those of the API, or that it was not reached. */
export function failureWords(error: unknown): string {
  return error instanceof ApiError ? error.message : 'The server cannot be reached';
}

async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  if (!/json/.test(response.headers.get('content-type') ?? ''))
    return new ApiError(response.status, `${response.status} ${response.statusText}`);
  const problem: Partial<Problem> = JSON.parse(text);
  const words = [problem.title ?? String(response.status), problem.detail].filter(Boolean).join(': ');
  return new ApiError(response.status, words, problem.errors);
}

/** The body as the type its path promises: the API is of the same build and its types are the shared wire types. */
async function readAnswer<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
