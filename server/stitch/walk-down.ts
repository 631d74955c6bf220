/** What happens at each place of a walk. */
export interface WalkSteps {
  enter(place: number): void;
  /** After all places below it. */
  leave(place: number): void;
}

/** Walks all trees from their roots down. `parentAt` has for each place that of its parent, or -1, and holds no cycle. */
export function walkDown(parentAt: readonly number[], { enter, leave }: WalkSteps): void {
  const children: (number[] | undefined)[] = new Array(parentAt.length).fill(undefined);
  const walk: number[] = [];
  parentAt.forEach((parent, place) => {
    if (parent < 0) walk.push(place);
    else {
      const siblings = children[parent];
      if (siblings === undefined) children[parent] = [place];
      else siblings.push(place);
    }
  });
  for (let here = walk.pop(); here !== undefined; here = walk.pop()) {
    // A place comes back as its complement when all below it are done.
    if (here < 0) leave(~here);
    else {
      enter(here);
      walk.push(~here);
      for (const child of children[here] ?? []) walk.push(child);
    }
  }
}
