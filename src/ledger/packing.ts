import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Beyond this, compressing on the caller's thread would hold it; below, handing over costs more than it saves. */
const SMALL_BYTES = 32 * 1024;

const options = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** The form in which bodies and personal values are stored: zstd, then encrypted. */
export async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  return bytes.length <= SMALL_BYTES ? zstdCompressSync(bytes, options) : compress(bytes, options);
}

export async function unpackAsync(packed: Uint8Array): Promise<Buffer> {
  return packed.length <= SMALL_BYTES ? zstdDecompressSync(packed) : decompress(packed);
}

export function unpack(packed: Uint8Array): Buffer {
  return zstdDecompressSync(packed);
}
