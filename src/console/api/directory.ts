import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type {
  AddressAnswer,
  Directory,
  PersonAnswer,
  Unavailable,
} from '../../delivery/mssante/directory/directory.ts';
import type { Holder, Mailbox } from '../../delivery/mssante/directory/holder.ts';
import type { Gate } from '../../words/access.ts';
import { fill } from '../../words/errors.ts';
import type { Role } from '../../words/establishment.ts';
import { type Language, languageOf } from '../../words/language.ts';
import { consoleError } from '../errors.ts';

export interface DirectoryParts {
  gate: Gate;
  /** Null while none is configured. */
  directory: Directory | null;
}

/** Who looks up correspondents: identities and those who operate. */
const SEEKERS: readonly Role[] = ['it', 'identity'];

const QuerySchema = Type.Object(
  {
    rpps: Type.Optional(Type.String({ maxLength: 20, description: 'number of a person, 11 digits' })),
    address: Type.Optional(Type.String({ maxLength: 254, description: 'of MSSanté' })),
  },
  { additionalProperties: false },
);

/** `GET /mssante/directory`: who holds an address, or which addresses a person has, by the Annuaire Santé. */
export function directoryRoutes({ gate, directory }: DirectoryParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get('/mssante/directory', {
      schema: {
        ...{ tags: ['mssante'], security: [{ bearer: [] }], querystring: QuerySchema },
        summary: 'Who holds an address of MSSanté, or the addresses of a person, by the Annuaire Santé',
      },
      handler: async ({ raw, headers, query: { rpps, address } }) => {
        if (gate.establishmentsOf(raw, SEEKERS).length === 0) throw consoleError('console.not-found');
        if (!directory) throw consoleError('console.directory-none');
        const language = languageOf(headers['accept-language']);
        if (rpps !== undefined && address === undefined)
          return presentPerson(await directory.byRpps(rpps), language);
        if (address !== undefined && rpps === undefined)
          return presentAddress(await directory.byAddress(address), language);
        throw consoleError('console.directory-question');
      },
    });
  };
}

/** Of a mailbox of the red list nobody is told whose it is. */
function presentAddress(answer: AddressAnswer, language: Language) {
  if (answer.standing !== 'known') return unknown(answer, language);
  const { standing, mailbox, holders } = answer;
  return { standing, mailbox, holders: mailbox.redListed ? [] : holders.map(presentHolder) };
}

function presentPerson(answer: PersonAnswer, language: Language) {
  if (answer.standing !== 'known') return unknown(answer, language);
  const { standing, person, activities } = answer;
  return {
    ...{ standing, ...presentHolder(person), mailboxes: shown(person.mailboxes) },
    activities: activities.map(({ activity, structure }) => ({
      ...{ structure: structure && presentHolder(structure), mailboxes: shown(activity.mailboxes) },
    })),
  };
}

function unknown(answer: { standing: 'not-published' } | Unavailable, language: Language) {
  if (answer.standing === 'not-published') return { standing: answer.standing };
  const { code, words, entry, values } = answer.problem;
  const remedy = fill(entry.remedy[language], values, language);
  return { standing: answer.standing, problem: { code, message: words[language], remedy } };
}

function presentHolder({ kind, name, identifiers }: Holder) {
  return { kind, name, identifiers };
}

/** What is of the red list is valid, and not to be shown. The preferred one first. */
function shown(mailboxes: readonly Mailbox[]): Mailbox[] {
  const first = (rank: number | null) => rank ?? Number.MAX_SAFE_INTEGER;
  return mailboxes
    .filter(({ redListed }) => !redListed)
    .toSorted((one, other) => first(one.rank) - first(other.rank));
}
