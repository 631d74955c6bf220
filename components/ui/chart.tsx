'use client';

import { type ReactNode, useId } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { spreadLabels } from './chart-labels.ts';
import { HATCH } from './hatch.tsx';

/** One line of a chart over time. Null is a gap. */
export interface ChartLine<Point> {
  readonly key: string;
  readonly value: (point: Point) => number | null;
  readonly ink: string;
  readonly width: number;
  readonly dash?: string;
  /** Written at its end, instead of a legend. */
  readonly label?: string;
  /** Drawn in the state's ink above the limit. */
  readonly limited?: boolean;
}

interface TimeChartProps<Point extends { readonly atMs: number }> {
  readonly points: readonly Point[];
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeTicks: readonly number[];
  readonly valueTicks: readonly number[];
  readonly formatTime: (ms: number) => string;
  /** The text of a value tick; only the top one has a unit. */
  readonly formatValue: (value: number, top: boolean) => string;
  readonly lines: readonly ChartLine<Point>[];
  /** Between these the first line may truly lie. */
  readonly band?: (point: Point) => readonly [number, number] | null;
  readonly limit?: {
    readonly value: number;
    readonly words: string;
    /** Above this a limited line is in the state: its error bound is taken off. */
    readonly over: number;
    readonly ink: string;
    readonly wordInk: string;
  };
  /** Stretches that are not stored, in ms. */
  readonly holes: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly tip: (point: Point) => ReactNode;
  /** Charts with the same one share their crosshair. */
  readonly syncId: string;
}

const MARGIN = { top: 10, right: 44, bottom: 4, left: 8 };
const AXIS_TEXT = { fontSize: 11, fill: 'var(--fg-2)', fontFamily: 'var(--ff-mono)', letterSpacing: '-0.01em' };
/** A hole narrower than this share of the range is still drawn this wide: it must be seen. */
const LEAST_HOLE = 0.006;

/**
 * The one way charts over time are drawn: hairlines across, ticks in mono, ink lines with their names at the end, holes
 * hatched, one crosshair that pointer and arrow keys move.
 */
export function TimeChart<Point extends { readonly atMs: number }>(props: TimeChartProps<Point>) {
  const { points, width, height, fromMs, toMs, timeTicks, valueTicks, formatTime, formatValue, lines, band, limit } =
    props;
  const ink = useId();
  const top = valueTicks.at(-1) ?? 1;
  return (
    <ComposedChart
      data={[...points]}
      width={width}
      height={height}
      margin={MARGIN}
      syncId={props.syncId}
      syncMethod="value"
      accessibilityLayer
    >
      <CartesianGrid vertical={false} stroke="var(--line-1)" />
      <XAxis
        dataKey="atMs"
        type="number"
        domain={[fromMs, toMs]}
        ticks={[...timeTicks]}
        tickFormatter={formatTime}
        axisLine={false}
        tickLine={false}
        interval={0}
        allowDataOverflow
        height={20}
        tick={AXIS_TEXT}
      />
      <YAxis
        type="number"
        domain={[0, top]}
        ticks={[...valueTicks]}
        tickFormatter={(value: number) => formatValue(value, value === top)}
        axisLine={false}
        tickLine={false}
        interval={0}
        allowDataOverflow
        width={58}
        tick={AXIS_TEXT}
      />
      {limit === undefined ? null : <LimitInk id={ink} over={limit.over} ink={limit.ink} />}
      {props.holes.map((hole) => {
        const least = Math.max(hole.toMs, hole.fromMs + LEAST_HOLE * (toMs - fromMs));
        return (
          <ReferenceArea
            key={hole.fromMs}
            x1={Math.max(fromMs, hole.fromMs)}
            x2={Math.min(toMs, least)}
            fill={HATCH}
            fillOpacity={1}
            stroke="none"
          />
        );
      })}
      {limit === undefined || limit.value > top ? null : (
        <ReferenceLine
          y={limit.value}
          stroke="var(--fg-0)"
          strokeDasharray="2 2"
          label={{ value: limit.words, position: 'insideBottomRight', ...AXIS_TEXT, fill: 'var(--fg-1)' }}
        />
      )}
      {band === undefined ? null : (
        <Area
          dataKey={(point: Point) => band(point)}
          type="linear"
          stroke="none"
          fill={limit === undefined ? 'var(--fg-0)' : `url(#${ink})`}
          fillOpacity={0.28}
          connectNulls={false}
          isAnimationActive={false}
          activeDot={false}
          tooltipType="none"
        />
      )}
      {lines.map((line) => (
        <Line
          key={line.key}
          dataKey={line.value}
          type="linear"
          stroke={line.limited === true && limit !== undefined ? `url(#${ink})` : line.ink}
          strokeWidth={line.width}
          {...(line.dash === undefined ? {} : { strokeDasharray: line.dash })}
          dot={lonely(points, line)}
          activeDot={false}
          connectNulls={false}
          isAnimationActive={false}
        />
      ))}
      <EndLabels points={points} lines={lines} over={limit} x={width - MARGIN.right + 6} />
      <Tooltip
        cursor={{ stroke: 'var(--fg-2)', strokeWidth: 1 }}
        isAnimationActive={false}
        content={({ active, payload }) => {
          const point: unknown = payload?.[0]?.payload;
          return active === true && isPoint<Point>(point) ? <div className="tip">{props.tip(point)}</div> : null;
        }}
      />
    </ComposedChart>
  );
}

/** The chart hands back the points it was given, so what has a time is one of them. */
function isPoint<Point>(value: unknown): value is Point {
  return typeof value === 'object' && value !== null && 'atMs' in value;
}

/**
 * Ink that is the state's above `over` and plain below it, in the chart's own coordinates: two flat colours that meet at
 * one height, so that a line changes exactly where it crosses.
 */
function LimitInk({ id, over, ink }: { id: string; over: number; ink: string }) {
  const y = useYAxisScale()?.(over) ?? 0;
  return (
    <defs>
      <linearGradient id={id} gradientUnits="userSpaceOnUse" x1="0" x2="0" y1={y - 1000} y2={y + 1000}>
        <stop offset="0.5" stopColor={ink} />
        <stop offset="0.5" stopColor="var(--fg-0)" />
      </linearGradient>
    </defs>
  );
}

/** The name of each line beside its last point. */
function EndLabels<Point>({
  points,
  lines,
  over,
  x,
}: {
  points: readonly Point[];
  lines: readonly ChartLine<Point>[];
  over: TimeChartProps<Point & { atMs: number }>['limit'];
  x: number;
}) {
  const scale = useYAxisScale();
  if (scale === undefined) return null;
  const ends = lines.flatMap((line) => {
    const last = points.findLast((point) => line.value(point) !== null);
    const value = last === undefined ? null : line.value(last);
    const y = value === null ? undefined : scale(value);
    if (line.label === undefined || y === undefined || value === null) return [];
    const state = line.limited === true && over !== undefined && value > over.over;
    return [{ y, text: line.label, ink: state ? over.wordInk : line.ink, bold: line.width >= 2 }];
  });
  const ys = spreadLabels(ends.map(({ y }) => y));
  return (
    <g>
      {ends.map(({ text, ink, bold }, index) => (
        <text key={text} x={x} y={(ys[index] ?? 0) + 4} {...AXIS_TEXT} fill={ink} fontWeight={bold ? 600 : 400}>
          {text}
        </text>
      ))}
    </g>
  );
}

/** A point between two gaps is in no line: it is drawn as a dot. */
function lonely<Point>(points: readonly Point[], line: ChartLine<Point>) {
  const alone = new Set(
    points.flatMap((_, index) => {
      const has = (at: number) => {
        const other = points[at];
        return other !== undefined && line.value(other) !== null;
      };
      return has(index) && !has(index - 1) && !has(index + 1) ? [index] : [];
    }),
  );
  if (alone.size === 0) return false;
  return ({ cx, cy, index }: { cx?: number; cy?: number; index?: number }) =>
    index !== undefined && alone.has(index) && cx !== undefined && cy !== undefined ? (
      <circle key={index} cx={cx} cy={cy} r={Math.max(1, line.width * 0.75)} fill={line.ink} />
    ) : (
      <g key={index} />
    );
}
