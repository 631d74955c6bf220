import { Identifier } from '@/components/ui/identifier.tsx';
import { PendingNote } from '@/components/ui/pending-note.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { schemaWords } from '@/components/ui/schema-words.ts';
import type { ClauseWire, SchemaSays, VersionBefore } from '@/server/model/violation-wire.ts';
import type { SaysState } from './use-schema-says.ts';

/** The rule of the schema that a group breaks, with what stands around it, and what changed since the version before. */
export function SchemaClause({ says, rule }: { says: SaysState; rule: string }) {
  switch (says.kind) {
    case 'no rule':
      return null;
    case 'not in force':
      return (
        <p className="note px-5">
          {says.origin === 'registry'
            ? 'It is a schema of a registry, whose text is not shown here.'
            : 'This version of the schema is not in force any more.'}
        </p>
      );
    case 'asked':
      return <PendingNote problem={says.problem} onRetry={says.refresh} />;
    case 'said':
      return <Said says={says.value} rule={rule} />;
  }
}

function Said({ says, rule }: { says: SchemaSays; rule: string }) {
  const [first] = says.clauses;
  return (
    <>
      {says.clauses.map((clause) => (
        <Clause key={`${clause.schema.name}${clause.pointer}`} clause={clause} />
      ))}
      {first === undefined ? (
        <p className="note px-5">
          Where <span className="m">{safeText(rule, 100)}</span> stands in the schema is not found.
        </p>
      ) : null}
      {says.more_clauses ? <p className="note px-5">It stands in more branches than are shown.</p> : null}
      {says.before === null ? null : <Before before={says.before} now={says} rule={rule} />}
    </>
  );
}

function Clause({ clause: { schema, pointer, line, lines } }: { clause: ClauseWire }) {
  return (
    <figure className="vio-clause">
      <figcaption className="note el px-5">
        <Identifier text={`${schema.name}:${line}`} className="m" />{' '}
        <Identifier text={`#${pointer}`} className="m f2" />
      </figcaption>
      <div className="tree">
        {lines.map((one, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one clause never move.
            key={at}
            className={`ln ${one.is_rule ? 'ln-wrong' : ''}`}
            style={{ paddingLeft: 20 + one.depth * 14 }}
          >
            <bdi className={one.is_rule ? 'v' : 's'}>{safeText(one.text, 1200)}</bdi>
          </div>
        ))}
      </div>
    </figure>
  );
}

/** Changes that are shown at once; the rest is a click away. */
const SHOWN = 3;

function Before({ before, now, rule }: { before: VersionBefore; now: SchemaSays; rule: string }) {
  const here = before.changes.filter(({ is_here }) => is_here);
  const first = here.length > 0 ? here : before.changes.slice(0, SHOWN);
  const rest = before.changes.slice(first.length);
  return (
    <section className="vio-before" aria-label="Since the version before">
      <h4>
        <Identifier text={schemaWords(before.schema)} /> to <Identifier text={schemaWords(now.schema)} />
      </h4>
      {before.was === before.is ? null : (
        <div className="tree">
          {before.was === null ? null : <DiffLine sign="−" rule={rule} text={before.was} />}
          {before.is === null ? null : <DiffLine sign="+" rule={rule} text={before.is} />}
        </div>
      )}
      <Changes changes={first} />
      {rest.length === 0 ? null : (
        <details>
          <summary className="u f2">
            {rest.length} more {rest.length === 1 ? 'change' : 'changes'}
            {before.more_changes ? ', and others' : ''}
          </summary>
          <Changes changes={rest} />
        </details>
      )}
      {before.changes.length > 0 ? null : (
        <p className="note">
          {before.other_part ? 'They describe different parts of an event.' : 'No rule differs between the two.'}
        </p>
      )}
    </section>
  );
}

function DiffLine({ sign, rule, text }: { sign: '−' | '+'; rule: string; text: string }) {
  return (
    <div>
      <span className="f2">{sign}</span>{' '}
      <bdi className={sign === '+' ? 'v' : 's'}>
        {safeText(rule, 100)}: {safeText(text, 600)}
      </bdi>
    </div>
  );
}

function Changes({ changes }: { changes: VersionBefore['changes'] }) {
  return (
    <ul>
      {changes.map(({ path, sentence }) => (
        <li key={`${path} ${sentence}`}>{safeText(sentence, 600)}</li>
      ))}
    </ul>
  );
}
