import { formatAge } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { WhoseWire } from '@/server/model/owner-wire.ts';
import type { StallGroup, StallList, StallPair, StallWire } from '@/server/model/stall-wire.ts';
import type { Words } from './sentence-words.ts';

/** Where the traces are that stopped. */
export const STALLED_TRACES = '/traces?status=stalled';

/** What a stop at one step is called: the flow, and the step after which nothing comes. */
export function stopSentence({ basis, step }: StallPair): readonly Words[] {
  return [t(basis.flow === null ? 'Traces stop after ' : `${basis.flow} stops after `), m(step.event_type)];
}

/** How many wait for what, by whom, since when; who should have acted; whose it is. */
export function stopDetail(pair: StallPair, list: Pick<StallList, 'more'>, nowMs: number): readonly Words[] {
  const { count, missing, since } = pair;
  return [
    { text: `${list.more ? '≥ ' : ''}${formatCount(count)}`, mono: true, href: STALLED_TRACES },
    t(count === 1 ? ' trace waits for ' : ' traces wait for '),
    m(missing.event_type),
    ...(missing.service === null ? [] : [t(' by '), t(missing.service)]),
    t(', the oldest for '),
    m(formatAge(nowMs - instantMs(since))),
    t(', since '),
    m(formatInstant(instantMs(since), nowMs)),
    t('. '),
    ...groupWords(pair),
    t(' '),
    ...ownerWords(pair.whose, pair.step.topic),
  ];
}

/** The group that should have acted, and what keeps it. */
export function groupWords({ groups, step }: Pick<StallWire, 'groups' | 'step'>): readonly Words[] {
  const own = groups.find(({ of_service }) => of_service);
  if (own !== undefined) return [t('Its group '), m(own.group), t(` ${stateOf(own)}.`)];
  return groups.length === 0
    ? [t('No group reads '), m(step.topic), t('.')]
    : [
        t('No group of that name reads '),
        m(step.topic),
        t(`; ${formatCounted(groups.length, 'other group')} ${groups.length === 1 ? 'does' : 'do'}.`),
      ];
}

function stateOf({ state, members, lag }: StallGroup): string {
  const behind = lag === null || lag === '0' ? '' : `${formatCounted(lag, 'record')} behind`;
  switch (state) {
    case 'absent':
      return 'was never seen';
    case 'silent':
      return behind === '' ? 'has no members' : `has no members, ${behind}`;
    case 'unknown':
      return 'cannot be described';
    case 'active': {
      const many = formatCounted(members ?? 0, 'member');
      return behind === '' ? `has ${many} and has read everything` : `has ${many}, ${behind}`;
    }
  }
}

/** Whom to call; that nobody owns it is said too. */
export function ownerWords({ service, owner }: WhoseWire, topic: string): readonly Words[] {
  if (owner === null) return [service === null ? m(topic) : t(service), t(' has no owner.')];
  const contact = owner.contact === null ? [] : [t(', '), m(owner.contact)];
  return [t('Its owner is '), t(owner.team), ...contact, t('.')];
}

function t(text: string): Words {
  return { text };
}

function m(text: string): Words {
  return { text, mono: true };
}
