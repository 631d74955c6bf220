import type { ConsumptionWire } from '../../model/consumption-wire.ts';
import type { RecordRef } from '../../model/record.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { Queryable } from '../transaction.ts';
import { type GroupPass, readPasses } from './passes.ts';

/** For every group that ever committed on the topic in this life: whether it has passed the record. */
export async function readConsumption(client: Queryable, ref: RecordRef): Promise<readonly ConsumptionWire[]> {
  return (await readPasses(client, ref, null)).map(toWire);
}

function toWire({ group, own, pass }: GroupPass): ConsumptionWire {
  switch (pass.state) {
    case 'consumed': {
      const after = pass.after === null ? null : microsToRfc3339(pass.after);
      return { group, own, state: 'consumed', after, before: microsToRfc3339(pass.before), set_back: pass.setBack };
    }
    case 'not_yet':
      return { group, own, state: 'not_yet', behind: pass.behind.toString(), as_of: microsToRfc3339(pass.asOf) };
    case 'unknown':
      return { group, own, state: 'unknown', why: pass.why };
  }
}
