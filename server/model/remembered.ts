/**
 * The same function, which works out each text, or each thing, once. Without `most` nothing is ever let go: for what comes
 * again and again in one piece of work. With it the answer worked out first leaves first.
 */
export function remembered<Asked, T extends string | number | object | null>(
  workOut: (asked: Asked) => T,
  most = Number.POSITIVE_INFINITY,
): (asked: Asked) => T {
  const answers = new Map<Asked, T>();
  return (asked) => {
    const known = answers.get(asked);
    if (known !== undefined) return known;
    const answer = workOut(asked);
    answers.set(asked, answer);
    const [oldest] = answers.keys();
    if (answers.size > most && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
