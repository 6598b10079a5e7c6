import { checkProviders } from '@agenthook/agent';
import { type Finding, findingsOf, type InUse, someOf } from '@agenthook/core';
import { createEgress, type Egress, EgressError, parseAllow } from '@agenthook/egress';

/** The address of the clouds' metadata services, which give away credentials. */
const METADATA = '169.254.169.254';
/** How many hosts of agents are looked up. */
const MOST_HOSTS = 200;
/** How long one look-up may take, in ms. */
const LOOK_UP_MS = 3_000;

/**
 * Checks the providers that this environment configures, and whether agents use one that nobody can call.
 *
 * @param live providers that live workers can call
 */
export async function checkModelProviders(
  settings: Parameters<typeof checkProviders>[0],
  inUse: InUse | undefined,
  live: readonly string[],
  offline: boolean,
): Promise<Finding[]> {
  const { ok, info, warning, error } = findingsOf('providers');
  const offered = await checkProviders(settings, offline ? refuse : undefined);
  const found = offered.map(({ provider, outcome, detail }) => {
    if (offline || outcome === 'not_asked') return info(`${provider} is configured, and was not asked.`);
    if (outcome === 'answers') return ok(`${provider} is reachable: ${detail}.`);
    if (outcome === 'refuses_key')
      return error(
        `${provider} refuses its key: ${detail}.`,
        'Set a key that is valid, and restart workers.',
      );
    return error(
      `${provider} cannot be reached: ${detail}.`,
      'Check its base URL, the name server, and the firewall and proxy of this machine.',
    );
  });
  const known = new Set(['sandbox', ...live, ...offered.map(({ provider }) => provider)]);
  for (const [provider, agents] of inUse?.providers ?? []) {
    if (known.has(provider)) continue;
    found.push(
      warning(
        `Neither a live worker nor this environment can call ${provider}, which ${someOf(agents)} use(s).`,
        `Give the workers what ${provider} needs (docs/reference/providers.md), or change the model.`,
      ),
    );
  }
  return found.length > 0 ? found : [info('No provider is configured: only sandbox:echo can run.')];
}

const refuse = async (): Promise<never> => {
  throw new Error('offline');
};

/** Checks EGRESS_ALLOW, and whether the hosts of agents' tools and callbacks may be reached with it. */
export async function checkEgress(
  text: string,
  inUse: InUse | undefined,
  offline: boolean,
): Promise<Finding[]> {
  const { ok, info, warning, error } = findingsOf('egress');
  let allow: string[];
  try {
    allow = parseAllow(text);
  } catch (problem) {
    return [error((problem as Error).message, 'Correct EGRESS_ALLOW; no process starts with it.')];
  }
  const egress = createEgress({ allow });
  try {
    const found: Finding[] = [];
    if ((await reasonAgainst(egress, METADATA, 80)) === undefined)
      found.push(
        warning(
          `EGRESS_ALLOW opens ${METADATA}, where clouds hand out credentials, to agents' tools.`,
          'Name single hosts or smaller ranges in EGRESS_ALLOW.',
        ),
      );
    const hosts = [...(inUse?.hosts ?? [])];
    for (const [host, agents] of offline ? [] : hosts.slice(0, MOST_HOSTS)) {
      const [, name = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(host) ?? [];
      const reason = await reasonAgainst(egress, name, Number(port));
      if (reason === undefined) continue;
      found.push(
        warning(
          `${someOf(agents)} cannot reach ${host}: ${reason.message}`,
          reason.code === 'blocked'
            ? `If they may, add ${host} to EGRESS_ALLOW of the workers.`
            : 'Check the URL and the name server.',
        ),
      );
    }
    if (found.length > 0) return found;
    const opened =
      allow.length === 0 ? 'Only public addresses can be reached' : `EGRESS_ALLOW opens ${someOf(allow)}`;
    if (offline) return [info(`${opened}; hosts of agents were not looked up.`)];
    return [ok(`${opened}; ${Math.min(hosts.length, MOST_HOSTS)} host(s) of agents may be reached.`)];
  } finally {
    await egress.close();
  }
}

async function reasonAgainst(egress: Egress, host: string, port: number): Promise<EgressError | undefined> {
  try {
    await egress.resolve(host, port, { signal: AbortSignal.timeout(LOOK_UP_MS) });
    return undefined;
  } catch (error) {
    if (error instanceof EgressError) return error;
    throw error;
  }
}
