import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('options of a demo process', () => {
  it('come from the arguments, and brokers from KAFKA_BROKERS when none are given', () => {
    const args = ['--without', 'answer', '--without', 'persist', '--poison', '--truth', 't.ndjson', '--rate', '12'];
    expect(readOptions(args, { KAFKA_BROKERS: 'a:1, b:2,' })).toEqual({
      ok: true,
      options: {
        brokers: ['a:1', 'b:2'],
        without: ['answer', 'persist'],
        wrongProducer: false,
        poison: true,
        truthFile: 't.ndjson',
        perMinute: 12,
      },
    });
  });

  it.each([
    [[], 'No Kafka address'],
    [['--brokers', 'a:1', '--rate', 'abc'], '--rate abc'],
    [['--brokers', 'a:1', '--rate', '0'], '--rate 0'],
    [['--brokers', 'a:1', '--without', 'tap'], '--without tap'],
    [['--brokers', 'a:1', '--nonsense'], '--nonsense'],
  ])('refuse %j with a sentence', (args, sentence) => {
    const answer = readOptions(args, {});
    expect(answer.ok ? '' : answer.reason).toContain(sentence);
  });
});
