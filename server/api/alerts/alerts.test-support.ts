import { createOwnership } from '../../model/ownership.ts';
import type { ApiDeps } from '../api-deps.ts';

const refuse = () => Promise.reject(new Error('there are no alerts here'));

/** What an API has of alerts where there are none. */
export const NO_ALERTS: Pick<ApiDeps, 'alerts' | 'alertHistory' | 'ownership'> = {
  alerts: {
    overview: async () => ({
      ...{ alerts: [], moreAlerts: false, rules: [], silences: [], acknowledgements: [] },
      ...{ transitions: [], more: false, evaluatedAt: null },
    }),
    alert: async () => null,
    rules: async () => ({ rules: [], health: new Map(), counts: new Map() }),
    createRule: refuse,
    changeRule: refuse,
    removeRule: refuse,
    acknowledge: refuse,
    silences: async () => [],
    createSilence: refuse,
    endSilence: async () => false,
    resolveQueue: async () => null,
  },
  alertHistory: {
    load: async () => ({
      basis: 'There is no history here.',
      stepMs: 300_000,
      at: null,
      eventTypes: async () => new Set(),
    }),
  },
  ownership: createOwnership({ owners: [], systems: [] }),
};
