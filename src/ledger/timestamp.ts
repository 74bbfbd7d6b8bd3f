import { randomBytes } from 'node:crypto';

const SHA256 = '2.16.840.1.101.3.4.2.1';
/** PKIStatus `granted` and `grantedWithMods` (RFC 3161, section 2.4.2). */
const GRANTED: readonly number[] = [0, 1];

/**
 * The question to a time stamping authority about a SHA-256 (hexadecimal), with the certificates asked for (RFC 3161, 2.4.1).
 * @returns DER, and the nonce that the answer must repeat (hexadecimal)
 */
export async function stampQuery(sha256: string): Promise<{ der: Buffer; nonce: string }> {
  const { AlgorithmIdentifier, MessageImprint, TimeStampReq } = await import('pkijs');
  const { Integer, Null, OctetString } = await import('asn1js');
  // A first bit of 0 keeps the integer positive, a first digit above 0 keeps its length.
  const number = randomBytes(8);
  number[0] = (number[0]! & 0x3f) | 0x40;
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: new Uint8Array(Buffer.from(sha256, 'hex')).buffer }),
    }),
    nonce: new Integer({ valueHex: new Uint8Array(number).buffer }),
    certReq: true,
  });
  return { der: Buffer.from(request.toSchema().toBER()), nonce: number.toString('hex') };
}

/**
 * The instant at which an authority says that the SHA-256 was shown to it. With `nonce`: that of the question.
 * @throws Error when the answer grants nothing, or is about something else
 */
export async function stampTime(answer: Uint8Array, sha256: string, nonce?: string): Promise<Date> {
  const { token } = await parsed(answer);
  const { messageImprint, genTime } = token;
  const hashed = Buffer.from(messageImprint.hashedMessage.valueBlock.valueHexView).toString('hex');
  if (messageImprint.hashAlgorithm.algorithmId !== SHA256 || hashed !== sha256)
    throw new Error('the stamp is about another digest');
  const repeated = token.nonce && Buffer.from(token.nonce.valueBlock.valueHexView).toString('hex');
  if (nonce !== undefined && repeated !== nonce) throw new Error('the stamp answers another question');
  return genTime;
}

/**
 * Verifies a stamp over a text against the authorities (PEM) that are believed: digest, signature, and the chain of the
 * signer's certificate.
 * @returns the instant of the stamp
 * @throws Error with what does not hold
 */
export async function verifyStamp(answer: Uint8Array, text: string, authorities: string): Promise<Date> {
  const { Certificate } = await import('pkijs');
  const { signed, token } = await parsed(answer);
  const trustedCerts = (
    authorities.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  ).map((pem) => Certificate.fromBER(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')));
  const data = new Uint8Array(Buffer.from(text)).buffer;
  const holds = await signed.verify({
    signer: 0,
    trustedCerts,
    data,
    checkChain: true,
    checkDate: token.genTime,
  });
  if (!holds) throw new Error('the signature of the stamp does not hold');
  return token.genTime;
}

async function parsed(answer: Uint8Array) {
  const { SignedData, TimeStampResp, TSTInfo } = await import('pkijs');
  const response = TimeStampResp.fromBER(new Uint8Array(answer));
  const status = Number(response.status.status);
  if (!GRANTED.includes(status) || !response.timeStampToken) throw new Error(`not granted: status ${status}`);
  const signed = new SignedData({ schema: response.timeStampToken.content });
  const content = signed.encapContentInfo.eContent;
  if (!content) throw new Error('the stamp has no content');
  return { signed, token: TSTInfo.fromBER(content.getValue()) };
}
