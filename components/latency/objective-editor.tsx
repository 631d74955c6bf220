'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { useCopy } from '@/components/ui/use-copy.ts';
import { parseDuration } from '@/server/model/duration-text.ts';
import type { LatencyRow, LatencySubject } from '@/server/model/latency-wire.ts';
import { firstObjective, objectiveYaml } from './objective-yaml.ts';

interface ObjectiveEditorProps {
  readonly id: string;
  readonly row: LatencyRow;
  readonly eventType: string;
  readonly subject: LatencySubject;
  readonly onClose: () => void;
}

/** An objective for the type of a row, as the text to put into the configuration file. Enter copies it, Escape closes. */
export function ObjectiveEditor({ id, row, eventType, subject, onClose }: ObjectiveEditorProps) {
  const [text, setText] = useState(() => firstObjective(row));
  const [said, copy] = useCopy();
  const input = useRef<HTMLInputElement>(null);
  const note = useId();
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const ms = parseDuration(text);
  const yaml = ms === null ? null : objectiveYaml(subject, eventType, ms);
  return (
    <form
      id={id}
      className="lat-aim"
      aria-label="Objective"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        if (yaml !== null) copy(yaml, 'Objective');
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Else the page lets go of the row too.
        event.preventDefault();
        onClose();
      }}
    >
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <label className="flex items-center gap-2">
            p95 under
            <span className="field w-[96px]">
              <input
                ref={input}
                value={text}
                aria-invalid={yaml === null}
                aria-describedby={note}
                placeholder="250ms"
                spellCheck={false}
                maxLength={12}
                onChange={({ target }) => setText(target.value)}
              />
            </span>
          </label>
          <button type="submit" className="ctl" disabled={yaml === null}>
            Copy <kbd>↵</kbd>
          </button>
          <span role="status" className="f0">
            {said}
          </span>
        </div>
        <p id={note} className="note">
          {yaml === null
            ? 'Write a number and ms, s, m, h or d, as in 250ms.'
            : 'For throughline.yaml, first in its list: the first that matches counts. In force from the next start.'}
        </p>
      </div>
      <pre className="m" dir="ltr" translate="no">
        {yaml}
      </pre>
    </form>
  );
}
