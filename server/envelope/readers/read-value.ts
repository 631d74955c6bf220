import type { Json } from '../../model/json.ts';
import type { ReaderName } from '../../model/rule-text.ts';
import { isEnvironment, readTopicName } from '../../model/topic-name.ts';
import { datadogId, datadogPathwayTime } from './datadog.ts';
import { dotnetType, uriName, urnName } from './framework-names.ts';
import { b3Part, jaegerPart, skywalkingService, skywalkingTraceId, w3cPart } from './trace-headers.ts';

/** What a reader makes of a value, before the field looks at it; null for nothing. Total. */
export type Reader = (value: Json) => Json;

/** The readers that rules name with `as`. */
export const READERS: Readonly<Record<ReaderName, Reader>> = {
  'w3c-trace-id': ofText((text) => w3cPart(text, 1)),
  'w3c-span-id': ofText((text) => w3cPart(text, 2)),
  'b3-trace-id': ofText((text) => b3Part(text, 0)),
  'b3-span-id': ofText((text) => b3Part(text, 1)),
  'b3-parent-span-id': ofText((text) => b3Part(text, 3)),
  'jaeger-trace-id': ofText((text) => jaegerPart(text, 0)),
  'jaeger-span-id': ofText((text) => jaegerPart(text, 1)),
  'jaeger-parent-span-id': ofText((text) => jaegerPart(text, 2)),
  'elastic-trace-id': ofText((text) => w3cPart(text, 1)),
  'elastic-span-id': ofText((text) => w3cPart(text, 2)),
  'skywalking-trace-id': ofText(skywalkingTraceId),
  'skywalking-service': ofText(skywalkingService),
  'datadog-trace-id': datadogId,
  'datadog-span-id': datadogId,
  'datadog-pathway-time': ofText(datadogPathwayTime),
  'uri-name': ofText(uriName),
  'urn-name': ofText(urnName),
  'dotnet-type': ofText(dotnetType),
  'topic-type': ofText((text) => readTopicName(text).type),
  'topic-service': ofText((text) => readTopicName(text).service),
  'bus-source': ofText((text) => (isEnvironment(text) ? null : text)),
};

function ofText(read: (text: string) => string | number | null): Reader {
  return (value) => (typeof value === 'string' ? read(value) : null);
}
