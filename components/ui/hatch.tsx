/** The one texture of the product: what we know we do not have, and what does not come. Drawn once per page. */
export function HatchDefs() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1" height="5" fill="var(--line-3)" />
        </pattern>
        <pattern id="hatch-stalled" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1.6" height="5" fill="var(--mk-stalled)" />
        </pattern>
      </defs>
    </svg>
  );
}

export const HATCH = 'url(#hatch)';
/** Of a wait past the usual. */
export const STALLED_HATCH = 'url(#hatch-stalled)';
