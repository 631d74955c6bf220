import { inParallel } from '../in-parallel.ts';
import type { Report } from '../report.ts';
import { playScenario, type Stage } from '../scenarios/scenario.ts';
import { bundleTap } from './bundle-tap.ts';
import { MUTANTS, SITUATIONS } from './mutants.ts';

/**
 * Shows that the checker is worth something: each mutant must be caught, by the difference that its mistake makes, in a
 * situation which the product as it is comes through without any.
 */
export async function runMutants(report: Report, stage: Stage, bundle: string): Promise<void> {
  const controls = Object.entries(SITUATIONS).map(
    ([name, scenario]) =>
      () =>
        report.check(`the product comes through: ${name}`, async () => {
          const { differences } = await playScenario(stage, name, bundle, scenario);
          if (differences.length > 0) throw new Error(JSON.stringify(differences.slice(0, 5)));
        }),
  );
  const mutants = MUTANTS.map(
    ({ name, mistake, replacements, situation, caughtBy }) =>
      () =>
        report.check(`mutant caught (${caughtBy}): ${mistake}`, async () => {
          const mutated = await bundleTap(name, replacements);
          const { differences } = await playScenario(stage, `mutant_${name}`, mutated, SITUATIONS[situation]);
          const kinds = [...new Set(differences.map(({ kind }) => kind))];
          if (!kinds.includes(caughtBy)) throw new Error(`found only: ${kinds.join(', ') || 'nothing'}`);
        }),
  );
  await inParallel([...controls, ...mutants]);
}
