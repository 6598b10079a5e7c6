import { type ActionRequiredPayload, type AskedEntry, iso } from '@agenthook/contracts';
import { readAgentName } from '../../agents/agent-name.js';
import type { Context } from '../../context.js';
import type { About } from '../../queue/job.js';
import { tokenOf } from '../../tasks/asking/links.js';
import { readAsked } from '../../tasks/asking/read-asked.js';
import type { Content, Untold } from './told.js';

/** How a message begins, and what its link says, by what is asked for. */
const WORDS = {
  approval: { title: 'Approval needed', text: 'wants to call', label: 'Approve or deny' },
  question: { title: 'A question', text: 'asks a person with', label: 'Answer' },
  callback: { title: 'Waits for a callback', text: 'waits for another system with', label: 'Open the run' },
} as const;

/** The message about an ask, with a link that decides; nothing once somebody has decided. */
export async function askContent(
  ctx: Context,
  shard: number,
  { task, place }: { task: string; place: string },
  publicUrl: () => Promise<string>,
): Promise<Content | Untold> {
  const found = await readAsked(ctx, shard, task, place);
  if (!found) return { end: 'already_decided', status: 'skipped' };
  const { asked, about } = found;
  const [name, base] = await Promise.all([readAgentName(ctx, about.agent), publicUrl()]);
  const event = eventOf(ctx, task, asked, about, base);
  const { title, text, label } = WORDS[asked.kind];
  const isPeoples = asked.kind !== 'callback';
  return {
    message: {
      title: `${title}: ${asked.name}`,
      text: asked.question ?? `${name} ${text} ${asked.name}.`,
      facts: [
        { name: 'Agent', value: name },
        ...(asked.question === undefined
          ? [{ name: 'Arguments', value: JSON.stringify(asked.arguments, null, 1), isCode: true as const }]
          : []),
        { name: 'Until', value: `${iso(asked.expires_ms).slice(0, 16).replace('T', ' ')} UTC` },
      ],
      link: { label, url: isPeoples ? event.data.url : `${base}/runs/${task}` },
      event,
    },
    forCallback: about.public_result === undefined ? event : withoutContent(event),
    isTest: false,
  };
}

function eventOf(
  ctx: Context,
  taskId: string,
  asked: AskedEntry,
  { agent, version, trigger }: About,
  base: string,
): ActionRequiredPayload {
  const url =
    asked.kind === 'callback'
      ? `${base}/api/callbacks/${tokenOf(ctx, 'callback', taskId, asked)}`
      : `${base}/decide/${tokenOf(ctx, 'decide', taskId, asked)}`;
  return {
    type: 'task.action_required',
    timestamp: asked.at,
    data: {
      task_id: taskId,
      call_id: asked.call_id,
      agent_id: agent,
      agent_version: version,
      trigger,
      kind: asked.kind,
      tool: asked.name,
      arguments: asked.arguments,
      ...(asked.question !== undefined && { question: asked.question }),
      asked_at: asked.at,
      expires_at: iso(asked.expires_ms),
      url,
    },
  };
}

/** For an agent whose `public_result` hides what its tools are called with. */
function withoutContent({ data, ...event }: ActionRequiredPayload): ActionRequiredPayload {
  const { arguments: _arguments, question: _question, ...rest } = data;
  return { ...event, data: rest };
}
