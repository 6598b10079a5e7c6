import { setTimeout as sleep } from 'node:timers/promises';
import { type MessageServer, startGitHubServer, startSlackServer } from '../../index.js';
import { makeAgent, post, read, spread } from '../asking.js';
import { COMMON_FAULTS, compareStored, waitForEnds } from '../ends.js';
import { openLedger } from '../ledger.js';
import type { OpenKind } from './kind.js';

const TASKS = 60;
/** How long an answer takes at most, in ms, after the message is stored: so that many die in between. */
const SLOWEST_MS = 1_500;
const PAUSE_MS = 1_000;

interface Delivery {
  id: string;
  status: string;
}

/** Tasks whose ends are a comment on GitHub and a message in Slack, each once. */
export const openMessages: OpenKind = async (world, { scale, seconds }) => {
  const [gitHub, slack] = await Promise.all([startGitHubServer(), startSlackServer()]);
  const servers: MessageServer[] = [gitHub, slack];
  for (const server of servers) {
    server.answersAfter = () => {
      server.calls.length = 0;
      world.hasProgressed();
      return sleep(SLOWEST_MS * Math.random());
    };
  }
  const agent = await makeAgent(world, {
    name: 'Messages',
    destinations: [
      {
        type: 'github',
        base_url: gitHub.url,
        repository: 'acme/printer',
        issue: '{{ payload.issue }}',
        body: '{{ task.id }}',
        secrets: { token: 'ghp_the_token' },
      },
      {
        type: 'slack',
        base_url: slack.url,
        channel: 'C{{ payload.issue }}',
        text: '{{ task.id }}',
        secrets: { token: 'xoxb-the-token' },
      },
    ],
  });
  const tasks: string[] = [];
  const close = () => Promise.all(servers.map((server) => server.close()));
  return {
    send: () =>
      spread(TASKS * scale, seconds, async (n) => {
        const payload = { issue: 1 + (n % 10), sandbox: { reply: 'done' } };
        tasks.push(await post(world, agent.token, `message-${n}`, payload));
      }),
    judge: async () => {
      const ledger = openLedger('messages', [...COMMON_FAULTS, 'not sent', 'sent twice', 'not delivered']);
      await waitForEnds(world, ledger, tasks);
      await compareStored(world, ledger, agent.id, tasks);
      const pending = async () => {
        const found: Delivery[] = [];
        for (let cursor: string | null = ''; cursor !== null; ) {
          const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
          const path = `/api/agents/${agent.id}/callbacks?${query}`;
          const page: { callbacks: Delivery[]; next_cursor: string | null } = await read(world, path);
          found.push(...page.callbacks.filter(({ status }) => status === 'pending'));
          cursor = page.next_cursor;
        }
        return found;
      };
      const hasAll = ({ written }: MessageServer) => written.length >= tasks.length;
      while (!world.isOver() && !servers.every(hasAll)) await sleep(PAUSE_MS);
      for (let left = await pending(); left.length > 0; left = await pending()) {
        if (world.isOver()) {
          for (const { id } of left) ledger.fault('not delivered', id);
          break;
        }
        await sleep(PAUSE_MS);
      }
      for (const [name, { written }] of [['GitHub', gitHub] as const, ['Slack', slack] as const]) {
        const counts = new Map<string, number>();
        for (const { text } of written) {
          const id = text.slice(0, 36);
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        for (const id of tasks) {
          const count = counts.get(id) ?? 0;
          if (count === 0) ledger.fault('not sent', `${name}: ${id}`);
          if (count > 1) ledger.fault('sent twice', `${name}: ${id}`);
        }
        ledger.note(`messages of ${name}`, written.length);
      }
      await close();
      return ledger.figures();
    },
  };
};
