import path from 'node:path';

export interface Platform {
  /** As `process.platform`. */
  readonly platform: string;
  readonly home: string;
  readonly isRoot: boolean;
  readonly xdgDataHome?: string | undefined;
  readonly xdgCacheHome?: string | undefined;
}

/**
 * Where this platform keeps an application's data and its downloads. For root not in `/root`: the embedded PostgreSQL
 * runs as another user, who must reach it.
 */
export function defaultFolders(of: Platform): { readonly data: string; readonly cache: string } {
  if (of.platform === 'darwin') {
    const library = path.join(of.home, 'Library');
    return {
      data: path.join(library, 'Application Support', 'Throughline'),
      cache: path.join(library, 'Caches', 'Throughline'),
    };
  }
  if (of.isRoot) {
    return {
      data: path.join(of.xdgDataHome || '/var/lib', 'throughline'),
      cache: path.join(of.xdgCacheHome || '/var/cache', 'throughline'),
    };
  }
  return {
    data: path.join(of.xdgDataHome || path.join(of.home, '.local', 'share'), 'throughline'),
    cache: path.join(of.xdgCacheHome || path.join(of.home, '.cache'), 'throughline'),
  };
}
