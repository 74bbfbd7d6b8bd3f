import { Type } from 'typebox';

/** Words of the schemas of answers. */

export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const text = (description = '') => Type.String(description === '' ? {} : { description });
export const words = nullable(Type.String());
export const count = Type.Integer({ minimum: 0 });
export const open = (properties: Record<string, Type.TSchema>, description?: string) =>
  Type.Object(properties, description === undefined ? {} : { description });
export const page = (item: Type.TSchema) =>
  open({ items: Type.Array(item), next: nullable(text('give it as `cursor` to read on; null at the end')) });
export const one = (...values: string[]) => Type.Union(values.map((value) => Type.Literal(value)));

export const Problem = open(
  {
    type: text(),
    title: text(),
    status: count,
    code: text('stable; docs list every one'),
    class: one('invalid', 'not-judged', 'transient', 'ambiguous', 'permanent', 'configuration'),
    detail: text('in the language asked for, French otherwise'),
    remedy: text('what to do next'),
  },
  'RFC 9457',
);
