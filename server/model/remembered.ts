/**
 * The same function, which works out each text once. Without `most` nothing is ever let go: for few texts that come again and
 * again in one piece of work. With it the answer worked out first leaves first.
 */
export function remembered<T extends string | number | object | null>(
  workOut: (text: string) => T,
  most = Number.POSITIVE_INFINITY,
): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = workOut(text);
    answers.set(text, answer);
    const [oldest] = answers.keys();
    if (answers.size > most && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
