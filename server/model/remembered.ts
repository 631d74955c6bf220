/**
 * The same function, which works out each text once. For few texts that come again and again in one piece of work: nothing
 * is ever let go.
 */
export function remembered<T extends string | number | object>(workOut: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = workOut(text);
    answers.set(text, answer);
    return answer;
  };
}
