import type { LineStretch } from '@/server/model/wire.ts';
import { instantMs } from './format-instant.ts';
import { HATCH } from './hatch.tsx';
import { type DrawnStretch, lineInWords, solidEnd, throughLine } from './through-line-geometry.ts';

/** What is stored of the selected range, left to right: solid, hatched, dotted; a disc at the live end, a bar where it stopped. */
export function ThroughLine(props: { line: readonly LineStretch[]; from: string; to: string; running: boolean }) {
  const drawn = throughLine(props.line, instantMs(props.from), instantMs(props.to));
  const end = props.running ? 100 : solidEnd(drawn);
  return (
    <div className="tline" role="img" aria-label={lineInWords(drawn)}>
      <svg className="line" aria-hidden="true">
        {drawn.map((stretch) => (
          <Stretch key={`${stretch.kind}${stretch.from}`} stretch={stretch} />
        ))}
        <svg x={`${end}%`} overflow="visible" aria-hidden="true">
          {props.running ? (
            <circle cx="-5" cy="7" r="4" fill="var(--fg-0)" />
          ) : (
            <path d={`M${end >= 100 ? -1 : 1} 2v10`} stroke="var(--fg-0)" strokeWidth="2" />
          )}
        </svg>
      </svg>
    </div>
  );
}

function Stretch({ stretch }: { stretch: DrawnStretch }) {
  const title = stretch.why === null ? null : <title>{stretch.why}</title>;
  const [x, width] = [`${stretch.from}%`, `${stretch.to - stretch.from}%`];
  if (stretch.kind === 'stored') return <rect x={x} width={width} y="6" height="2" fill="var(--fg-1)" />;
  if (stretch.kind === 'hole')
    return (
      <rect x={x} width={width} y="2" height="10" fill={HATCH}>
        {title}
      </rect>
    );
  return (
    <g>
      <line x1={x} x2={`${stretch.to}%`} y1="7" y2="7" stroke="var(--line-3)" strokeWidth="2" strokeDasharray="1 4" />
      <rect x={x} width={width} y="0" height="14" fill="transparent">
        {title}
      </rect>
    </g>
  );
}
