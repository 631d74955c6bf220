/** Trees over places 0 … n − 1 that are hung under each other. Finding a root shortens the way to it for the next time. */
export class Trees {
  readonly #up: number[];

  constructor(size: number) {
    this.#up = Array.from({ length: size }, (_, place) => place);
  }

  rootOf(place: number): number {
    let here = place;
    for (let up = this.#at(here); up !== here; up = this.#at(here)) {
      this.#up[here] = this.#at(up);
      here = this.#at(here);
    }
    return here;
  }

  /** Hangs a root under a place of another tree. */
  hang(root: number, under: number): void {
    this.#up[root] = this.rootOf(under);
  }

  #at(place: number): number {
    return this.#up[place] ?? place;
  }
}
