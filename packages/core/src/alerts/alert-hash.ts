/** The fields of an alert's hash. */
export const ALERT = {
  /** A StoredAlert, as JSON. */
  about: 'about',
  /** When it began and ended, in ms. */
  opened: 'opened',
  resolved: 'resolved',
  resolution: 'resolution',
} as const;

/** Where an alert's id has its time, in hex, ms since the epoch: the first and the last character, from 1. */
export const ID_TIME = { first: 5, last: 16 } as const;
