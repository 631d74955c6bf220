/** The one texture of the product: what we know we do not have. Drawn once per page, used as `url(#hatch)`. */
export function HatchDefs() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1" height="5" fill="var(--line-3)" />
        </pattern>
      </defs>
    </svg>
  );
}

export const HATCH = 'url(#hatch)';
