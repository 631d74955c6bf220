import { nearest } from '../model/nearest.ts';

/** What is to be said of a rule's receivers, given the names of those that there are: nobody is told by others. */
export function receiverWarnings(receivers: readonly string[], known: readonly string[]): readonly string[] {
  return [...new Set(receivers)]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      const meant = near === null ? '' : `; perhaps "${near}" is meant`;
      return `There is no receiver "${name}", so nobody is told there${meant}.`;
    });
}
