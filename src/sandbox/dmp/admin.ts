import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { Type } from 'typebox';
import { fill, isViaducError } from '../../words/errors.ts';
import { raise } from './errors.ts';
import { FAULTS, FaultRuleSchema } from './faults.ts';
import { dmpSandboxLimits } from './limits.ts';
import { addPages } from './page/page.ts';
import { PatientSchema } from './patients.ts';
import type { Simulation } from './simulation.ts';
import { changed, SwitchChangesSchema } from './switches.ts';

const oneOrMany = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Array(schema)]);
const PageSchema = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: dmpSandboxLimits.listed.value })),
});
const UniqueIdSchema = Type.Object({ uniqueId: Type.String({ maxLength: 128 }) });

/**
 * The admin API, on a port of its own, JSON: what was stored and seen, switches, patients, scripted faults, reset.
 * For tests and demonstrations; it has no access control and belongs on loopback.
 */
export function createAdminServer(simulation: Simulation) {
  const server = newServer();
  server.setErrorHandler((error, _, reply) => {
    if (!isViaducError(error)) return reply.send(error);
    const { status = 500, message } = error.entry;
    const words = { fr: fill(message.fr, error.values), en: error.message };
    return reply.code(status).send({ code: error.code, ...words });
  });
  addPages(server, simulation);
  addReadings(server, simulation);
  addDocuments(server, simulation);
  addSettings(server, simulation);
  addFaults(server, simulation);
  return server;
}

type AdminServer = ReturnType<typeof newServer>;

function newServer() {
  const bodyLimit = dmpSandboxLimits.adminBodyBytes.value;
  const server = fastify({ bodyLimit }).withTypeProvider<TypeBoxTypeProvider>();
  // Fastify's own validator drops misspelt members and turns 0 into null; this one refuses both.
  return server.setValidatorCompiler(TypeBoxValidatorCompiler);
}

function addReadings(server: AdminServer, { store, journal }: Simulation): void {
  server.get('/counts', () => ({ ...store.counts(), ...journal.counts() }));
  server.get('/requests/last', () => journal.last());
  server.get('/refusals', () => ({ items: journal.refusals() }));
}

function addDocuments(server: AdminServer, { store }: Simulation): void {
  server.get('/documents', { schema: { querystring: PageSchema } }, ({ query }) =>
    store.list(query.after ?? 0, query.limit),
  );
  server.get('/documents/:uniqueId', { schema: { params: UniqueIdSchema } }, ({ params }) => {
    const entries = store.entriesOf(params.uniqueId);
    if (entries.length === 0) throw raise('sandbox.document-unknown');
    return { uniqueId: params.uniqueId, lots: new Set(entries.map((one) => one.lot)).size, entries };
  });
  server.get('/documents/:uniqueId/content', { schema: { params: UniqueIdSchema } }, ({ params }, reply) => {
    const content = store.content(params.uniqueId);
    if (!content) throw raise('sandbox.document-unknown');
    return reply.type('application/octet-stream').send(content);
  });
}

function addSettings(server: AdminServer, simulation: Simulation): void {
  const { patients } = simulation;
  server.get('/switches', () => simulation.switches);
  server.put('/switches', { schema: { body: SwitchChangesSchema } }, ({ body }) => {
    simulation.switches = changed(simulation.switches, body);
    return simulation.switches;
  });
  server.get('/patients', () => ({ items: patients.list() }));
  server.put('/patients', { schema: { body: Type.Array(PatientSchema) } }, ({ body }) => {
    patients.add(body);
    return { items: patients.list() };
  });
  server.post('/reset', async () => {
    simulation.store.clear();
    simulation.journal.clear();
    simulation.faults.clear();
    simulation.usedVihf.clear();
    simulation.switches = simulation.initial.switches;
    simulation.patients.replace(simulation.initial.patients);
    await simulation.store.settled();
    return { ...simulation.store.counts(), ...simulation.journal.counts() };
  });
}

function addFaults(server: AdminServer, { faults }: Simulation): void {
  server.get('/faults', () => ({ items: faults.list(), known: FAULTS }));
  server.post('/faults', { schema: { body: oneOrMany(FaultRuleSchema) } }, ({ body }, reply) => {
    faults.add(Array.isArray(body) ? body : [body]);
    return reply.code(201).send({ items: faults.list() });
  });
  server.delete('/faults', () => {
    faults.clear();
    return { items: [] };
  });
}
