import { MOST_RECEIVERS } from '../model/receiver.ts';
import type { ReceiverRefusal } from '../ports/deliveries.ts';
import { badParameters } from './parse-query.ts';
import { problem } from './problem.ts';

/** The answer to a change of receivers that did not happen. */
export function refuseReceiver(refusal: ReceiverRefusal): Response {
  switch (refusal) {
    case 'no such receiver':
      return problem({
        ...{ kind: 'no-such-receiver', title: 'There is no such receiver', status: 404 },
        detail: '/api/v1/receivers lists them.',
      });
    case 'of the file':
      return problem({
        ...{ kind: 'receiver-of-the-file', title: 'This receiver is changed in throughline.yaml', status: 409 },
        detail: 'It is only read here. Change the file, and start the tap anew.',
      });
    case 'name taken':
      return problem({
        ...{ kind: 'name-taken', title: 'There is a receiver of this name', status: 409 },
        detail: 'Choose another name, or change that one.',
      });
    case 'too many':
      return problem({
        ...{ kind: 'too-many-receivers', title: 'There are too many receivers', status: 409 },
        detail: `At most ${MOST_RECEIVERS}, those of the file included. Remove one first.`,
      });
    case 'another host':
      return badParameters([
        { name: 'url', reason: 'is of another host: the secret and the headers that are kept must be given anew.' },
      ]);
    case 'no url':
      return badParameters([{ name: 'url', reason: 'is missing: a new receiver has an address.' }]);
  }
}
