import Link from 'next/link';
import { safeText } from '@/components/ui/safe-text.ts';
import type { Words } from './sentence-words.ts';

/** A sentence of words, numbers and links. Texts may come from records or brokers. */
export function Sentence({ words }: { words: readonly Words[] }) {
  return words.map((word, i) => {
    const text = safeText(word.text);
    const key = `${i}${word.text}`;
    if (word.href !== undefined)
      return (
        <Link key={key} className="x" href={word.href}>
          {text}
        </Link>
      );
    return (
      <bdi key={key} className={word.mono === true ? 'm' : undefined}>
        {text}
      </bdi>
    );
  });
}
