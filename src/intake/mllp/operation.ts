import type { Operation } from '../../words/request.ts';
import type { MessageHead } from './head.ts';
import type { InterfaceProfile } from './profile.ts';
import type { Remarks } from './remarks.ts';
import type { DocumentMessage } from './structure.ts';

const BY_TRIGGER: Readonly<Record<string, Operation>> = { T02: 'deposit', T10: 'replace', T04: 'delete' };
const BY_ORDER: Readonly<Record<string, Operation>> = { NW: 'deposit', RO: 'replace', CA: 'delete' };
const BY_STATUS: Readonly<Record<string, Operation>> = { F: 'deposit', C: 'replace', D: 'delete' };

/**
 * Fifth step: what is asked for, which trigger, ORC-1 and OBX-11 must agree on, and the type of the document, which OBR-4,
 * OBX-3 and TXA-2 must. The document itself is never asked: one that is deleted still says what it once replaced.
 */
export function readOperation(
  head: MessageHead,
  { orc, obr, txa, documents }: DocumentMessage,
  face: InterfaceProfile,
  remarks: Remarks,
): { operation: Operation; typeCode: string } {
  const said: [string, Operation | undefined][] = [];
  if (head.type === 'MDM') said.push([head.trigger, BY_TRIGGER[head.trigger]]);
  const order = orc?.text(1).toUpperCase() ?? '';
  if (order !== '' && !face.neutralOrders.includes(order)) {
    if (!Object.hasOwn(BY_ORDER, order))
      remarks.add('message.value-unknown', orc!.place(1), {
        field: 'ORC-1',
        value: order.slice(0, 20),
        expected: 'NW, RO, CA',
      });
    said.push([`ORC-1 ${order}`, BY_ORDER[order]]);
  }
  for (const { obx } of documents) {
    const status = obx.text(11).toUpperCase();
    said.push([`OBX-11 ${status}`, BY_STATUS[status]]);
  }
  const operations = new Set(said.map(([, operation]) => operation));
  if (operations.size > 1) {
    const place = documents.at(-1)!.obx.place(11);
    remarks.add('message.operations-differ', place, { said: said.map(([text]) => text).join(', ') });
  }
  if (txa && operations.has('replace') && txa.isEmpty(13))
    remarks.add('message.field-missing', txa.place(13), { field: 'TXA-13' });
  const types = [
    ...(obr && face.orderType ? [`OBR-4 ${obr.text(4)}`] : []),
    ...documents.map(({ obx }) => `OBX-3 ${obx.text(3)}`),
    ...(txa ? [`TXA-2 ${txa.text(2)}`] : []),
  ];
  if (new Set(types.map((text) => text.slice(6))).size > 1)
    remarks.add('message.type-codes-differ', documents[0]!.obx.place(3), { said: types.join(', ') });
  return { operation: said.at(-1)![1] ?? 'deposit', typeCode: documents[0]!.obx.text(3) };
}
