/** How many large bodies of one webhook are read or wait to be: the next one is told to come again. */
const PER_WEBHOOK = 8;
/** How many of one address. Several senders may share one. */
const PER_ADDRESS = 32;
/** A webhook's large bodies are read a quarter of the time: after each, the next one waits three times as long as it took. */
const PAUSE = 3;

/** The place of one large body in line. */
interface Place {
  /** Frees the place. `spentMs` is what reading the body took. */
  leave(spentMs: number): void;
}

/** Makes the large bodies of a webhook, and those of an address, wait for each other. */
export interface LargeBodies {
  /** Waits for the turn of a body; undefined where too many wait already. */
  enter(webhook: string, address: string | undefined): Promise<Place | undefined>;
}

/**
 * Large bodies are dear to read and to store: whoever sends many of them at once waits for their own, and does not take
 * the time of others. In memory, per process.
 */
export function createLargeBodies(): LargeBodies {
  const lines = new Map<string, { bodies: number; last: Promise<void> }>();
  const addresses = new Map<string, number>();

  return {
    enter: async (webhook, address = '') => {
      const line = lines.get(webhook) ?? { bodies: 0, last: Promise.resolve() };
      const fromAddress = addresses.get(address) ?? 0;
      if (line.bodies >= PER_WEBHOOK || (address !== '' && fromAddress >= PER_ADDRESS)) return undefined;
      lines.set(webhook, line);
      line.bodies += 1;
      addresses.set(address, fromAddress + 1);
      const before = line.last;
      let next: () => void = () => undefined;
      line.last = new Promise((resolve) => {
        next = resolve;
      });
      await before;
      return {
        leave: (spentMs) => {
          const rest = (addresses.get(address) ?? 1) - 1;
          if (rest > 0) addresses.set(address, rest);
          else addresses.delete(address);
          line.bodies -= 1;
          setTimeout(() => {
            next();
            if (line.bodies === 0) lines.delete(webhook);
          }, spentMs * PAUSE).unref();
        },
      };
    },
  };
}
