import { type Stack, until } from '../../index.js';

/** What the pages show in tests and screenshots. */
export interface Demo {
  agents: { triage: string; summary: string };
  tasks: { answered: string; usedTool: string; failed: string };
  /** A conversation of the triage agent. */
  conversation: string;
  /** The fragment of a link that shows one of the runs. */
  share: string;
}

const tokens = 508;

interface Due {
  schedules: { last_task: { status: string | null } | null }[];
}

const WEEKLY = { alert: 'weekly check' };

/** The number of a day of the week that is so many days away, so that nothing is due while a test looks. */
const dayOfWeekIn = (days: number): number => (new Date().getUTCDay() + days) % 7;

/** Two agents, and runs with several outcomes. */
export async function makeDemo(stack: Stack): Promise<Demo> {
  const triage = await stack.createAgent({
    name: 'Ticket triage',
    description: 'Reads each new support ticket, labels it and picks a queue.',
    model: 'sandbox:echo',
    system_prompt: 'You sort support tickets. Answer with one label: billing, bug, question or abuse.',
    input_template: 'Ticket {{ payload.id }} from {{ payload.customer }}:\n\n{{ payload.text }}',
    tools: [
      {
        type: 'memory',
        name: 'notes',
      },
    ],
    sandbox_tools: true,
    conversation: { key: '{{ payload.customer }}' },
  });
  const summary = await stack.createAgent({
    name: 'Incident summary',
    description: 'Turns an alert into three plain sentences for the status page.',
    model: 'sandbox:echo',
    system_prompt: 'Summarise the incident for people who know nothing of the system.',
    filter: 'payload.alert != "test"',
    schedules: [
      { id: 'weekly', cron: `0 6 * * ${dayOfWeekIn(3)}`, timezone: 'Europe/Berlin', payload: WEEKLY },
      { id: 'once', at: new Date(Date.now() + 3000).toISOString(), payload: { alert: 'first check' } },
    ],
  });
  const [triageHook, summaryHook] = await Promise.all([
    stack.mintWebhook(triage.id),
    stack.mintWebhook(summary.id),
  ]);
  const run = async (token: string, payload: Record<string, unknown>) => {
    const { body } = await stack.trigger(token, payload);
    await stack.poll(body.task_id);
    return body.task_id;
  };
  const ticket = { id: 4711, customer: 'Ada Lovelace', text: 'I was charged twice for October.' };
  const failed = await run(summaryHook.token, {
    alert: 'disk full on db-2',
    sandbox: { steps: [{ fail: 'refused' }] },
  });
  const usedTool = await run(triageHook.token, {
    ...ticket,
    sandbox: {
      steps: [
        {
          text: 'Looking at what I know of this customer.',
          tool: { name: 'notes_recall', arguments: { query: 'Lovelace' } },
          latency_ms: 120,
          tokens,
        },
        {
          tool: { name: 'notes_save', arguments: { key: 'Ada Lovelace', text: 'Charged twice in October.' } },
          latency_ms: 60,
          tokens,
        },
      ],
      reply: 'billing',
    },
  });
  const answered = await run(triageHook.token, { ...ticket, id: 4712, sandbox: { reply: 'billing' } });
  await stack.request('POST', '/api/keys', { name: 'Night shift', role: 'operator' });
  await stack.trigger(summaryHook.token, { alert: 'test' });
  await stack.trigger(triageHook.token, '{"id": 4713');
  const shared = await stack.request<{ url: string }>('POST', `/api/tasks/${usedTool}/share`, {
    shows: 'full',
  });
  await until('the schedule that was due has run', async () => {
    const { body } = await stack.request<Due>('GET', `/api/agents/${summary.id}/schedules`);
    return body.schedules.some(({ last_task }) => last_task?.status === 'SUCCESS');
  });
  return {
    share: new URL(shared.body.url).hash,
    agents: { triage: triage.id, summary: summary.id },
    tasks: { answered, usedTool, failed },
    conversation: String((await stack.status(answered)).body.conversation_id),
  };
}
