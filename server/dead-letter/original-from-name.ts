/** A word in a topic's name that marks it as one of dead letters, with what joins it to the rest. */
const MARK = /[.\-_](?:dlq|dlt|dead[-_]?letters?)(?=[.\-_]|$)/i;
/** Names of buses that have one queue for many topics: they tell nothing of the original. */
const SHARED = /^(?:[a-z]+\.)?(?:onex\.)?(?:dlq|dlt)[.\-_]/i;

/** The topic that a queue's name is made of, `orders` of `orders.dlq`; null where it is made otherwise. */
export function originalFromName(queue: string): string | null {
  if (SHARED.test(queue)) return null;
  const topic = queue.replace(MARK, '');
  return topic === queue || topic === '' ? null : topic;
}
