import path from 'node:path';
import { build } from 'esbuild';
import { AS_PROCESS } from '../../../scripts/as-process.mjs';
import { projectRoot } from '../../../server/config/project-root.ts';

/** Stands in for the framework: the pages are not there, all else of the process is the product's. */
const NO_PAGES = `export default () => ({
  getRequestHandler: () => async (_, response) => response.writeHead(404).end(),
  prepare: async () => {},
  close: async () => {},
});`;

/**
 * Bundles the web process as the product does, without its pages, and answers the path of the bundle: the API is answered
 * before the framework, which needs a build of minutes.
 */
export async function bundleWeb(): Promise<string> {
  const root = projectRoot();
  const outfile = path.join(root, 'dist', 'faults', 'web.mjs');
  await build({
    ...AS_PROCESS,
    absWorkingDir: root,
    entryPoints: ['server/main/web.ts'],
    outfile,
    sourcemap: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'no pages',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^next$/ }, () => ({ path: 'next', namespace: 'no-pages' }));
          onLoad({ filter: /.*/, namespace: 'no-pages' }, () => ({ contents: NO_PAGES, loader: 'js' }));
        },
      },
    ],
  });
  return outfile;
}
