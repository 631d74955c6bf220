/** Where a stop is drawn: a line to the last station, a wall, the hatched wait, the square, then dots. In px. */
export interface StallLine {
  readonly stationX: number;
  readonly wallX: number;
  readonly waitX: number;
  readonly waitPx: number;
  readonly squareX: number;
  readonly endX: number;
  readonly stepLabel: string;
  readonly missingLabel: string;
  /** Left edge of the missing event's label. */
  readonly missingX: number;
}

const STATION_X = 6;
const WALL_X = 20;
const END_PX = 6;
/** Width of a character of a label (11 px mono), and the room between two labels. */
const CHAR_PX = 6.7;
const GAP_PX = 18;
/** Least wait that still shows its hatch and its count. */
const LEAST_WAIT_PX = 76;
/** Where the square stands when there is room, as a share of the width. */
const SQUARE_SHARE = 0.42;

/** Places a stop on a line of this width. Labels that have no room are cut. */
export function stallLine(stepType: string, missingType: string, width: number): StallLine {
  const least = WALL_X + LEAST_WAIT_PX;
  const end = Math.max(width - END_PX, least);
  const stepPx = stepType.length * CHAR_PX + GAP_PX;
  const wanted = Math.max(least, stepPx, Math.round(width * SQUARE_SHARE));
  const missingPx = missingType.length * CHAR_PX;
  // The missing event's name is what is looked for: the square goes left for it as far as the wait allows.
  const squareX = Math.max(least, Math.min(wanted, end - missingPx));
  return {
    stationX: STATION_X,
    wallX: WALL_X,
    waitX: WALL_X + 2,
    waitPx: squareX - 8 - (WALL_X + 2),
    squareX,
    endX: end,
    stepLabel: cut(stepType, squareX - GAP_PX),
    missingLabel: cut(missingType, end - squareX + 5),
    missingX: squareX - 5,
  };
}

function cut(text: string, px: number): string {
  const most = Math.max(1, Math.floor(px / CHAR_PX));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
