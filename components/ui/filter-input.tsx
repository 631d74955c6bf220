'use client';

import { useRef } from 'react';
import { useKeys } from './keys.ts';

interface FilterInputProps {
  /** What is filtered, for those who cannot see the page. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** A class with the width. */
  readonly width: string;
}

/** The line in which a list is filtered by words: `/` goes there, Escape leaves it. */
export function FilterInput({ label, placeholder, value, onChange, width }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  return (
    <label className={`field ${width} max-w-full`}>
      <span className="sr-only">{label}</span>
      <input
        ref={input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && input.current?.blur()}
        placeholder={placeholder}
        spellCheck={false}
        maxLength={1024}
      />
      <kbd>/</kbd>
    </label>
  );
}
