'use client';

import { FIELD_WORDS } from '@/components/ui/envelope-words.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Fact, Inspector } from '@/components/ui/inspector.tsx';
import { type DialectRow, dialectSource, NO_DIALECT } from './dialect-rows.ts';

/** One dialect: what it is, when it applies, and where it looks for each field. */
export function DialectDetail({ row, onClose }: { row: DialectRow; onClose: () => void }) {
  const { name, dialect, count } = row;
  return (
    <Inspector
      sheet
      label="Selected dialect"
      title={dialect === null && name === NO_DIALECT ? 'No rule matched' : <Identifier text={name} />}
      aside={
        <button type="button" className="ctl" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      }
    >
      <div className="rules-of">
        {dialect === null ? (
          <p className="note">{name === NO_DIALECT ? UNMATCHED : RETIRED}</p>
        ) : (
          <>
            <p className="mb-3">{dialect.title}</p>
            <dl className="dl">
              <Fact name="From">
                {dialect.from === 'built in' ? 'built in' : <span className="m">{dialectSource(dialect)}</span>}
              </Fact>
              <Fact name="Looks for">
                {dialect.when.length === 0 ? 'whatever comes this far' : <Texts texts={dialect.when} />}
              </Fact>
            </dl>
            <h4>Where each field is found, the first that has a value</h4>
            <dl className="dl">
              {dialect.rules.map(({ field, rules }) => (
                <Fact key={field} name={FIELD_WORDS[field]}>
                  <Texts texts={rules} />
                </Fact>
              ))}
            </dl>
          </>
        )}
        <p className="note mt-3">{formatCount(count.stored)} stored events were read so.</p>
      </div>
    </Inspector>
  );
}

const UNMATCHED =
  'These events are stored with their raw bytes. What headers and the topic name say of them is used all the same.';
const RETIRED =
  'No dialect of this name is set any more. Its events keep the name until they are read again by the rules in force.';

/** Rules that are shown at once; the rest of them is a click away. */
const SHOWN = 5;

function Texts({ texts }: { texts: readonly string[] }) {
  const shown = texts.length > SHOWN ? texts.slice(0, SHOWN - 1) : texts;
  const rest = texts.slice(shown.length);
  return (
    <>
      <Lines texts={shown} />
      {rest.length === 0 ? null : (
        <details>
          <summary className="u f2">{rest.length} more</summary>
          <Lines texts={rest} />
        </details>
      )}
    </>
  );
}

function Lines({ texts }: { texts: readonly string[] }) {
  return texts.map((text) => <Identifier key={text} text={text} className="m block whitespace-normal break-words" />);
}
