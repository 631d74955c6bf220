/** Does something once and keeps its answer; what failed is tried again by the next who asks. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | null = null;
  return () => {
    if (done === null) {
      const trying = work();
      done = trying;
      trying.catch(() => {
        if (done === trying) done = null;
      });
    }
    return done;
  };
}
