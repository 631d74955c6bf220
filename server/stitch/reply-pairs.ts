import type { ReplyPair, StitchEvent } from '../model/trace.ts';
import { type ReplyRole, readReplyRole } from './reply-words.ts';
import { walkDown } from './walk-down.ts';

/**
 * Requests with their replies, in the order of the replies. A reply answers the nearest of its ancestors that is a request
 * of the same stem; without one the nearest earlier request of its episode that nothing else answers. A request may have
 * several replies by its descent. Dead letters take no part.
 */
export function replyPairs(
  ordered: readonly StitchEvent[],
  parentAt: readonly number[],
  episodes: readonly (readonly StitchEvent[])[],
): readonly ReplyPair[] {
  const roles = rolesOf(ordered);
  if (!roles.some((role) => role?.role === 'reply')) return [];
  const requestOf = requestsAbove(roles, parentAt);
  const answered = new Set(requestOf);
  let place = 0;
  for (const episode of episodes) {
    const open = new Map<string, number[]>();
    for (const end = place + episode.length; place < end; place++) {
      const said = roles[place];
      if (said?.role === 'request' && !answered.has(place)) stackOf(open, said.stem).push(place);
      if (said?.role === 'reply' && requestOf[place] === -1) requestOf[place] = stackOf(open, said.stem).pop() ?? -1;
    }
  }
  return ordered.flatMap((reply, at) => {
    const request = ordered[requestOf[at] ?? -1];
    return request === undefined ? [] : [{ request, reply }];
  });
}

function rolesOf(ordered: readonly StitchEvent[]): readonly (ReplyRole | null)[] {
  return ordered.map(({ typeText, deadLetter }) => (deadLetter ? null : readReplyRole(typeText)));
}

/** For each reply its nearest request among its ancestors, or -1: one walk down the trees with a stack per stem. */
function requestsAbove(roles: readonly (ReplyRole | null)[], parentAt: readonly number[]): number[] {
  const requestOf = new Array<number>(roles.length).fill(-1);
  const open = new Map<string, number[]>();
  walkDown(parentAt, {
    enter(place) {
      const said = roles[place];
      if (said?.role === 'reply') requestOf[place] = stackOf(open, said.stem).at(-1) ?? -1;
      if (said?.role === 'request') stackOf(open, said.stem).push(place);
    },
    leave(place) {
      const said = roles[place];
      if (said?.role === 'request') stackOf(open, said.stem).pop();
    },
  });
  return requestOf;
}

function stackOf(stacks: Map<string, number[]>, stem: string): number[] {
  const stack = stacks.get(stem) ?? [];
  stacks.set(stem, stack);
  return stack;
}
