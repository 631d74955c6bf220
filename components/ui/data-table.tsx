'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';

/** One column of a table, as data. */
export interface Column<Row> {
  readonly name: string;
  /** What stands in its head, where that is not the name. */
  readonly head?: ReactNode;
  /** Classes that give its width; without any it takes an even share of what is left. */
  readonly width?: string;
  /** Figures: to the right, in figures of one width. */
  readonly num?: boolean;
  /** Left out on a phone, which has room for three columns. */
  readonly phoneOff?: boolean;
  readonly sorted?: 'ascending' | 'descending';
  /** Classes of its cells. */
  readonly ink?: string | ((row: Row) => string);
  readonly title?: (row: Row) => string | undefined;
  readonly cell: (row: Row) => ReactNode;
}

/** What makes a table a grid: one row is selected, one has the tab stop, and focus follows the selection. */
interface Grid<Row> {
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** Where a row leads that is clicked when selected, or twice. */
  readonly hrefOf?: (row: Row) => string;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly grid?: Grid<Row>;
}

/** Rows of one shape under a head that stays. What to say when there are none is the caller's. */
export function DataTable<Row>({ label, columns, rows, keyOf, grid }: DataTableProps<Row>) {
  const tabbed = rows.find((row) => keyOf(row) === grid?.selected) ?? rows[0];
  return (
    <table className="tbl" aria-label={label} {...(grid === undefined ? {} : { role: 'grid' })}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.name} className={classes(column.width, column.phoneOff && 'phone-off')} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              className={classes(column.num && 'num', column.sorted && 'f0', column.phoneOff && 'phone-off')}
              aria-label={column.head === undefined ? undefined : column.name}
              aria-sort={column.sorted}
            >
              {column.head ?? column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const key = keyOf(row);
          const cells = columns.map((column) => <Cell key={column.name} column={column} row={row} />);
          if (grid === undefined) return <tr key={key}>{cells}</tr>;
          return (
            <GridRow
              key={key}
              id={key}
              selected={key === grid.selected}
              tabbed={row === tabbed}
              href={grid.hrefOf?.(row) ?? null}
              onSelect={grid.onSelect}
            >
              {cells}
            </GridRow>
          );
        })}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const ink = typeof column.ink === 'function' ? column.ink(row) : column.ink;
  return (
    <td className={classes(column.num && 'num', ink, column.phoneOff && 'phone-off')} title={column.title?.(row)}>
      {column.cell(row)}
    </td>
  );
}

interface GridRowProps {
  readonly id: string;
  readonly selected: boolean;
  readonly tabbed: boolean;
  readonly href: string | null;
  readonly onSelect: (key: string) => void;
  readonly children: ReactNode;
}

function GridRow({ id, selected, tabbed, href, onSelect, children }: GridRowProps) {
  const router = useRouter();
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (!selected) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    row.current?.focus({ preventScroll: true });
  }, [selected]);
  return (
    <tr
      ref={row}
      data-row={id}
      aria-selected={selected}
      tabIndex={tabbed ? 0 : -1}
      onClick={(event) => {
        if (event.target instanceof HTMLElement && event.target.closest('a') !== null) return;
        if (selected && href !== null) router.push(href);
        else onSelect(id);
      }}
      onDoubleClick={() => href !== null && router.push(href)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || selected || event.target !== row.current) return;
        event.preventDefault();
        onSelect(id);
      }}
    >
      {children}
    </tr>
  );
}

function classes(...names: readonly (string | false | undefined)[]): string | undefined {
  return names.filter(Boolean).join(' ') || undefined;
}
