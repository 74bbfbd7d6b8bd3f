import { describe, expect, test } from 'vitest';
import { cdaLimits } from '../../../src/cda/limits.ts';
import type { Block, Table } from '../../../src/cda/render/model.ts';
import { BOLD, ITALIC, SUPERSCRIPT, UNDERLINE } from '../../../src/cda/render/model.ts';
import { markOf } from '../../../src/cda/render/styles.ts';
import { blocksOf, htmlOf, narrative } from './shown.ts';

const tableOf = (text: string) => blocksOf(text).find((one): one is Table => one.kind === 'table')!;
const cellsOf = (text: string) =>
  tableOf(text).rows.map((row) => row.map((cell) => [cell.column, cell.columnSpan, cell.rowSpan]));

function textOf(block: Block): string {
  if (block.kind !== 'paragraph') return `(${block.kind})`;
  return block.inlines
    .map((one) => (one.kind === 'text' ? one.text : one.kind === 'break' ? '/' : ''))
    .join('');
}

describe('text of the narrative', () => {
  test('becomes paragraphs around the blocks that interrupt it, white space folded', () => {
    const blocks = blocksOf(
      ' un \n<content>deux</content> <br/> trois<paragraph>quatre</paragraph>cinq<list/>six ',
    );
    expect(blocks.map(textOf)).toEqual(['un deux /trois', 'quatre', 'cinq', '(list)', 'six']);
  });

  test('keeps its styles, one inside the other', () => {
    const [block] = blocksOf(
      '<content styleCode="Bold">a<content styleCode="italics Underline">b</content></content><sup>c</sup>',
    );
    const looks = block!.kind === 'paragraph' && block!.inlines.map((one) => one.kind === 'text' && one.look);
    expect(looks).toEqual([BOLD, BOLD | ITALIC | UNDERLINE, SUPERSCRIPT]);
  });

  test('of revisions, unknown elements and misplaced ones is shown', () => {
    expect(
      htmlOf('<content revised="delete">non</content><content revised="insert">oui</content>'),
    ).toContain('<del>non</del><ins>oui</ins>');
    expect(blocksOf('<inconnu>a<table>b<tr>c<td>d</td></tr></table></inconnu>').map(textOf)).toEqual([
      'a',
      '(table)',
      'bc',
    ]);
  });

  test('of notes stands at the end, and each call bears its number', () => {
    const page = narrative('un<footnote ID="n1">la note</footnote> deux<footnoteRef IDREF="n1"/>');
    expect(page.footnotes.map(({ number, blocks }) => [number, textOf(blocks[0]!)])).toEqual([
      [1, 'la note'],
    ]);
    const [block] = page.sections[0]!.blocks;
    expect(block!.kind === 'paragraph' && block!.inlines.filter((one) => one.kind === 'note')).toHaveLength(
      2,
    );
  });
});

describe('lists', () => {
  test.each([
    ['listType="ordered"', '<ol class="arabic">'],
    ['', '<ul class="disc">'],
    ['listType="ordered" styleCode="LittleRoman"', '<ol class="little-roman">'],
    ['styleCode="Square"', '<ul class="square">'],
  ])('with %s are written %s', (attributes, written) => {
    expect(htmlOf(`<list ${attributes}><item>a</item></list>`)).toContain(`${written}<li><p>a</p></li>`);
  });

  test('have a caption and hold other lists', () => {
    const html = htmlOf('<list><caption>Titre</caption><item>a<list><item>b</item></list></item></list>');
    expect(html).toContain(
      '<p class="caption">Titre</p><ul class="disc"><li><p>a</p><ul class="disc"><li><p>b</p>',
    );
  });

  test('are marked in every way', () => {
    expect(markOf('ROMAN', 1994)).toBe('MCMXCIV.');
    expect([1, 26, 27, 703].map((rank) => markOf('alpha', rank))).toEqual(['a.', 'z.', 'aa.', 'aaa.']);
  });

  test(`deeper than ${cdaLimits.nesting.value} lose their form, not their text`, () => {
    const deep = 60;
    const html = htmlOf(`${'<list><item>n'.repeat(deep)}${'</item></list>'.repeat(deep)}`);
    expect(html.match(/<ul/g)).toHaveLength(cdaLimits.nesting.value - 1);
    expect(html.match(/>n<\/p>/g)).toHaveLength(deep);
  });
});

describe('tables', () => {
  const row = (...cells: string[]) => `<tr>${cells.join('')}</tr>`;

  test('know the column of each cell, under those that rows above span', () => {
    const rows = [
      row('<td rowspan="2">a</td>', '<td colspan="2">b</td>', '<td rowspan="3">c</td>'),
      row('<td>d</td>', '<td>e</td>'),
      row('<td colspan="3">f</td>'),
    ];
    expect(cellsOf(`<table><tbody>${rows.join('')}</tbody></table>`)).toEqual([
      [
        [0, 1, 2],
        [1, 2, 1],
        [3, 1, 3],
      ],
      [
        [1, 1, 1],
        [2, 1, 1],
      ],
      [[0, 3, 1]],
    ]);
  });

  test('cut spans that lead out of them, and show the rows of thead first, those of tfoot last', () => {
    const one = (name: string, cell: string) => `<${name}>${row(cell)}</${name}>`;
    const text = `<table>${one('tfoot', '<td>z</td>')}${one('tbody', '<td rowspan="9" colspan="999999">b</td>')}${one('thead', '<th>a</th>')}</table>`;
    const { rows, headRows, columns } = tableOf(text);
    expect(rows.map(([cell]) => textOf(cell!.blocks[0]!))).toEqual(['a', 'b', 'z']);
    expect([headRows, columns, rows[1]![0]!.rowSpan]).toEqual([1, cdaLimits.columns.value, 1]);
  });

  test('inherit alignment from row and group', () => {
    const text = '<table><tbody align="right"><tr><td>a</td><td align="center">b</td></tr></tbody></table>';
    expect(tableOf(text).rows[0]!.map(({ align }) => align)).toEqual(['right', 'center']);
  });

  test('are refused beyond the caps, and stand at them', () => {
    const columns = cdaLimits.columns.value;
    const wide = (count: number) => `<table><tr>${'<td>a</td>'.repeat(count)}</tr></table>`;
    expect(tableOf(wide(columns)).columns).toBe(columns);
    expect(() => tableOf(wide(columns + 1))).toThrow(
      expect.objectContaining({ code: 'cda.render-too-many-columns' }),
    );
    const high = (count: number) => `<table>${`<tr>${'<td/>'.repeat(100)}</tr>`.repeat(count)}</table>`;
    const rows = cdaLimits.cells.value / 100;
    expect(tableOf(high(rows)).rows).toHaveLength(rows);
    expect(() => tableOf(`${high(rows)}<table><tr><td/></tr></table>`)).toThrow(
      expect.objectContaining({ code: 'cda.render-too-many-cells' }),
    );
  });
});
