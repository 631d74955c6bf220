'use client';

import { type ReactNode, useState } from 'react';
import type { ApiError } from '@/components/live/loaded.ts';
import type { TryRequest } from '@/server/model/dialect-wire.ts';
import { NOTHING_PASTED, type PastedRecord, tryRequest } from './try-request.ts';

interface TryFormProps {
  /** Whether a record is pasted, or a stored one named by its id. */
  readonly source: { readonly pasting: boolean; readonly event: string };
  readonly onSource: (source: TryFormProps['source']) => void;
  readonly busy: boolean;
  readonly errors: ApiError['errors'];
  readonly onTry: (request: TryRequest) => void;
}

/** The record to try: pasted, or a stored one by its id. ⌘↵ tries it. */
export function TryForm({ source, onSource, busy, errors, onTry }: TryFormProps) {
  const { pasting, event } = source;
  const [pasted, setPasted] = useState(NOTHING_PASTED);
  const wrong = new Set(errors.map(({ name }) => name));
  const submit = () => onTry(pasting ? tryRequest(pasted) : { event: event.trim() });
  return (
    <form
      className="min-w-0"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        submit();
      }}
      onKeyDown={(pressed) => {
        if (pressed.key !== 'Enter' || !(pressed.metaKey || pressed.ctrlKey)) return;
        pressed.preventDefault();
        pressed.currentTarget.requestSubmit();
      }}
    >
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <fieldset className="seg" aria-label="Which record">
          <Choice chosen={pasting} onChoose={() => onSource({ pasting: true, event })}>
            Pasted
          </Choice>
          <Choice chosen={!pasting} onChoose={() => onSource({ pasting: false, event })}>
            Stored
          </Choice>
        </fieldset>
        <button type="submit" className="ctl on" disabled={busy}>
          Try it <kbd>⌘↵</kbd>
        </button>
      </div>
      {pasting ? (
        <PasteFields pasted={pasted} wrong={wrong} onChange={setPasted} />
      ) : (
        <Line
          name="Record id"
          value={event}
          wrong={wrong.has('event')}
          placeholder="cluster/topic~1/0/42"
          required
          onChange={(changed) => onSource({ pasting: false, event: changed })}
        />
      )}
    </form>
  );
}

function PasteFields({
  pasted,
  wrong,
  onChange,
}: {
  pasted: PastedRecord;
  wrong: ReadonlySet<string>;
  onChange: (pasted: PastedRecord) => void;
}) {
  return (
    <>
      <label className="pasted">
        <span className="flex items-center justify-between">
          Value
          <select
            value={pasted.encoding}
            aria-label="The value is"
            onChange={({ target }) => onChange({ ...pasted, encoding: target.value === 'base64' ? 'base64' : 'text' })}
          >
            <option value="text">as text</option>
            <option value="base64">as base64</option>
          </select>
        </span>
        <textarea
          rows={9}
          value={pasted.value}
          aria-label="Value"
          aria-invalid={wrong.has('value')}
          placeholder="empty: a record without a value"
          spellCheck={false}
          onChange={({ target }) => onChange({ ...pasted, value: target.value })}
        />
      </label>
      <div className="grid grid-cols-2 gap-3 max-[599px]:grid-cols-1">
        <Line
          name="Topic"
          value={pasted.topic}
          wrong={wrong.has('topic')}
          placeholder="what the topic rules are asked of"
          required
          onChange={(topic) => onChange({ ...pasted, topic })}
        />
        <Line
          name="Key"
          value={pasted.key}
          wrong={wrong.has('key')}
          placeholder="none"
          onChange={(key) => onChange({ ...pasted, key })}
        />
      </div>
      <label className="pasted">
        <span>Headers, one a line</span>
        <textarea
          rows={3}
          value={pasted.headers}
          aria-label="Headers"
          aria-invalid={wrong.has('headers')}
          placeholder="name: value"
          spellCheck={false}
          onChange={({ target }) => onChange({ ...pasted, headers: target.value })}
        />
      </label>
    </>
  );
}

function Line({
  name,
  value,
  wrong,
  placeholder,
  required = false,
  onChange,
}: {
  name: string;
  value: string;
  wrong: boolean;
  placeholder: string;
  required?: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <label className="pasted">
      <span>{name}</span>
      <input
        value={value}
        required={required}
        aria-invalid={wrong}
        placeholder={placeholder}
        spellCheck={false}
        maxLength={1024}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}

function Choice({ chosen, onChoose, children }: { chosen: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <button type="button" aria-pressed={chosen} aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      {children}
    </button>
  );
}
