import { processConfig } from '../../server/config/process-config.ts';

/** What the runs' own services tell the test files. Null: the service is missing here, and its tests are skipped. */
declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a role that may create databases and is no superuser. */
    postgresUrl: string;
    /** `host:port`. */
    kafkaBrokers: string;
  }
}

/** Where downloads are kept, and from where they come: as for the product. */
export function downloads(): { readonly cacheDir: string; readonly mirror: string | undefined } {
  const loaded = processConfig();
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return { cacheDir: loaded.config.cacheDir, mirror: loaded.config.mavenMirror ?? undefined };
}
