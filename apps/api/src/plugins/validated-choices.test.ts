import {
  ALERT_TYPES,
  BULK_ACTIONS,
  CHANNEL_TYPES,
  DESTINATION_TYPES,
  SIGNATURE_SCHEMAS,
  TOOL_SCHEMAS,
} from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

const AGENT = { name: 'a', model: 'sandbox:echo' };
const TOOL = { type: 'http', name: 'refund', method: 'POST', url: 'https://example.com' };

test.each<[object, { path: string; message: string }]>([
  [
    { tools: [{ ...TOOL, approval: 'sometimes' }] },
    { path: '/tools/0/approval', message: 'must be one of never, always, or of the type object' },
  ],
  [
    { tools: [{ ...TOOL, approval: { when: '' } }] },
    { path: '/tools/0/approval/when', message: 'must NOT have fewer than 1 characters' },
  ],
  [
    { model_options: { tool_choice: 5 } },
    {
      path: '/model_options/tool_choice',
      message: 'must be one of auto, required, none, or of the type object',
    },
  ],
  [
    { model_options: { tool_choice: { tool: 5 } } },
    { path: '/model_options/tool_choice/tool', message: 'must be string' },
  ],
  [{ response: { status: 'fine' } }, { path: '/response/status', message: 'must be one of 200, 202, 204' }],
])('a field that takes several values says which, once: %j', async (fields, error) => {
  const payload = { ...AGENT, ...fields };
  const answer = await env.admin({ method: 'POST', url: '/api/agents', payload });
  expect(answer.json()).toMatchObject({ status: 400, errors: [error], errors_total: 1 });
});

const TOOLS = Object.keys(TOOL_SCHEMAS);
const UNKNOWN = '/api/agents/agt_019a5c3e7d21a1b2c3d4e5f60718';

test.each<['POST' | 'PATCH', string, object, string, readonly string[]]>([
  ['POST', '/api/agents', { ...AGENT, tools: [{ type: 'none' }] }, '/tools/0/type', TOOLS],
  ['PATCH', UNKNOWN, { tools: [{ type: 'none' }] }, '/tools/0/type', TOOLS],
  ['POST', '/api/tools/check', { tool: { type: 'none' } }, '/tool/type', TOOLS],
  ['POST', `${UNKNOWN}/test`, { configuration: { tools: [{}] } }, '/configuration/tools/0/type', TOOLS],
  ['POST', '/api/agents', { ...AGENT, destinations: [{}] }, '/destinations/0/type', DESTINATION_TYPES],
  ['PATCH', UNKNOWN, { destinations: [{ type: 'none' }] }, '/destinations/0/type', DESTINATION_TYPES],
  ['PATCH', UNKNOWN, { signature: { scheme: 1 } }, '/signature/scheme', Object.keys(SIGNATURE_SCHEMAS)],
  ['POST', '/api/alert-rules', { name: 'a', type: 'none' }, '/type', ALERT_TYPES],
  ['POST', '/api/notify-channels', { name: 'a', type: 'none' }, '/type', CHANNEL_TYPES],
  ['POST', '/api/bulk', { action: 'none', ids: ['a'] }, '/action', BULK_ACTIONS],
])('an unknown kind is told which there are: %s %s %j', async (method, url, payload, path, kinds) => {
  const answer = await env.admin({ method, url, payload });
  expect(answer.json().errors).toContainEqual({ path, message: `must be one of ${kinds.join(', ')}` });
});
