import { attribute, child, textOf } from '../../xml/select.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { raise } from './errors.ts';
import { PERSON_ID } from './formats.ts';
import { SAML_NS } from './names.ts';
import type { Switches } from './switches.ts';

export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const RPPS = /^8\d{11}$/;
const AUTOMATE = 'AUTOMATE^1.2.250.1.213.1.1.4.6';
const CLASS = 'urn:oasis:names:tc:SAML:2.0:ac:classes:';
/** The classes of SAML 2.0 (Authentication Context, 3.4). */
const CLASSES: readonly string[] =
  `InternetProtocol InternetProtocolPassword Kerberos MobileOneFactorUnregistered
  MobileTwoFactorUnregistered MobileOneFactorContract MobileTwoFactorContract Password PasswordProtectedTransport
  PreviousSession X509 PGP SPKI XMLDSig Smartcard SmartcardPKI SoftwarePKI Telephony NomadTelephony PersonalTelephony
  AuthenticatedTelephony SecureRemotePassword TLSClient TimeSyncToken unspecified`
    .split(/\s+/)
    .map((name) => CLASS + name);
const HOUR_MS = 3_600_000;

const wrong = (what: string, expected: string) => raise('sandbox.vihf-wrong', { what, expected });

/** Who is authenticated: a person or a system by a national identifier (sheet dmp-xds, 3.3 and 4.1). */
export function nameIdOf(assertion: XmlElement): string {
  const nameId = child(child(assertion, 'Subject', SAML_NS), 'NameID', SAML_NS);
  const id = textOf(nameId).trim();
  if (!PERSON_ID.test(id)) throw wrong('Subject/NameID', 'PS_IdNat, 3…/…');
  return id;
}

/** When and how it was authenticated: by a class of SAML, in this working day, without what only AIR declares. */
export function checkAuthentication(assertion: XmlElement, switches: Switches, nowMs: number): void {
  const statement = child(assertion, 'AuthnStatement', SAML_NS);
  const context = child(statement, 'AuthnContext', SAML_NS);
  const instant = attribute(statement, 'AuthnInstant') ?? '';
  if (!INSTANT.test(instant)) throw wrong('AuthnStatement/@AuthnInstant', 'YYYY-MM-DDThh:mm:ssZ');
  const atMs = Date.parse(instant);
  const { vihfSeconds, loginHours } = switches;
  if (!(atMs <= nowMs + vihfSeconds * 1000 && atMs >= nowMs - loginHours * HOUR_MS))
    throw wrong('AuthnStatement/@AuthnInstant', `${loginHours} h`);
  const classRef = textOf(child(context, 'AuthnContextClassRef', SAML_NS)).trim();
  if (!CLASSES.includes(classRef)) throw wrong('AuthnContextClassRef', `${CLASS}…`);
}

/** A declaration of how the user was authenticated belongs to reinforced indirect authentication alone (sheet, 4.1). */
export function checkDeclaration(assertion: XmlElement): void {
  const context = child(child(assertion, 'AuthnStatement', SAML_NS), 'AuthnContext', SAML_NS);
  if (child(context, 'AuthnContextDecl', SAML_NS)) throw wrong('AuthnContextDecl', '-');
}

/** Whether a job may bear the number of a professional is not published: a switch. */
export function checkJob(nameId: string, [role]: readonly string[], switches: Switches): void {
  if (role === AUTOMATE && RPPS.test(nameId) && switches.automateNameId === 'job')
    throw wrong('Subject/NameID', '3…/…');
}
