import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type RawServerDefault } from 'fastify';
import { Type } from 'typebox';
import { fill, isViaducError } from '../../words/errors.ts';
import { plainAddress } from './addresses.ts';
import { MAIL_VARIANTS, type MailVariant, writeLetter } from './correspondent/letter.ts';
import { raise } from './errors.ts';
import { MAIL_FAULTS, MailFaultSchema } from './faults.ts';
import { mailSandboxLimits } from './limits.ts';
import type { Mailbox } from './mailbox.ts';
import { readByHand } from './mdn.ts';
import { addMailPages } from './page.ts';
import { type MailSimulation, resetWorld } from './simulation.ts';

/** A control server of the sandbox that judges bodies by TypeBox. */
export type ControlServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const closed = { additionalProperties: false };
const VARIANTS = Object.keys(MAIL_VARIANTS) as MailVariant[];
const AddressSchema = Type.Object({ address: Type.String({ maxLength: 320 }) });
const MailSchema = Type.Object({
  address: Type.String({ maxLength: 320 }),
  uid: Type.Integer({ minimum: 1 }),
});
const PatientSchema = Type.Object({ matricule: Type.String({ pattern: '^[0-9AB]{15}$' }) });

const LetterSchema = Type.Object(
  {
    from: Type.Optional(
      Type.String({ maxLength: 320, description: 'a correspondent; its application by default' }),
    ),
    to: Type.String({ maxLength: 320, description: 'a mailbox of the gateway' }),
    documents: Type.Array(Type.String(), { minItems: 1, maxItems: 20, description: 'CDA, base64' }),
    operation: Type.Optional(Type.Enum(['new', 'C', 'D'])),
    variant: Type.Optional(Type.Enum(VARIANTS)),
    receipt: Type.Optional(Type.Boolean({ description: 'whether an MDN is asked for; true by default' })),
  },
  closed,
);

/**
 * The control of the mail world under `/mssante`, beside that of the DMP: what passed by, mailboxes, faults, letters from
 * correspondents, reset. It has no access control and belongs on loopback.
 */
export function addMailControl(server: ControlServer, simulation: MailSimulation): void {
  addReadings(server, simulation);
  addFaults(server, simulation);
  addLetters(server, simulation);
  addMailPages(server, simulation);
  server.post('/mssante/reset', () => {
    resetWorld(simulation);
    return simulation.journal.counts();
  });
  server.put(
    '/mssante/patients/:matricule',
    {
      schema: {
        params: PatientSchema,
        body: Type.Object({ state: Type.Enum(['open', 'closed', 'unknown']) }, closed),
      },
    },
    ({ params, body }) => {
      simulation.boxes.setPatient(params.matricule, body.state);
      return body;
    },
  );
}

/** The control of the mail world on a server of its own. */
export function createMailControl(simulation: MailSimulation): ControlServer {
  const server = fastify().withTypeProvider<TypeBoxTypeProvider>();
  // Fastify's own validator drops misspelt members and turns 0 into null; this one refuses both.
  server.setValidatorCompiler(TypeBoxValidatorCompiler);
  server.setErrorHandler((error, _, reply) => {
    if (!isViaducError(error)) return reply.send(error);
    const { status = 500, message } = error.entry;
    return reply
      .code(status)
      .send({ code: error.code, fr: fill(message.fr, error.values), en: error.message });
  });
  addMailControl(server, simulation);
  return server;
}

function addReadings(server: ControlServer, { boxes, journal }: MailSimulation): void {
  server.get('/mssante/counts', () => journal.counts());
  server.get('/mssante/mails', () => ({ items: journal.mails() }));
  server.get('/mssante/refusals', () => ({ items: journal.refusals() }));
  server.get('/mssante/mailboxes', () => ({ items: boxes.list().map(shownBox) }));
  server.get('/mssante/mailboxes/:address', { schema: { params: AddressSchema } }, ({ params }) => {
    const { inbox } = known(boxes.get(params.address));
    return {
      items: inbox.mails.map(({ uid, flags, at, raw }) => ({
        uid,
        flags: [...flags],
        at,
        bytes: raw.length,
      })),
    };
  });
  server.get('/mssante/mailboxes/:address/:uid', { schema: { params: MailSchema } }, ({ params }, reply) => {
    const { inbox } = known(boxes.get(params.address));
    const mail = inbox.mails.find(({ uid }) => uid === params.uid);
    if (!mail) throw raise('sandbox.mail-no-such-mail');
    return reply.header('content-disposition', 'attachment').type('application/octet-stream').send(mail.raw);
  });
}

function shownBox(box: Mailbox) {
  const folders = [...box.folders.values()].map(({ name, mails }) => ({ name, mails: mails.length }));
  return { address: plainAddress(box.address), kind: box.kind, folders };
}

function known(box: Mailbox | undefined): Mailbox {
  if (!box) throw raise('sandbox.mail-no-such-mailbox');
  return box;
}

function addFaults(server: ControlServer, { faults }: MailSimulation): void {
  server.get('/mssante/faults', () => ({ items: faults.list(), known: MAIL_FAULTS }));
  const body = Type.Union([MailFaultSchema, Type.Array(MailFaultSchema)]);
  server.post('/mssante/faults', { schema: { body } }, (request, reply) => {
    faults.add([request.body].flat());
    return reply.code(201).send({ items: faults.list() });
  });
  server.delete('/mssante/faults', () => {
    faults.clear();
    return { items: [] };
  });
}

const APPLICATION = 'application@ch.bac-a-sable.mssante.fr';
/** Sender of the variant that no white list knows. */
const STRANGER = 'application@inconnu.exemple.fr';

function addLetters(server: ControlServer, simulation: MailSimulation): void {
  let serial = 0;
  const { boxes, clock } = simulation;
  const schema = { body: LetterSchema };
  const bodyLimit = mailSandboxLimits.controlBodyBytes.value;
  server.post('/mssante/letters', { schema, bodyLimit }, async ({ body }, reply) => {
    const { from = APPLICATION, to, operation = 'new', variant = null, receipt = true } = body;
    const box = known(boxes.get(to));
    serial += 1;
    const sender = variant === 'unlisted-sender' ? STRANGER : from;
    const documents = body.documents.map((one) => Buffer.from(one, 'base64'));
    const order = { from: sender, to, documents, operation, variant, receipt, nowMs: clock.now(), serial };
    const { raw, messageId } = await writeLetter(order);
    boxes.deliver(box, raw);
    return reply.code(201).send({ messageId, bytes: raw.length });
  });
  server.get('/mssante/letters', () => ({ variants: MAIL_VARIANTS }));
  server.post(
    '/mssante/mailboxes/:address/:uid/read',
    { schema: { params: MailSchema } },
    async ({ params }) => {
      const answered = await readByHand(known(boxes.get(params.address)), params.uid, simulation);
      if (answered === null) throw raise('sandbox.mail-no-such-mail');
      return { mdn: answered };
    },
  );
}
