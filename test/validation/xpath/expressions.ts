import fc from 'fast-check';

/** Expressions by the grammar, over names that the documents of the table have and others that they lack. */
export const { expression } = fc.letrec<Record<'expression' | 'step' | 'predicate', string>>((tie) => ({
  step: fc.oneof(
    fc.constantFrom(
      's:concept',
      '*',
      '@code',
      '@*',
      'text()',
      '.',
      '..',
      'node()',
      'absent',
      's:*',
      '*:concept',
    ),
    fc
      .tuple(
        fc.constantFrom(
          'ancestor',
          'descendant',
          'following-sibling',
          'preceding',
          'self',
          'parent',
          'following',
        ),
        fc.constantFrom('*', 'node()', 's:concept'),
      )
      .map(([axis, node]) => `${axis}::${node}`),
  ),
  predicate: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('[1]', '[last()]', '[position() > 1]', '[@code]', ''),
    tie('expression').map((inner) => `[${inner}]`),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('1', '-2.5', '1e3', "'a'", "''", "'é𝒳'", '()', 'true()', '//*', '/', "'2020-02-30'"),
    fc.tuple(tie('step'), tie('predicate')).map(([step, predicate]) => step + predicate),
    fc.tuple(tie('step'), tie('step')).map(([a, b]) => `//${a}/${b}`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom(
          '=',
          '!=',
          '<',
          'eq',
          'lt',
          'is',
          '<<',
          '+',
          '*',
          'div',
          'mod',
          'to',
          'and',
          'or',
          'union',
          'except',
          ',',
        ),
        tie('expression'),
      )
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(
        fc.constantFrom(
          'count',
          'not',
          'string',
          'number',
          'exists',
          'normalize-space',
          'distinct-values',
          'sum',
          'name',
          'string-length',
          'boolean',
          'xs:integer',
          'xs:date',
          'upper-case',
          'reverse',
          'data',
        ),
        tie('expression'),
      )
      .map(([name, argument]) => `${name}(${argument})`),
    fc
      .tuple(
        fc.constantFrom(
          'contains',
          'concat',
          'substring',
          'matches',
          'tokenize',
          'starts-with',
          'deep-equal',
          'string-join',
          'index-of',
        ),
        tie('expression'),
        tie('expression'),
      )
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `(if (${a}) then ${b} else ${c})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(some $x in ${a} satisfies $x = ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(for $x in ${a} return ($x, ${b}))`),
    fc
      .tuple(tie('expression'), fc.constantFrom('xs:integer', 'xs:date', 'xs:boolean'))
      .map(([a, type]) => `(${a} castable as ${type})`),
  ),
}));
