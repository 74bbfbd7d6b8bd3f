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
    why: 'the richest official example has fewer than 1,000; each costs some 2 KB while a PDF is laid out',
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
});
