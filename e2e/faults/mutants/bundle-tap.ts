import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { AS_PROCESS } from '../../../scripts/as-process.mjs';
import { projectRoot } from '../../../server/config/project-root.ts';

/** A planted mistake: one text of one module of the product, replaced by another. */
export interface Replacement {
  /** From the project's folder. */
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

/** The text that a mutant replaces is not in the module, or more than once: the mutant has to be written anew. */
export class StaleMutantError extends Error {
  readonly code = 'stale_mutant';
}

/**
 * Bundles the tap as the product does, with the replacements made, and answers the path of the bundle. It lies below the
 * project, so that it finds its packages.
 */
export async function bundleTap(name: string, replacements: readonly Replacement[] = []): Promise<string> {
  const root = projectRoot();
  const outfile = path.join(root, 'dist', 'faults', `${name}.mjs`);
  await build({
    ...AS_PROCESS,
    absWorkingDir: root,
    entryPoints: ['server/main/tap.ts'],
    outfile,
    sourcemap: true,
    logLevel: 'silent',
    plugins: [replacing(root, replacements)],
  });
  return outfile;
}

/** Applies the replacements to a module's text. Throws `StaleMutantError` where one does not fit. */
export function replaceIn(text: string, module: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((changed, { from, to }) => {
    const places = changed.split(from).length - 1;
    if (places === 1) return changed.replace(from, () => to);
    throw new StaleMutantError(`${module} holds this text ${places} times, not once:\n${from}`);
  }, text);
}

function replacing(root: string, replacements: readonly Replacement[]): Plugin {
  const seen = new Set<string>();
  return {
    name: 'mutants',
    setup({ onLoad, onEnd }) {
      onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const module = path.relative(root, file);
        const mine = replacements.filter((one) => one.module === module);
        if (mine.length === 0) return undefined;
        seen.add(module);
        return { contents: replaceIn(readFileSync(file, 'utf8'), module, mine), loader: 'ts' };
      });
      onEnd(() => {
        const absent = replacements.find(({ module }) => !seen.has(module));
        if (absent !== undefined) throw new StaleMutantError(`the tap has no module ${absent.module}`);
      });
    },
  };
}
