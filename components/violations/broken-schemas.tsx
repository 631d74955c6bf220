import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { SchemaList } from '@/server/model/violation-wire.ts';

/** Schema files that cannot be used, by line and reason: the others go on without them. */
export function BrokenSchemas({ broken }: Pick<SchemaList, 'broken'>) {
  if (broken.length === 0) return null;
  return (
    <ul className="vio-broken" aria-label="Schema files that cannot be used">
      {broken.map(({ name, line, reason }) => (
        <li key={`${name} ${line} ${reason}`}>
          <StateMark kind="stalled" />
          <span>
            <Identifier text={line > 0 ? `${name}:${line}` : name} className="m f0" />{' '}
            <span className="f1">{safeText(reason, 500)}.</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
