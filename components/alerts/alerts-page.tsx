'use client';

import { type ReactNode, useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { AlertList, AlertRuleList } from '@/server/model/alert-wire.ts';
import type { DeliveryList, ReceiverList, ReceiverWire } from '@/server/model/delivery-wire.ts';
import { AlertDetail } from './alert-detail.tsx';
import { AlertsTable } from './alerts-table.tsx';
import { alertsVerdict, fires, rowsOf } from './alerts-words.ts';
import { DeliveryLog } from './delivery-log.tsx';
import { ReceiversPanel } from './receivers-panel.tsx';
import { RuleForm } from './rule-form.tsx';
import { HandledForm, SilenceForm, TakeForm } from './silence-form.tsx';

const POLL_MS = 3_000;

/** One answer of the API, asked again every few seconds: alerts change without any event coming in. */
function usePolled<T>(path: string) {
  return useLiveData<T>({
    query: path,
    initial: LOADING,
    load: (signal) => fetchApi<T>(path, signal),
    everyMs: POLL_MS,
    pollMs: POLL_MS,
  });
}

type Open = 'take' | 'silence' | 'handled' | 'new rule' | 'edit rule' | null;

/** What fires, since when, whom it told and who has taken it; below it receivers, the rule and every try. */
export function AlertsPage() {
  const alerts = usePolled<AlertList>('/api/v1/alerts');
  const rules = usePolled<AlertRuleList>('/api/v1/alert-rules');
  const receivers = usePolled<ReceiverList>('/api/v1/receivers');
  const deliveries = usePolled<DeliveryList>('/api/v1/deliveries?limit=50');
  const [selected, select] = useSelection('alert');
  const [open, setOpen] = useState<Open>(null);
  const list = alerts.data.value;
  const rows = list === null ? [] : rowsOf(list.alerts, rules.data.value?.rules ?? []);
  useRowKeys(
    rows.map(({ key }) => key),
    selected,
    select,
  );
  const row = rows.find(({ key }) => key === selected) ?? rows[0];
  const alert = row?.alert ?? null;
  const firing = alert !== null && fires(alert) ? alert : null;
  useKeys({
    c: () => firing !== null && setOpen('take'),
    m: () => firing !== null && setOpen('silence'),
    n: () => setOpen('new rule'),
  });
  if (list === null) {
    return alerts.data.kind === 'failed' ? (
      <PanelFailed what="The alerts" problem={alerts.data.problem} onRetry={alerts.refresh} />
    ) : (
      <LoadingRows rows={14} height={30} />
    );
  }
  const changed = () => {
    for (const { refresh } of [alerts, rules, receivers, deliveries]) refresh();
  };
  const done = (sent: boolean) => {
    setOpen(null);
    if (sent) changed();
  };
  const names = receivers.data.value?.receivers.map(({ name }) => name) ?? [];
  const troubled = [alerts, rules, receivers, deliveries].find(({ data }) => data.kind === 'failed');
  return (
    <div className="docked al">
      <Said list={list} receivers={receivers.data.value?.receivers ?? []}>
        <div className="al-acts">
          <button type="button" className="ctl on" disabled={firing === null} onClick={() => setOpen('take')}>
            Take it <kbd>c</kbd>
          </button>
          <button type="button" className="ctl" disabled={firing === null} onClick={() => setOpen('silence')}>
            Silence <kbd>m</kbd>
          </button>
          <button type="button" className="ctl" onClick={() => setOpen('new rule')}>
            New rule <kbd>n</kbd>
          </button>
        </div>
      </Said>
      {troubled?.data.problem == null ? null : <KeptNote problem={troubled.data.problem} onRetry={changed} />}
      <div className="docked-rows">
        <AlertsTable list={list} rows={rows} selected={selected} onSelect={select} />
        <p className="al-key note">
          <i className="fired" /> firing, in the ink of what it watches <i className="waits" /> pending{' '}
          <i className="lost" /> no data, never counted as fine
        </p>
      </div>
      <section
        className={`dock parts al-dock ${row?.key === selected && row !== undefined ? 'sheet' : ''}`}
        aria-label="Selected alert"
      >
        <ReceiversPanel receivers={receivers.data.value?.receivers ?? null} onChanged={changed} />
        {row === undefined ? (
          <p className="note px-5 py-3">No rule is known yet.</p>
        ) : (
          <AlertDetail
            key={row.key}
            row={row}
            transitions={list.transitions}
            onEdit={() => setOpen('edit rule')}
            onHandled={() => setOpen('handled')}
            onClose={() => select(null)}
            onChanged={changed}
          />
        )}
        <DeliveryLog list={deliveries.data.value} onChanged={changed} />
      </section>
      {open === 'take' && firing !== null ? <TakeForm alert={firing} onDone={done} /> : null}
      {open === 'silence' && firing !== null ? <SilenceForm alert={firing} onDone={done} /> : null}
      {open === 'handled' && alert !== null ? <HandledForm alert={alert} onDone={done} /> : null}
      {open === 'new rule' ? <RuleForm rule={null} receivers={names} onDone={done} /> : null}
      {open === 'edit rule' && row?.rule != null ? (
        <RuleForm rule={row.rule.written} receivers={names} onDone={done} />
      ) : null}
    </div>
  );
}

/** What fires, and who was not reached. */
function Said({
  list,
  receivers,
  children,
}: {
  list: AlertList;
  receivers: readonly ReceiverWire[];
  children: ReactNode;
}) {
  const { mark, sentence } = alertsVerdict(list);
  const unreached = receivers.filter(({ dead, disabled }) => dead > 0 || disabled !== null);
  return (
    <Verdict mark={mark} sentence={sentence} className="al-head" aside={children}>
      {unreached.length > 0 ? (
        <p>
          Not reached:{' '}
          {unreached.slice(0, 5).map(({ name }, i) => (
            <span key={name}>
              {i > 0 ? ', ' : ''}
              <Identifier text={name} className="m f0" />
            </span>
          ))}
          .
        </p>
      ) : receivers.length === 0 ? (
        <p>No receiver is declared: nobody is told.</p>
      ) : null}
    </Verdict>
  );
}
