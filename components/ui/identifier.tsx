import { safeText } from './safe-text.ts';

/** A name or id that came from a record: isolated, control characters as pictures, the whole in the title. */
export function Identifier({ text, bright, className = '' }: { text: string; bright?: number; className?: string }) {
  const drawn = safeText(text);
  return (
    <bdi className={className} title={safeText(text, 2048)} translate="no">
      {bright === undefined || drawn.length <= bright ? drawn : <Dimmed text={drawn} bright={bright} />}
    </bdi>
  );
}

/** The first characters bright, the rest dim. */
function Dimmed({ text, bright }: { text: string; bright: number }) {
  const characters = [...text];
  return (
    <>
      {characters.slice(0, bright).join('')}
      <span className="f2">{characters.slice(bright).join('')}</span>
    </>
  );
}
