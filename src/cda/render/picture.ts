import { cdaLimits } from '../limits.ts';
import type { Picture } from './model.ts';

type Size = Pick<Picture, 'type' | 'width' | 'height'>;

/** What a picture is by its own bytes, whatever the document calls it; null when it is none that is shown. */
export function sizeOf(bytes: Buffer): Size | null {
  return pngSize(bytes) ?? jpegSize(bytes) ?? gifSize(bytes);
}

/** Why a picture is not shown, in French, null when it is. */
export function objection(bytes: Buffer, { width, height }: Size): string | null {
  const { pictureBytes, picturePixels } = cdaLimits;
  if (bytes.length > pictureBytes.value) return 'image trop lourde';
  if (width === 0 || height === 0) return 'image vide';
  return width * height > picturePixels.value ? 'image trop grande' : null;
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function pngSize(bytes: Buffer): Size | null {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG) || bytes.toString('latin1', 12, 16) !== 'IHDR')
    return null;
  return { type: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gifSize(bytes: Buffer): Size | null {
  if (bytes.length < 14 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return null;
  return { type: 'gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

function jpegSize(bytes: Buffer): Size | null {
  const frame = jpegFrame(bytes);
  return frame && { type: 'jpeg', width: frame.width, height: frame.height };
}

export interface JpegFrame {
  width: number;
  height: number;
  /** 1 grey, 3 colours, 4 inks. */
  components: number;
}

/** The frame header of a JPEG (ITU-T T.81, B.2.2): markers C0 to CF but for tables and arithmetic conditioning. */
export function jpegFrame(bytes: Buffer): JpegFrame | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at += 1;
    else if (isFrame(marker))
      return {
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        components: bytes[at + 9]!,
      };
    else at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
