'use client';

import { sendApi } from '@/components/live/loaded.ts';
import { Decision } from '@/components/ui/decision.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import type { GroupState, ViolationEvent, ViolationGroup } from '@/server/model/violation-wire.ts';
import { ORIGIN_WORDS } from './coverage-rows.ts';
import { SchemaClause } from './schema-clause.tsx';
import type { SaysState } from './use-schema-says.ts';
import { isOfGroup, pathWords, STATE_WORDS } from './violations-words.ts';

interface GroupSaysProps {
  readonly group: ViolationGroup;
  readonly event: ViolationEvent | null;
  readonly says: SaysState;
  readonly onChanged: () => void;
}

/** What the schema says of the group, whose it is, and what was decided about it. */
export function GroupSays({ group, event, says, onChanged }: GroupSaysProps) {
  const error = event?.errors.find((each) => isOfGroup(each, group)) ?? null;
  const { owner } = group.whose;
  return (
    <div className="wide">
      <div className="sec">
        <h3>What the schema says</h3>
        <span className="sp m f1 el">
          <Identifier text={schemaWords(group.schema)} />
        </span>
      </div>
      <div className="vio-text">
        <p className="f0 px-5">{safeText(error?.sentence ?? group.sentence, 1000)}.</p>
        <SchemaClause says={says} rule={group.rule} />
        <dl className="dl px-5">
          <dt>Place</dt>
          <dd>
            <Identifier text={pathWords(group)} className="m" />
          </dd>
          <dt>Rule</dt>
          <dd className="m">{safeText(group.rule, 100)}</dd>
          {error === null || error.was === null ? null : (
            <>
              <dt>Was</dt>
              <dd>
                <Identifier text={error.was} className="m" />
              </dd>
            </>
          )}
          {error === null || error.near_miss === null ? null : (
            <>
              <dt>Close to it</dt>
              <dd>
                <Identifier text={error.near_miss} className="m" />
              </dd>
            </>
          )}
          <dt>Schema</dt>
          <dd>
            {group.schema === null ? (
              'None is known'
            ) : (
              <>
                <Identifier text={group.schema.title ?? group.schema.name} />
                <span className="f2"> {ORIGIN_WORDS[group.schema.origin]}</span>
                {group.schema_since === null ? null : (
                  <span className="f2">
                    , in force since <Instant at={group.schema_since} />
                  </span>
                )}
              </>
            )}
          </dd>
          <dt>Owner</dt>
          <dd>{owner === null ? <span className="f2">no owner</span> : <Identifier text={owner.team} />}</dd>
        </dl>
      </div>
      <StateChoice group={group} onChanged={onChanged} />
    </div>
  );
}

const DAY_MS = 86_400_000;

interface Choice {
  readonly state: Exclude<GroupState, 'back'>;
  readonly word: string;
  readonly until: (() => string) | null;
}

const CHOICES: readonly Choice[] = [
  { state: 'acknowledged', word: 'Acknowledge', until: null },
  { state: 'muted', word: 'Mute for a day', until: () => new Date(Date.now() + DAY_MS).toISOString() },
  { state: 'resolved', word: 'Resolved', until: null },
  { state: 'new', word: 'Open again', until: null },
];

/** What was decided about a group, and the ways to decide otherwise. */
function StateChoice({ group, onChanged }: { group: ViolationGroup; onChanged: () => void }) {
  const decide = (state: Choice['state'], note: string | null) => {
    const until = CHOICES.find((choice) => choice.state === state)?.until ?? null;
    const body = { group: group.key, state, ...(until !== null && { until: until() }), ...(note !== null && { note }) };
    return sendApi('/api/v1/violations/state', body).then(onChanged);
  };
  return (
    <Decision
      {...STATE_WORDS[group.state]}
      since={group.state_since}
      until={group.muted_until}
      note={group.note}
      choices={CHOICES.filter(({ state }) => state !== group.state && (state !== 'new' || group.state !== 'back'))}
      onDecide={decide}
    />
  );
}
