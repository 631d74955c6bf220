'use client';

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo, type ReactNode } from 'react';
import { Identifier } from '@/components/ui/identifier.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { isFinding, markInk } from './flow-state.ts';
import { usePlaceLook } from './map-context.tsx';
import type { ScenePlace } from './map-scene.ts';
import { shortName } from './short-name.ts';

export type PlaceNode = Node<{ readonly place: ScenePlace }, ScenePlace['kind']>;

/** A service: a rectangle with its state, name and one fact. */
const Service = memo(function Service({ id, data, selected }: NodeProps<PlaceNode>) {
  const look = usePlaceLook(id);
  const state = look?.state ?? 'unknown';
  return (
    <Ends>
      <div
        className={`pl-service ${selected ? 'on' : ''}`}
        style={{ borderColor: isFinding(state) ? markInk(state) : undefined }}
      >
        <StateMark kind={state} />
        <Identifier text={data.place.name === '' ? 'no service named' : data.place.name} className="el nm" />
        <span className={`fact el ${look?.factOfState === true ? `st-${state}` : ''}`}>{look?.fact}</span>
      </div>
    </Ends>
  );
});

/** A topic: a pipe, its rate below it; of dead letters a cross, and how deep it is. */
const Topic = memo(function Topic({ id, data, selected }: NodeProps<PlaceNode>) {
  const look = usePlaceLook(id);
  const { name, width, height, kind } = data.place;
  const state = look?.state ?? 'unknown';
  const ink = isFinding(state) ? markInk(state) : state === 'unknown' ? 'var(--line-3)' : 'var(--fg-2)';
  return (
    <Ends>
      <div className={`pl-topic ${state === 'unknown' ? 'dim' : ''} ${selected ? 'on' : ''}`}>
        <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
          <path
            d={`M8 .75H${width - 8}a7 13.25 0 0 1 0 26.5H8a7 13.25 0 0 1 0-26.5z`}
            fill="var(--bg-1)"
            stroke={ink}
            strokeWidth={selected ? 2 : 1.2}
            {...(kind === 'fold' && { strokeDasharray: '3 3' })}
          />
          <path d={`M${width - 8} .75a7 13.25 0 0 0 0 26.5`} fill="none" stroke={ink} strokeWidth="1.2" />
        </svg>
        {isFinding(state) ? <StateMark kind={state} /> : null}
        <bdi className={`el m nm ${isFinding(state) ? `st-${state}` : ''}`} title={safeText(name)} translate="no">
          {safeText(shortName(name, isFinding(state) ? 19 : 21))}
        </bdi>
        {kind === 'fold' ? <span className="m f1">+</span> : null}
        <span className="rate m f2">{look?.fact}</span>
        {look?.depth == null ? null : <span className="depth m st-dead">{look.depth}</span>}
      </div>
    </Ends>
  );
});

/** Where a line ends without a place of its own. */
const End = memo(function End({ data }: NodeProps<PlaceNode>) {
  const { kind, name } = data.place;
  return (
    <Ends>
      <div className={`pl-end ${kind}`}>
        {kind === 'back' ? (
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
            <path d="M0 5h8M4.5 1l4 4-4 4" fill="none" stroke="var(--fg-2)" strokeWidth="1.6" />
          </svg>
        ) : null}
        {kind === 'back' || kind === 'reader' ? (
          <bdi className="el" title={safeText(name)} translate="no">
            {safeText(shortName(name, 22))}
          </bdi>
        ) : (
          <span>{name}</span>
        )}
      </div>
    </Ends>
  );
});

/** Where lines are tied to, which nobody sees or pulls at. */
function Ends({ children }: { children: ReactNode }) {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {children}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

export const PLACE_TYPES = {
  service: Service,
  topic: Topic,
  fold: Topic,
  back: End,
  reader: End,
  unread: End,
  last: End,
} as const;
