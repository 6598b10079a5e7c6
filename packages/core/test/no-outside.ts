import type { Outside } from '../src/senders/outside.js';

const fail = () => Promise.reject(new Error('This sender needs nothing from the outside.'));

/** For senders that need nothing from the outside. */
export const noOutside: Outside = { publicKeyAt: fail, visit: fail };
