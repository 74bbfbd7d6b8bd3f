import { GifReader } from 'omggif';
import { PNG } from 'pngjs';
import type { Picture } from './model.ts';
import { jpegFrame } from './picture.ts';

/**
 * A picture as PDF/A-1 takes it: no transparency, grey or RGB. JPEG stays as it is; PNG and the first image of a GIF are
 * laid on white. Null when it cannot be: damaged, or a JPEG in four inks.
 */
export function pictureForPdf({ type, bytes, width, height }: Picture): Buffer | null {
  try {
    if (type === 'jpeg') return (jpegFrame(bytes)?.components ?? 4) <= 3 ? bytes : null;
    return opaque(type === 'png' ? pngPixels(bytes) : gifPixels(bytes, width, height), width, height);
  } catch {
    return null;
  }
}

/** RGBA. */
function pngPixels(bytes: Buffer): Uint8Array {
  return PNG.sync.read(bytes).data;
}

function gifPixels(bytes: Buffer, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 4);
  new GifReader(bytes).decodeAndBlitFrameRGBA(0, pixels);
  return pixels;
}

function opaque(pixels: Uint8Array, width: number, height: number): Buffer {
  const flat = new PNG({ width, height });
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3]! / 255;
    for (let one = at; one < at + 3; one += 1)
      flat.data[one] = Math.round(pixels[one]! * alpha + 255 * (1 - alpha));
    flat.data[at + 3] = 255;
  }
  return PNG.sync.write(flat, { colorType: 2, inputHasAlpha: true });
}
