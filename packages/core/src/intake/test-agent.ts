import type { AgentPatch, AgentTest, TestSend } from '@agenthook/contracts';
import { draftOfAgent } from '../agents/draft-of-agent.js';
import { makeGate } from '../agents/make-gate.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { withLowerNames } from '../senders/request.js';
import type { Addressee, ReceiveOutcome } from './inbound.js';
import { receive } from './receive.js';
import { resolveAgent } from './resolve-webhook.js';
import { shownTest } from './shown-test.js';
import { signAs } from './sign-for.js';
import { WAYS } from './ways.js';

/** A request that an agent's owner sends to the agent. */
export interface TestRequest {
  body: Buffer;
  /** Names in lower case. */
  headers: Record<string, string>;
  send: TestSend;
  /** What to try instead of the saved configuration. */
  configuration?: AgentPatch | undefined;
}

/**
 * Sends a request to an agent, with or without a webhook. Returns what was sent, without secrets, and the
 * outcome. The task is marked as a test. The rate does not apply, rejections are not stored, and keys of
 * tests are separate from those of real events.
 *
 * `direct` ignores signature, key and handshake: it creates a task whenever the payload matches the agent's
 * input_schema.
 *
 * Throws `unknown_agent` and, for a draft, what a save throws.
 */
export async function testAgent(
  ctx: Context,
  agentId: string,
  { body, headers, send, configuration }: TestRequest,
): Promise<{
  sent: { headers: Record<string, string>; body: Buffer };
  outcome: ReceiveOutcome;
  ran: AgentTest['ran'];
}> {
  const request = { method: 'POST', publicUrl: TEST_ORIGIN, url: TEST_URL, query: '', body, headers };
  const signs = send === 'signed' || send === 'tampered';
  const { draft, ...tried } = await draftOfAgent(ctx, agentId, configuration);
  const saved = await resolveAgent(ctx, agentId);
  if (!saved) throw unknownAgent(agentId);
  const agent: Addressee = draft ? { ...saved, gate: makeGate(draft, tried.version), draft } : saved;
  const signed = signs ? signAs(ctx, agent, request) : { headers: {} };
  const all = { ...headers, ...withLowerNames(signed.headers) };
  const { body: written = body, url = TEST_URL } = signed;
  const bytes = send === 'tampered' ? tampered(written) : written;
  const outcome = await receive(
    ctx,
    agent,
    { ...request, url, query: queryOf(url), body: bytes, headers: all },
    send === 'direct' ? WAYS.directTest : WAYS.playedTest,
  );
  const ran = { ...tried, version: agent.gate.version, draft: draft !== undefined };
  return { sent: shownTest(ctx, agent, { headers: all, body: bytes }, signs), outcome, ran };
}

/** A test has no token, and calls no URL. For senders that sign the URL, this one is signed and checked. */
const TEST_ORIGIN = 'https://test.invalid';
const TEST_URL = '/api/webhooks/agents/test';
const queryOf = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

/** A body whose last letter or digit is changed. If it has none, appends a byte. */
function tampered(body: Buffer): Buffer {
  const text = body.toString('latin1');
  const at = text.search(/[0-9A-Za-z][^0-9A-Za-z]*$/);
  if (at === -1) return Buffer.concat([body, Buffer.from(' ')]);
  const other = text[at] === '1' ? '2' : '1';
  return Buffer.from(text.slice(0, at) + other + text.slice(at + 1), 'latin1');
}
