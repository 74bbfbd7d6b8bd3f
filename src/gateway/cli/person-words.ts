/** The words of the ledger in French, for a person who asks what is held of them. A word that is not here is told as it is. */
const WORDS: Readonly<Record<string, string>> = {
  deposit: 'dépôt',
  replace: 'remplacement',
  delete: 'suppression',
  refused: 'refusé',
  held: 'retenu',
  open: 'en cours',
  final: 'terminé',
  waiting: 'en attente',
  due: 'à envoyer',
  sending: "en cours d'envoi",
  ambiguous: 'à vérifier auprès du destinataire',
  parked: 'en attente de décision',
  delivered: 'remis',
  cancelled: 'annulé',
  superseded: 'remplacé avant envoi',
  unconfirmed: 'remis sans confirmation',
  acknowledged: 'acquitté',
  closed: 'abandonné',
  dmp: 'DMP (Mon espace santé)',
  mssante: 'messagerie MSSanté',
  opposed: "opposition à l'alimentation du DMP",
  'informed-without-opposition': "informé, sans opposition à l'alimentation du DMP",
  'not-collected': 'opposition non recueillie',
  report: 'état des données lu',
  'erasure-asked': 'effacement demandé',
  document: 'document lu',
  receipt: 'réponse du DMP lue',
  mail: 'courriel reçu lu',
  erasure: 'effacement',
};

/** Names of what is known of a person, in French. */
const LABELS: Readonly<Record<string, string>> = {
  ids: 'identifiants',
  root: 'domaine (OID)',
  extension: 'valeur',
  name: 'nom',
  family: 'nom',
  given: 'prénoms',
  givenNames: 'prénoms de naissance',
  ipp: 'IPP',
  gender: 'sexe',
  sex: 'sexe',
  birthTime: 'date de naissance',
  birthDate: 'date de naissance',
  birthPlace: 'lieu de naissance (code COG)',
  address: 'adresse',
  matricule: 'matricule INS',
  ins: 'INS',
};

export function frenchWord(word: string): string {
  return WORDS[word] ?? word;
}

/** An instant in the time zone of the establishment, which is said; as it is written when it is none. */
export function frenchInstant(instant: string | null | undefined, zone: string): string {
  const ms = instant ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(ms)) return instant || 'sans date';
  const said = new Intl.DateTimeFormat('fr-FR', {
    ...{ timeZone: zone, timeZoneName: 'longOffset', hourCycle: 'h23' },
    ...{
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  }).format(ms);
  return `${said} (${zone})`;
}

/** A record of the ledger as labels and values, without its structure. */
export function frenchRecord(record: unknown): string {
  if (record === null || record === undefined) return '';
  if (typeof record !== 'object') return String(record);
  if ('value' in record) return namePart(record);
  if (Array.isArray(record)) return record.map(frenchRecord).filter(isSaid).join(', ');
  return Object.entries(record)
    .map(([name, value]) => [name, frenchRecord(value)] as const)
    .filter(([, said]) => isSaid(said))
    .map(([name, said]) => `${LABELS[name] ?? name} : ${said}`)
    .join(' ; ');
}

/** Which name it is, by its HL7 qualifier. */
const QUALIFIERS: Readonly<Record<string, string>> = {
  BR: ' (de naissance)',
  CL: " (d'usage)",
  SP: ' (du conjoint)',
};

function namePart(part: { value: unknown; qualifier?: unknown }): string {
  return `${part.value}${QUALIFIERS[String(part.qualifier)] ?? ''}`;
}

function isSaid(text: string): boolean {
  return text !== '';
}
