import { Agent, fetch } from 'undici';

/**
 * A fetch that waits as long as its signal lets it. Node's own gives up on an answer's head after 300 s, while a model
 * that thinks may take longer and an agent's timeout_seconds may be an hour. Idle sockets do not keep the process alive.
 */
export function createPatientFetch(): typeof globalThis.fetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const patient: typeof fetch = (url, init) => fetch(url, { ...init, dispatcher });
  return patient as unknown as typeof globalThis.fetch;
}
