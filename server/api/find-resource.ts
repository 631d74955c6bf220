const PREFIX = '/api/v1';

/** Whether a request is the API's to answer, also with a path it does not have. @param url the request target */
export function isApiPath(url: string): boolean {
  return url.startsWith(PREFIX) && /^($|[/?#])/.test(url.slice(PREFIX.length, PREFIX.length + 1));
}

interface Shape<R> {
  readonly resource: R;
  /** What stands before the first parameter, and after the last. */
  readonly before: string;
  readonly after: string;
}

/**
 * Finds the resource of a path by a table of paths with parameters in braces (`/jobs/{id}/cancel`). A parameter may hold
 * slashes, so only what stands before the first and after the last is compared, as it was sent; a path without
 * parameters wins over those with, and of these the one that says more.
 * @returns from a path with `/api/v1` the resource, or null
 */
export function createFinder<R>(table: Readonly<Record<string, R>>): (pathname: string) => R | null {
  const plain = new Map<string, R>();
  const shapes: Shape<R>[] = [];
  for (const [path, resource] of Object.entries(table)) {
    const [first, last] = [path.indexOf('{'), path.lastIndexOf('}')];
    if (first === -1) plain.set(PREFIX + path, resource);
    else shapes.push({ resource, before: PREFIX + path.slice(0, first), after: path.slice(last + 1) });
  }
  shapes.sort((a, b) => b.before.length + b.after.length - (a.before.length + a.after.length));
  return (pathname) => {
    const found = plain.get(pathname);
    if (found !== undefined) return found;
    const fitting = shapes.find(({ before, after }) => pathname.startsWith(before) && pathname.endsWith(after));
    return fitting?.resource ?? null;
  };
}
