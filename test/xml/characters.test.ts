import { describe, expect, test } from 'vitest';
import { forbiddenCharacter } from '../../src/xml/characters.ts';

describe('a character that XML forbids', () => {
  test('is found at any offset, however the text lies in memory', () => {
    const memory = Buffer.alloc(96, 0x20);
    for (let begin = 0; begin < 5; begin += 1) {
      for (let length = 1; length < 50; length += 1) {
        const text = memory.subarray(begin, begin + length);
        expect(forbiddenCharacter(text)).toBe(-1);
        for (let at = 0; at < length; at += 1) {
          text[at] = 0x0b;
          expect(forbiddenCharacter(text)).toBe(at);
          text[at] = 0x20;
        }
      }
    }
  });

  test.each(Array.from({ length: 0x80 }, (_, code) => code))('U+%i in ASCII', (code) => {
    const isAllowed = code >= 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
    const text = Buffer.from(`${'a'.repeat(20)}${String.fromCharCode(code)}${'é'.repeat(20)}`);
    expect(forbiddenCharacter(text)).toBe(isAllowed ? -1 : 20);
  });

  test.each(['\ufffe', '\uffff'])('beyond ASCII: %j', (character) => {
    expect(forbiddenCharacter(Buffer.from(`é${character}`))).toBe(2);
    expect(forbiddenCharacter(Buffer.from(`${'é'.repeat(20)}${character}`))).toBe(40);
  });
});
