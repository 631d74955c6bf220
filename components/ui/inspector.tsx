import type { ReactNode } from 'react';

/** The column that looks into one selected thing: name, facts, tabs. */
export function Inspector({
  title,
  aside,
  sheet,
  label = 'Selected event',
  children,
}: {
  title: ReactNode;
  aside: ReactNode;
  /** On a narrow screen it covers the page. */
  sheet: boolean;
  label?: string;
  children: ReactNode;
}) {
  return (
    <aside className={`side ${sheet ? 'sheet' : ''}`} aria-label={label}>
      <div className="sec" style={{ height: 40 }}>
        <h3 className="el m font-semibold">{title}</h3>
        <span className="sp">{aside}</span>
      </div>
      {children}
    </aside>
  );
}

/** A name and its value in a list of facts. */
export function Fact({ name, mono = false, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={mono ? 'm' : ''}>{children}</dd>
    </>
  );
}
