import type { AgentConfig } from '@agenthook/contracts';
import { AGENT } from '../agents/agent-hash.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { SECRET_CHECK } from '../secrets/check-secret-key.js';
import { opens } from '../secrets/rotate-secret-key.js';
import { sealedInCallback, sealedInConfig } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { type Finding, findingsOf, someOf } from './finding.js';
import { type StoredAgent, storedAgents } from './stored-agents.js';

/** What agents use, each with the names of the agents that use it. */
export interface InUse {
  /** Providers of models. */
  providers: Map<string, string[]>;
  /** `host:port` of tools and callbacks. */
  hosts: Map<string, string[]>;
}

/**
 * Checks that SECRET_KEY opens what is stored, and that each agent can be read. Collects what agents use.
 *
 * @param box undefined without a SECRET_KEY
 */
export async function checkStored(
  redis: RedisClient,
  box: SecretBox | undefined,
): Promise<{ findings: Finding[]; inUse: InUse }> {
  const inUse: InUse = { providers: new Map(), hosts: new Map() };
  const [closed, broken]: [string[], string[]] = [[], []];
  let [agents, secrets] = [0, 0];
  for await (const agent of storedAgents(redis)) {
    agents++;
    if (agent.config === undefined) broken.push(agent.id);
    else collect(inUse, agent.config, agent);
    const sealed = [
      ...sealedInConfig(agent.config, agent.id),
      ...sealedInCallback(agent.hash[AGENT.callbackSecrets], agent.id),
    ];
    secrets += sealed.length;
    if (box && sealed.some((value) => !opens(box, value.sealed, value.context))) closed.push(agent.name);
  }
  const findings = [await secretKey(redis, box)];
  const stored = findingsOf('secrets');
  if (closed.length > 0)
    findings.push(
      stored.error(
        `Secrets of ${closed.length} agent(s) cannot be opened with this SECRET_KEY: ${someOf(closed)}.`,
        'Set the SECRET_KEY (or SECRET_KEY_PREVIOUS) that they were stored with. If it is lost: agenthook ' +
          'reset-secrets.',
      ),
    );
  else if (box) findings.push(stored.ok(`All ${secrets} secret(s) of ${agents} agent(s) can be opened.`));
  if (broken.length > 0)
    findings.push(
      findingsOf('agents').error(
        `${broken.length} stored agent(s) cannot be read: ${someOf(broken)}.`,
        'Send each a PATCH with what it lacks, or delete it.',
      ),
    );
  return { findings, inUse };
}

async function secretKey(redis: RedisClient, box: SecretBox | undefined): Promise<Finding> {
  const { ok, info, warning, error } = findingsOf('secret_key');
  if (!box)
    return error('There is no SECRET_KEY, so stored secrets cannot be checked.', 'Set the one of the api.');
  const proof = await redis.get(keys.secretCheck);
  if (proof === null) return info('This Redis is not bound to a SECRET_KEY yet: the first process binds it.');
  const [key] = box.fingerprints();
  if (box.sealLike(proof, SECRET_CHECK)) {
    if (box.fingerprints()[0] === key) return ok('SECRET_KEY is the one that this Redis was set up with.');
    return warning(
      'This Redis is still used with SECRET_KEY_PREVIOUS.',
      'Run agenthook rotate-secret-key once all processes have both keys.',
    );
  }
  return error(
    'SECRET_KEY is not the one that this Redis was set up with: processes with it do not start.',
    'Set the right one. If it is lost: agenthook reset-secrets.',
  );
}

function collect({ providers, hosts }: InUse, config: AgentConfig, { name }: StoredAgent): void {
  const add = (map: Map<string, string[]>, key: string) => {
    const names = map.get(key) ?? [];
    if (!names.includes(name)) map.set(key, [...names, name]);
  };
  for (const model of [config.model, ...(config.fallback_models ?? [])])
    add(providers, model.split(':', 1)[0] ?? '');
  const urls = [config.callback?.url, ...config.tools.map((tool) => (tool as { url?: unknown }).url)];
  for (const url of urls) {
    // A template in the host is filled in by each run.
    if (typeof url !== 'string' || /^[^/]*\/\/[^/]*\{/.test(url) || !URL.canParse(url)) continue;
    const { hostname, port, protocol } = new URL(url);
    add(hosts, `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`);
  }
}
