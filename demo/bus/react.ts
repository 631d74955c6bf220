import type { Listening } from '../behaviour/listening.ts';
import type { Hear } from './listener.ts';
import type { Stage } from './run-process.ts';

/** A group whose reactions go out through the outbox, each naming the record that caused it. */
export function reactThroughOutbox({ groupId, topics, react }: Listening) {
  const hear =
    (stage: Stage): Hear =>
    (heard, at) => {
      for (const event of react(heard, stage.around())) stage.outbox.post(event, { ...at, eventId: heard.eventId });
    };
  return { groupId, topics, hear };
}
