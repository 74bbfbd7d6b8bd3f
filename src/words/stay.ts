/** An administrative stay (séjour) of one patient in one site. Holds no trait and no matricule. */
export interface Stay {
  finessEj: string;
  finessEg: string;
  /** Administrative file number, PID-18. */
  stayNo: string;
  /** Visit number, PV1-19. */
  visitNo: string | null;
  /** Who it is of: the keyed hash of the local identifier (IPP) in a file of stays, the person of a movement; null unknown. */
  patient: string | null;
  /** PV1-2: I, O, E, R or N. */
  class: string;
  admittedAt: string | null;
  dischargedAt: string | null;
  dischargeMode: string | null;
  specialty: string | null;
  hasSurgery: boolean;
  isSession: boolean;
  motherStayNo: string | null;
}

/** A biology or imaging exam. */
export interface Exam {
  finessEj: string;
  finessEg: string;
  patient: string | null;
  stayNo: string | null;
  kind: 'BIO' | 'IMG';
  examId: string;
  accession: string | null;
  studyUid: string | null;
  performedAt: string | null;
  validatedAt: string | null;
  inHouse: boolean;
}
