interface Trouble {
  readonly topic: string;
  readonly reason: string;
}

/** A cluster may deny thousands of topics at once; the page has them all. */
const MOST_LINES = 20;

/** Says which topics cannot be read and why, each once, and which can again. */
export function createUnreadableLog(say: (line: string) => void): (topics: readonly Trouble[]) => void {
  let known: ReadonlyMap<string, string> = new Map();
  return (topics) => {
    const now = new Map(topics.map(({ topic, reason }) => [topic, reason]));
    const lines = [
      ...[...now]
        .filter(([topic, reason]) => known.get(topic) !== reason)
        .map(([topic, reason]) => notRead(topic, reason)),
      ...[...known.keys()]
        .filter((topic) => !now.has(topic))
        .map((topic) => `Topic ${shown(topic)} is no longer unreadable.`),
    ];
    for (const line of lines.slice(0, MOST_LINES)) say(line);
    if (lines.length > MOST_LINES)
      say(`The same goes for ${lines.length - MOST_LINES} more topics; the page Topics has all.`);
    known = now;
  };
}

function notRead(topic: string, reason: string): string {
  return `Topic ${shown(topic)} is not read: ${reason}`;
}

/** Names come from strangers: quoted, so that none breaks out of its line. */
function shown(topic: string): string {
  return JSON.stringify(topic);
}
