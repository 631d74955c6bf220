'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { failureWords } from '@/components/live/loaded.ts';
import { safeText } from './safe-text.ts';

interface FormDialogProps {
  readonly title: string;
  /** The verb on its button. */
  readonly act: string;
  readonly onSend: (values: FormData) => Promise<unknown>;
  /** It was closed, or what it sent has been taken. */
  readonly onDone: (sent: boolean) => void;
  readonly children: ReactNode;
}

/** A few fields in a dialog that is open while it is drawn. What the server refuses is said in it, and it stays open. */
export function FormDialog({ title, act, onSend, onDone, children }: FormDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const own = dialog.current;
    if (own !== null && !own.open) own.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="pal form" aria-label={title} onClose={() => onDone(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          setProblem(null);
          onSend(new FormData(event.currentTarget))
            .then(
              () => onDone(true),
              (error: unknown) => setProblem(failureWords(error)),
            )
            .finally(() => setBusy(false));
        }}
      >
        <h2>{title}</h2>
        {children}
        {problem === null ? null : (
          <p className="note st-stalled" role="alert">
            {safeText(problem, 600)}.
          </p>
        )}
        <div className="form-acts">
          <button type="submit" className="ctl on" disabled={busy}>
            {act}
          </button>
          <button type="button" className="ctl" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** One field of a form with its name above. */
export function FormField({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label className="form-field">
      <span>{label}</span>
      {children}
      {hint === undefined ? null : <small className="f2">{hint}</small>}
    </label>
  );
}

/** A text of a form, trimmed; '' where it is absent. */
export function textOf(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
