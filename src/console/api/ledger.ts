import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ChainReport } from '../../ledger/verify.ts';
import type { Gate } from '../../words/access.ts';

export interface LedgerReading {
  gate: Gate;
  ledger: Ledger;
  /** Verifies the chain of one establishment as it stands on disk, against the witnesses. */
  verify(establishment: string): Promise<ChainReport>;
}

const QuerySchema = Type.Object(
  {
    establishment: Type.Optional(Type.String({ maxLength: 64 })),
    from: Type.Optional(Type.Integer({ minimum: 1, description: 'first event (seq)' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
);

/** `GET /ledger/events`, `/ledger/key` and `/ledger/verification`: the record itself, for who audits it. */
export function ledgerRoutes({ gate, ledger, verify }: LedgerReading): FastifyPluginAsyncTypebox {
  return async (app) => {
    const described = { tags: ['ledger'], security: [{ bearer: [] }], querystring: QuerySchema };

    app.get('/ledger/events', {
      schema: { ...described, summary: 'Events of the chain, in order' },
      handler: async ({ raw, query: { establishment, from = 1, limit = 100 } }) => {
        const { id } = gate.establishmentOf(raw, establishment, ['auditor']);
        const items = await ledger.of(id).events(from, limit);
        return { items, next: items.length === limit ? String(items.at(-1)!.seq + 1) : null };
      },
    });

    app.get('/ledger/key', {
      schema: { tags: ['ledger'], security: [{ bearer: [] }], summary: 'Public key of the seals' },
      handler: async () => ({ environment: ledger.environment, publicKey: ledger.publicPem }),
    });

    app.get('/ledger/verification', {
      schema: { ...described, summary: 'Verify the chain now' },
      handler: async ({ raw, query }) =>
        verify(gate.establishmentOf(raw, query.establishment, ['auditor']).id),
    });
  };
}
