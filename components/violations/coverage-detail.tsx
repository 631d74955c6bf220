'use client';

import { formatShare } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Fact, Inspector } from '@/components/ui/inspector.tsx';
import { Num } from '@/components/ui/num.tsx';
import { StateTag } from '@/components/ui/state-mark.tsx';
import type { SchemaList } from '@/server/model/violation-wire.ts';
import { eventsHref, logHref } from './coverage-links.ts';
import { COVERAGE_STATES, type CoverageRow, ORIGIN_WORDS } from './coverage-rows.ts';

interface CoverageDetailProps {
  readonly row: CoverageRow;
  readonly list: SchemaList;
  /** The range as a query, for the events that a count leads to. */
  readonly range: string;
  readonly onClose: () => void;
}

/** One event type: how its events fit, and where its schema is from. */
export function CoverageDetail({ row, list, range, onClose }: CoverageDetailProps) {
  const { event_type, schema, state } = row;
  const bound = list.coverage.lower_bound;
  const { mark, word } = COVERAGE_STATES[state];
  const inForce = list.schemas.find(({ name, version }) => name === schema?.name && version === schema.version);
  return (
    <Inspector
      sheet
      label="Selected event type"
      title={<Identifier text={event_type} />}
      aside={
        <button type="button" className="ctl" onClick={onClose}>
          Close <kbd>esc</kbd>
        </button>
      }
    >
      <div className="rules-of">
        <StateTag kind={mark} word={word} />
        <dl className="dl mt-3">
          <Fact name="Events">
            <Num value={row.seen} bound={bound} href={eventsHref(event_type, range)} />
          </Fact>
          <Fact name="Checked" mono>
            {formatShare(row.checkedShare)}
          </Fact>
          <Fact name="Valid" mono>
            {row.validShare === null ? '–' : formatShare(row.validShare)}
          </Fact>
          <Fact name="Violating">
            {row.violating === '0' ? (
              <span className="m">0</span>
            ) : (
              <Num value={row.violating} bound={bound} href={logHref(event_type, range)} />
            )}
          </Fact>
        </dl>
        {schema === null ? (
          <p className="note mt-3">
            No schema is for this type, so its events are unchecked, never called right. Name a folder with one under{' '}
            <code>schemas:</code>, with the type under <code>x-throughline</code>.
          </p>
        ) : (
          <dl className="dl mt-3">
            <Fact name="Schema" mono>
              <Identifier text={schema.name} className="whitespace-normal wrap-anywhere" />
            </Fact>
            <Fact name="Version" mono>
              {schema.version === null ? '–' : <Identifier text={schema.version} />}
            </Fact>
            <Fact name="From">{ORIGIN_WORDS[schema.origin]}</Fact>
            <Fact name="Title">{schema.title === null ? '–' : <Identifier text={schema.title} />}</Fact>
            {inForce === undefined || inForce.source === null ? null : (
              <Fact name="Source">
                <Identifier text={inForce.source} className="whitespace-normal wrap-anywhere" />
              </Fact>
            )}
          </dl>
        )}
        {schema !== null && state === 'unchecked' ? (
          <p className="note mt-3">
            None of its events could be held against it: they are of another version, or could not be read.
          </p>
        ) : null}
      </div>
    </Inspector>
  );
}
