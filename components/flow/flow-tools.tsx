'use client';

import { FilterInput } from '@/components/ui/filter-input.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { FlowState } from '@/server/model/flow-wire.ts';
import type { FlowGraph, FlowView } from './flow-graph.ts';

interface FlowToolsProps {
  readonly said: { readonly mark: FlowState; readonly sentence: string };
  readonly graph: FlowGraph;
  readonly view: FlowView;
  readonly onView: (view: FlowView) => void;
  readonly asTable: boolean;
  readonly onTable: (asTable: boolean) => void;
  readonly inferred: boolean;
  readonly onInferred: (shown: boolean) => void;
  /** Name of what the map is in focus of. */
  readonly focus: string | null;
  readonly onWhole: () => void;
  readonly find: string;
  readonly onFind: (text: string | null) => void;
}

const VIEWS: readonly (readonly [FlowView, string])[] = [
  ['topics', 'Services and topics'],
  ['services', 'Services'],
];

/** The verdict, and what of the map is shown in which way. */
export function FlowTools(props: FlowToolsProps) {
  const { said, graph, focus } = props;
  return (
    <div className="tools flow-tools">
      <h2 aria-live="polite">
        <StateMark kind={said.mark} />
        <span>{said.sentence}</span>
      </h2>
      <span className="sp phone-off" />
      <fieldset className="seg">
        <legend className="sr-only">What is drawn</legend>
        {VIEWS.map(([view, words]) => (
          <button key={view} type="button" aria-pressed={view === props.view} onClick={() => props.onView(view)}>
            {words}
          </button>
        ))}
      </fieldset>
      <fieldset className="seg">
        <legend className="sr-only">How it is shown</legend>
        <button type="button" aria-pressed={!props.asTable} onClick={() => props.onTable(false)}>
          Map
        </button>
        <button type="button" aria-pressed={props.asTable} onClick={() => props.onTable(true)}>
          Table <kbd className="bare">t</kbd>
        </button>
      </fieldset>
      {focus === null ? null : (
        <button type="button" className="ctl" onClick={props.onWhole} title="The whole map">
          <span className="f2">focus</span> <Identifier text={focus} className="m f0 el max-w-40" />
          <span className="m">
            {formatCount(graph.nodes.length)} of {formatCount(graph.total)}
          </span>
          ×
        </button>
      )}
      <button
        type="button"
        className="ctl"
        aria-pressed={props.inferred}
        onClick={() => props.onInferred(!props.inferred)}
      >
        Inferred edges <span className="m">{props.inferred ? 'on' : 'off'}</span>
      </button>
      <FilterInput
        label="Find on the map"
        placeholder="Find on map"
        value={props.find}
        onChange={(text) => props.onFind(text === '' ? null : text)}
        width="w-[170px]"
      />
    </div>
  );
}
