import type { Transporter } from 'nodemailer';
import type { Seal } from '../../ledger/seal.ts';
import { sealLine } from '../../ledger/witnesses/file.ts';
import type { RemoteWitness } from '../../ledger/witnesses/remote.ts';

export interface MailWitnessOptions {
  transport: Transporter;
  from: string;
  to: readonly string[];
  everyMs: number;
}

/**
 * Persons who keep the mails that they receive: the newest seal of each chain, as an attachment of one line for each, to be
 * given to `viaduc ledger verify --witness`. What the relay took counts as handed over.
 */
export function mailWitness({ transport, from, to, everyMs }: MailWitnessOptions): RemoteWitness {
  return {
    name: `mail ${to.join(' ')}`,
    everyMs,
    async take(seals) {
      await transport.sendMail({
        ...{ from, to: [...to], subject: subjectOf(seals), text: textOf(seals) },
        headers: { 'Auto-Submitted': 'auto-generated' },
        attachments: [
          {
            filename: 'seals.jsonl',
            content: seals.map(sealLine).join(''),
            contentType: 'application/jsonl',
          },
        ],
      });
    },
  };
}

function subjectOf(seals: readonly Seal[]): string {
  const { environment } = seals[0]!.content;
  const test = environment === 'production' ? '' : ' (DONNÉES DE TEST)';
  return `Viaduc : sceaux du registre${test} - ${seals.map(({ content }) => `${content.establishment} ${content.number}`).join(', ')}`;
}

function textOf(seals: readonly Seal[]): string {
  const lines = seals.map(
    ({ content: { establishment, number, last, at } }) =>
      `  ${establishment} : sceau ${number}, événements jusqu’au ${last}, ${at}`,
  );
  return `Ces sceaux prouvent l’état du registre à leur date. Conservez ce message avec sa pièce jointe hors de portée de ceux qui
administrent la passerelle ; « viaduc ledger verify --witness seals.jsonl » compare le registre avec eux.

${lines.join('\n')}

These seals prove the state of the ledger at their date. Keep this message and its attachment out of the reach of those who
administer the gateway; 'viaduc ledger verify --witness seals.jsonl' compares the ledger with them.
`;
}
