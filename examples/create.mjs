/**
 * `node examples/create.mjs NAME`: creates the agent of an example and its webhook, and prints them as shell
 * variables.
 *
 * Reads API (http://localhost:7091), ADMIN_API_KEY (.agenthook/admin_api_key), MODEL (the default model),
 * SECRET (the sender's; default: a random one) and, for each secret of a tool, a variable of its name.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, load } from 'js-yaml';

/** Stands in the files where a secret belongs; the Studio asks for it. */
const PLACEHOLDER = 'https://enter-the-secret.invalid';

const { env } = process;
const api = env.API || 'http://localhost:7091';
const key =
  env.ADMIN_API_KEY || readFileSync(new URL('../.agenthook/admin_api_key', import.meta.url), 'utf8').trim();

async function post(path, body) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

const name = process.argv[2] ?? '';
const file = new URL(`${name}/agent.yaml`, import.meta.url);
const agent = load(readFileSync(file, 'utf8'), { schema: CORE_SCHEMA });
if (env.MODEL) agent.model = env.MODEL;
const secret = env.SECRET || `whsec_${randomBytes(24).toString('base64')}`;
if (agent.signature) agent.signature.secret = secret;
for (const { secrets = {} } of agent.tools ?? [])
  for (const [variable, value] of Object.entries(secrets))
    if (value === PLACEHOLDER && env[variable]) secrets[variable] = env[variable];

const { id } = await post('/api/agents', agent);
const { webhook_url } = await post(`/api/agents/${id}/webhook`, {});
const variables = { AGENT_ID: id, WEBHOOK_URL: webhook_url, ...(agent.signature && { SECRET: secret }) };
for (const [variable, value] of Object.entries(variables)) process.stdout.write(`${variable}=${value}\n`);
