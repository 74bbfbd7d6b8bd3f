import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Beyond this, compressing on the caller's thread would hold it; below, handing over costs twice the work itself. */
const SMALL_BYTES = 256 * 1024;
/** The same for what is unpacked: documents shrink to a seventh. */
const SMALL_PACKED_BYTES = 48 * 1024;

/** Level 3 takes a third longer and makes documents 2 % smaller. */
const LEVEL = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Least and most bytes of the pieces in which zstd writes, and about how much it shrinks our values. */
const PIECE = { least: 4 * 1024, most: 512 * 1024, ratio: 8 };

/**
 * The form in which bodies and personal values are stored: zstd, then encrypted. The result owns its memory, to the byte,
 * so that it can be handed to another thread.
 */
export async function pack(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const options = { params: LEVEL, pledgedSrcSize: bytes.length, chunkSize: piece(bytes.length / 4) };
  const packed =
    bytes.length <= SMALL_BYTES ? zstdCompressSync(bytes, options) : await compress(bytes, options);
  return Uint8Array.from(packed);
}

export async function unpackAsync(packed: Uint8Array): Promise<Buffer> {
  return packed.length <= SMALL_PACKED_BYTES ? unpack(packed) : decompress(packed, unpacking(packed));
}

export function unpack(packed: Uint8Array): Buffer {
  return zstdDecompressSync(packed, unpacking(packed));
}

/** With the platform's pieces of 64 KB, a value of 2 KB would hold 64 KB until the next garbage collection, and bring that on. */
function piece(bytes: number): number {
  return Math.min(PIECE.most, Math.max(PIECE.least, Math.ceil(bytes)));
}

function unpacking(packed: Uint8Array): { chunkSize: number } {
  return { chunkSize: piece(packed.length * PIECE.ratio) };
}
