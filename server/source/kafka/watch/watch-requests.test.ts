import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { describeConfigsRequest } from './describe-configs-request.ts';
import { describeConsumerGroupsRequest } from './describe-consumer-groups-request.ts';
import { describeGroupsRequest } from './describe-groups-request.ts';
import { fetchOffsetsRequests } from './fetch-offsets-request.ts';
import { findCoordinatorsRequests } from './find-coordinators-request.ts';
import { listGroupsRequest } from './list-groups-request.ts';

/** Requests and answers byte by byte, as Kafka's message definitions write them. */
const bytes = (write: (to: ByteWriter) => unknown): Buffer => {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBuffer();
};

describe('listGroupsRequest', () => {
  it('asks a broker of today for all states and types', () => {
    const request = listGroupsRequest(5);
    // header tags, no state filter, no type filter, tags
    expect([request.apiVersion, request.body.toString('hex')]).toEqual([5, '00010100']);
    const answer = bytes((to) =>
      to
        .tags(true)
        .int32(0)
        .int16(0)
        .array(['a'], true, (group) =>
          to.string(group, true).string('consumer', true).string('Stable', true).string('Consumer', true).tags(true),
        )
        .tags(true),
    );
    expect(request.decode(answer)).toEqual({
      errorCode: 0,
      groups: [{ group: 'a', protocolType: 'consumer', state: 'Stable', type: 'consumer' }],
    });
  });

  it('asks an old broker for less', () => {
    const request = listGroupsRequest(2);
    expect([request.apiVersion, request.body.length]).toEqual([2, 0]);
    const answer = bytes((to) =>
      to
        .int32(0)
        .int16(14)
        .array(['a'], false, (group) => to.string(group).string('')),
    );
    expect(request.decode(answer)).toEqual({
      errorCode: 14,
      groups: [{ group: 'a', protocolType: '', state: null, type: null }],
    });
    expect(listGroupsRequest(4).body.toString('hex')).toBe('000100');
  });
});

describe('describeConfigsRequest', () => {
  it('asks for a few values of each topic, and reads topics that may not be described beside the others', () => {
    const request = describeConfigsRequest(['a', 'b'], ['retention.ms']);
    const asked = new ByteReader(request.body);
    const topics = asked.array(false, () => [asked.int8(), asked.string(), asked.array(false, () => asked.string())]);
    expect([topics, asked.int8()]).toEqual([
      [
        [2, 'a', ['retention.ms']],
        [2, 'b', ['retention.ms']],
      ],
      0,
    ]);
    const answer = bytes((to) =>
      to.int32(0).array([0, 29], false, (errorCode) => {
        to.int16(errorCode)
          .nullableString(null)
          .int8(2)
          .string(errorCode === 0 ? 'a' : 'b');
        to.array(errorCode === 0 ? ['604800000'] : [], false, (value) =>
          to
            .string('retention.ms')
            .nullableString(value)
            .int8(0)
            .int8(5)
            .int8(0)
            .array([], false, () => to),
        );
      }),
    );
    expect(request.decode(answer)).toEqual([
      { topic: 'a', errorCode: 0, values: new Map([['retention.ms', '604800000']]) },
      { topic: 'b', errorCode: 29, values: new Map() },
    ]);
  });
});

describe('describeGroupsRequest', () => {
  it('reads members of each version it speaks', () => {
    for (const version of [0, 1, 2, 3, 4, 5, 6]) {
      const flexible = version >= 5;
      const request = describeGroupsRequest(['g'], version);
      const answer = bytes((to) => {
        to.tags(flexible);
        if (version >= 1) to.int32(0);
        to.array(['g'], flexible, (group) => {
          to.int16(0);
          if (version >= 6) to.nullableString(null, flexible);
          to.string(group, flexible).string('Stable', flexible).string('consumer', flexible).string('range', flexible);
          to.array(['m'], flexible, (member) => {
            to.string(member, flexible);
            if (version >= 4) to.nullableString(null, flexible);
            to.string('client', flexible).string('/10.0.0.1', flexible);
            for (let blob = 0; blob < 2; blob += 1) {
              if (flexible) to.uvarint(3);
              else to.int32(2);
              to.int16(7);
            }
            to.tags(flexible);
          });
          if (version >= 3) to.int32(0);
          to.tags(flexible);
        });
        to.tags(flexible);
      });
      expect(request.apiVersion).toBe(version);
      expect(request.decode(answer)).toEqual([
        {
          ...{ group: 'g', errorCode: 0, state: 'Stable' },
          members: [{ clientId: 'client', host: '/10.0.0.1', instanceId: null }],
        },
      ]);
    }
  });
});

describe('describeConsumerGroupsRequest', () => {
  it('skips what members are assigned', () => {
    for (const version of [0, 1]) {
      const assignment = (to: ByteWriter): void => {
        to.array(['t'], true, (topic) => {
          to.uuid(null)
            .string(topic, true)
            .array([0, 1], true, (index) => to.int32(index))
            .tags(true);
        }).tags(true);
      };
      const answer = bytes((to) => {
        to.tags(true).int32(0);
        to.array(['g'], true, (group) => {
          to.int16(0).nullableString(null, true).string(group, true).string('Stable', true).int32(3).int32(3);
          to.string('uniform', true).array(['m'], true, (member) => {
            to.string(member, true).nullableString('static', true).nullableString(null, true).int32(3);
            to.string('client', true)
              .string('/::1', true)
              .array(['t'], true, (topic) => to.string(topic, true));
            to.nullableString(null, true);
            assignment(to);
            assignment(to);
            if (version === 1) to.int8(1);
            to.tags(true);
          });
          to.int32(0).tags(true);
        });
        to.tags(true);
      });
      expect(describeConsumerGroupsRequest(['g'], version).decode(answer)).toEqual([
        {
          ...{ group: 'g', errorCode: 0, state: 'Stable' },
          members: [{ clientId: 'client', host: '/::1', instanceId: 'static' }],
        },
      ]);
    }
  });
});

describe('findCoordinatorsRequests', () => {
  it('asks for many groups at once where the broker can', () => {
    const [request, ...others] = findCoordinatorsRequests(['a', 'b'], 6);
    expect(others).toEqual([]);
    expect(request?.body.toString('hex')).toBe('0000030261026200');
    const answer = bytes((to) =>
      to
        .tags(true)
        .int32(0)
        .array(['a', 'b'], true, (group) => {
          to.string(group, true)
            .int32(2)
            .string('host', true)
            .int32(9092)
            .int16(group === 'a' ? 0 : 15);
          to.nullableString(null, true).tags(true);
        })
        .tags(true),
    );
    expect(request?.decode(answer)).toEqual([
      { group: 'a', nodeId: 2, errorCode: 0 },
      { group: 'b', nodeId: 2, errorCode: 15 },
    ]);
  });

  it('asks an older broker one by one', () => {
    for (const version of [0, 1, 2, 3]) {
      const requests = findCoordinatorsRequests(['a', 'b'], version);
      expect(requests).toHaveLength(2);
      const flexible = version >= 3;
      const answer = bytes((to) => {
        to.tags(flexible);
        if (version >= 1) to.int32(0);
        to.int16(0);
        if (version >= 1) to.nullableString(null, flexible);
        to.int32(7).string('host', flexible).int32(9092).tags(flexible);
      });
      expect(requests[1]?.decode(answer)).toEqual([{ group: 'b', nodeId: 7, errorCode: 0 }]);
    }
  });
});

describe('fetchOffsetsRequests', () => {
  const topics = (to: ByteWriter, version: number): void => {
    const flexible = version >= 6;
    to.array(['t'], flexible, (topic) => {
      to.string(topic, flexible).array([4, 5], flexible, (partition) => {
        to.int32(partition).int64(partition === 4 ? 9_007_199_254_740_993n : -1n);
        if (version >= 5) to.int32(-1);
        to.nullableString(null, flexible).int16(0).tags(flexible);
      });
      to.tags(flexible);
    });
  };
  const offsets = [
    { topic: 't', partition: 4, errorCode: 0, offset: 9_007_199_254_740_993n },
    { topic: 't', partition: 5, errorCode: 0, offset: -1n },
  ];

  it('asks for a hundred groups in one request where the broker can', () => {
    for (const version of [8, 9]) {
      const groups = Array.from({ length: 250 }, (_, index) => `g${index}`);
      expect(fetchOffsetsRequests(groups, version)).toHaveLength(3);
      const [request] = fetchOffsetsRequests(['g'], version + (version === 9 ? 1 : 0));
      expect(request?.apiVersion).toBe(version);
      const answer = bytes((to) => {
        to.tags(true).int32(0);
        to.array(['g', 'denied'], true, (group) => {
          to.string(group, true);
          if (group === 'g') topics(to, version);
          else to.array([], true, () => undefined);
          to.int16(group === 'g' ? 0 : 30).tags(true);
        });
        to.tags(true);
      });
      expect(request?.decode(answer)).toEqual([
        { group: 'g', errorCode: 0, offsets },
        { group: 'denied', errorCode: 30, offsets: [] },
      ]);
    }
    // header tags, one group, its id, no member, epoch −1, all topics, tags; not only stable offsets; tags
    expect(fetchOffsetsRequests(['g'], 9)[0]?.body.toString('hex')).toBe('0002026700ffffffff00000000');
  });

  it('asks an older broker one by one', () => {
    for (const version of [2, 3, 4, 5, 6, 7]) {
      const [request, ...others] = fetchOffsetsRequests(['g', 'h'], version);
      expect(others).toHaveLength(1);
      const answer = bytes((to) => {
        to.tags(version >= 6);
        if (version >= 3) to.int32(0);
        topics(to, version);
        to.int16(0).tags(version >= 6);
      });
      expect(request?.decode(answer)).toEqual([{ group: 'g', errorCode: 0, offsets }]);
    }
  });

  it('throws on bytes that end too early, and makes no endless list of them', () => {
    const [request] = fetchOffsetsRequests(['g'], 9);
    expect(() => request?.decode(Buffer.from('0000000000ffffffff0f', 'hex'))).toThrow(/array claims|too early/);
    expect(new ByteReader(Buffer.from([0])).uvarint()).toBe(0);
  });
});
