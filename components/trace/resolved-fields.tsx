import Link from 'next/link';
import { FIELD_WORDS, FLAG_SENTENCES } from '@/components/ui/envelope-words.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import type { EventDetail, TraceEvent } from '@/server/model/wire.ts';

/** How an event was read: each field with its value and the rule that found it, and what to know of them. */
export function ResolvedFields({ event, detail }: { event: TraceEvent; detail: EventDetail | null }) {
  return (
    <>
      <p className="mb-2 t12 f1">
        Read by <DialectLink dialect={event.dialect} />
        {detail === null ? '' : `, rules ${detail.rules.version}`}
        {detail === null || detail.rules.current ? '' : ': older than those in force'}
      </p>
      {detail === null ? <span className="skel my-1 h-2 w-40" /> : <Fields detail={detail} />}
      {event.flags.length === 0 ? null : (
        <ul className="flags">
          {event.flags.map((flag) => (
            <li key={flag}>{FLAG_SENTENCES[flag]}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A dialect's name, leading to what it looks for. */
export function DialectLink({ dialect }: { dialect: string }) {
  return (
    <Link className="u" href={`/settings?${new URLSearchParams({ section: 'dialects', dialect })}`}>
      {dialect === 'none' ? 'no dialect' : <Identifier text={dialect} className="m" />}
    </Link>
  );
}

function Fields({ detail }: { detail: EventDetail }) {
  if (detail.resolved.length === 0)
    return <p className="note">The bytes of the record are not there any more, so its fields cannot be shown.</p>;
  return (
    <dl className="dl answers">
      {detail.resolved.map(({ field, value, origin }) => (
        <div key={field} className="contents">
          <dt>{FIELD_WORDS[field]}</dt>
          <dd>
            {value === null ? <span className="f2">not named</span> : <Identifier text={value} className="m" />}
            {origin === null ? null : <Identifier text={origin} className="m f2 block" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
