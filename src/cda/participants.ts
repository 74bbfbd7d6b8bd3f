import type { Participant } from '../words/document.ts';
import { attribute, child, foldedText } from '../xml/select.ts';
import type { XmlElement } from '../xml/tree.ts';
import { readCoded, readIds, readName, readOrganization } from './datatypes.ts';

/** An `author` of the header: a person, or a device when `assignedAuthoringDevice` stands in its place. */
export function readAuthor(author: XmlElement): Participant {
  return readParticipant(author, child(author, 'assignedAuthor'));
}

/** A participation held by an `assignedEntity`: legalAuthenticator, authenticator, performer. */
export function readAssigned(participation: XmlElement | null): Participant | null {
  return participation && readParticipant(participation, child(participation, 'assignedEntity'));
}

function readParticipant(participation: XmlElement, role: XmlElement | null): Participant {
  const device = child(role, 'assignedAuthoringDevice');
  const name = child(child(role, 'assignedPerson'), 'name');
  return {
    ids: readIds(role),
    kind: device ? 'device' : 'person',
    name: name && readName(name),
    deviceName: device && deviceName(device),
    specialty: readCoded(child(role, 'code')),
    function: readCoded(child(participation, 'functionCode')),
    organization: readOrganization(child(role, 'representedOrganization')),
    time: timeOf(participation),
  };
}

/** The official examples put the system's name in softwareName and a full stop in the compulsory model name. */
function deviceName(device: XmlElement): string | null {
  return foldedText(child(device, 'softwareName')) ?? foldedText(child(device, 'manufacturerModelName'));
}

function timeOf(participation: XmlElement): string | null {
  const time = child(participation, 'time');
  return attribute(time, 'value') ?? attribute(child(time, 'low'), 'value');
}
