import type { BrowserContext, Page } from 'playwright-core';

/** What came over the network since it was last asked: bytes as they were sent, headers included. */
export interface Wire {
  /** Bytes by type of resource: `Script`, `Fetch`, … */
  take(): Map<string, number>;
}

/** Counts what a page receives from now on. */
export async function watchWire(context: BrowserContext, page: Page): Promise<Wire> {
  const network = await context.newCDPSession(page);
  const types = new Map<string, string>();
  let bytes = new Map<string, number>();
  await network.send('Network.enable');
  network.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId) ?? 'Other';
    bytes.set(type, (bytes.get(type) ?? 0) + encodedDataLength);
  });
  return {
    take: () => {
      const taken = bytes;
      bytes = new Map();
      return taken;
    },
  };
}
