import { limits } from '../words/limits.ts';

export const cdaLimits = limits({
  quoted: {
    value: 80,
    unit: 'characters',
    why: 'a message quotes enough of a wrong value to know it again; the longest OID has 64 characters',
  },
  cells: {
    value: 200_000,
    unit: 'table cells in a rendered document',
    why: 'the richest official example has fewer than 1,000; the page in HTML is still made in a second, a PDF ends at its memory before',
  },
  columns: {
    value: 100,
    unit: 'columns in a rendered table',
    why: 'more would leave less than two millimetres to each across a page',
  },
  nesting: {
    value: 8,
    unit: 'lists and tables inside one another',
    why: 'deeper ones are shown as plain text: no page is wide enough for them',
  },
  pictureBytes: {
    value: 10_000_000,
    unit: 'bytes of one picture in a rendered document',
    why: 'a scanned page has less; a picture beyond it is named instead of shown',
  },
  picturePixels: {
    value: 25_000_000,
    unit: 'pixels of one picture in a rendered document',
    why: 'an opened picture costs four bytes a pixel, whatever its compressed size: 100 MB at most',
  },
  picturesBytes: {
    value: 30_000_000,
    unit: 'bytes of all pictures in a rendered document',
    why: 'the page that shows them goes through a browser and through mail, whose limit is near',
  },
  pages: {
    value: 1_000,
    unit: 'pages of a rendered PDF',
    why: 'nobody reads more; it bounds memory, which holds every page until the number of the last is known',
  },
  copyMs: {
    value: 30_000,
    unit: 'ms',
    why: 'to lay out one document; of processor time the mean official example takes some 80 as a PDF, 50,000 cells some 5,000',
  },
  copyMegabytes: {
    value: 768,
    unit: 'MB of objects while one document is laid out',
    why: 'a PDF of 50,000 cells takes some 450, of 100,000 too much; beyond, one document would take the memory of the others',
  },
  copyIdleMs: {
    value: 60_000,
    unit: 'ms',
    why: 'a thread that lays out nothing for so long is ended: its fonts and its peak of memory go with it',
  },
});
