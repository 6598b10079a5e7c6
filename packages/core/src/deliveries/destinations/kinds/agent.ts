import { MAX_PAYLOAD_BYTES, MAX_RELAYS } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { AGENT, type AgentGate } from '../../../agents/agent-hash.js';
import { parseGate } from '../../../agents/stored/parse-gate.js';
import { readVersion } from '../../../agents/version-store.js';
import type { Context } from '../../../context.js';
import { taskIdOfText } from '../../../queue/task-id-of-text.js';
import { redisClock, redisTime } from '../../../redis/clock.js';
import { keys } from '../../../redis/keys.js';
import { offerTask } from '../../../tasks/enqueue.js';
import { accepted, NotYet, Unsendable } from '../sent.js';
import type { DestinationKind } from './destination-kind.js';

/** Makes a task of another agent, once: its id follows from that of the delivery. */
export const agent: DestinationKind<'agent'> = {
  receiver: ({ agent_id }) => `agent:${agent_id}`,
  send: async ({ agent_id, payload: template }, sending) => {
    const { ctx, id, about, agentId, facts, fill } = sending;
    const depth = (about.relay?.depth ?? 0) + 1;
    if (depth > MAX_RELAYS) {
      const many = `${MAX_RELAYS} tasks were made one from the end of the other`;
      throw new Unsendable('too_deep', `${many}, so this end makes no further one.`);
    }
    const gateJson = await ctx.redis.hget(keys.agent(agent_id), AGENT.gate);
    if (gateJson === null) throw new Unsendable('target_deleted', `There is no agent ${agent_id}.`);
    const gate = parseGate(gateJson);
    if (gate.status === 'disabled') throw new NotYet(`The agent ${agent_id} is disabled.`);
    const text = template === undefined ? undefined : await fill('payload', template, 'content');
    const { task, payload: given, result } = facts;
    const payload = text === undefined ? { task, payload: given, result } : jsonOr(text);
    if (JSON.stringify(payload).length > MAX_PAYLOAD_BYTES)
      throw new Unsendable('template_failed', `The payload is longer than ${MAX_PAYLOAD_BYTES} characters.`);
    await checkPayload(ctx, agent_id, gate, payload);
    const offered = await offerTask(ctx, {
      data: { agent_id, agent_version: gate.version, payload, headers: {} },
      trigger: 'destination',
      relay: { task: task.id, agent: agentId, depth },
      taskId: await taskIdOfText(ctx, agent_id, id, 'destination task'),
      maxAttempts: gate.max_attempts,
      maxPending: gate.max_pending,
      view: gate,
      redisNow: redisClock(await redisTime(ctx.redis)),
    });
    if (offered.outcome === 'rejected') throw new NotYet(`The agent ${agent_id} answered ${offered.code}.`);
    return accepted(ctx, `agent:${agent_id}`, JSON.stringify({ success: true, task_id: offered.task_id }));
  },
};

function jsonOr(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** As intake does for an event. */
async function checkPayload(ctx: Context, agentId: string, gate: AgentGate, payload: unknown): Promise<void> {
  if (!gate.has_input_schema) return;
  const schema = (await readVersion(ctx, agentId, gate.version))?.input_schema;
  if (!schema) return;
  const checked = await ctx.bounded.check(schema, payload, { key: agentId });
  switch (checked.outcome) {
    case 'fits':
    case 'bad_schema':
      return;
    case 'starved':
      throw new NotYet('The payload could not be checked, because too much is being checked.');
    case 'misfit': {
      const [first] = checked.issues;
      const where = first?.path === '' ? 'it' : first?.path;
      throw new Unsendable(
        'invalid_payload',
        `The payload does not match input_schema: ${where} ${first?.message}.`,
      );
    }
    case 'too_slow':
    case 'too_large':
      throw new Unsendable('invalid_payload', 'Checking the payload against input_schema takes too long.');
  }
}
