import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { compress } from 'snappy';
import { DECOMPRESSED_CAP_BYTES, decompress } from '../../../server/source/kafka/wire/decompress.ts';

// Some of kafkajs's names are found only through its default export.
const { CompressionCodecs, CompressionTypes } = kafkajs;

const CODEC = { snappy: 2, lz4: 3, zstd: 4 } as const;

/** What a producer may choose; zstd is left to a topic that the broker compresses itself. */
export const PRODUCER_CODECS = [
  CompressionTypes.None,
  CompressionTypes.GZIP,
  CompressionTypes.Snappy,
  CompressionTypes.LZ4,
] as const;

interface Encoder {
  readonly buffer: Buffer;
}

/** Gives kafkajs the codecs that it only has names for. Every client of this process has them afterwards. */
export function teachCodecs(): void {
  const unpack = (codec: number) => (bytes: Buffer) => decompress(codec, bytes, DECOMPRESSED_CAP_BYTES);
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: ({ buffer }: Encoder) => compress(buffer),
    decompress: unpack(CODEC.snappy),
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: ({ buffer }: Encoder) => compressFrame(buffer),
    decompress: unpack(CODEC.lz4),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: () => Promise.reject(new Error('nothing here writes zstd')),
    decompress: unpack(CODEC.zstd),
  });
}
