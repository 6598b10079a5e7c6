import { sleep } from '@agenthook/async';
import {
  type BudgetPort,
  type BudgetRefusal,
  isCopied,
  type LogEntry,
  type StepLog,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { NANO_USD } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { tellNotices } from './notices.js';
import { reserveTurnScript } from './reserve-turn.script.js';
import { refusalOf } from './standing.js';

/** How long a turn waits for what other runs have reserved before its task is parked, in ms. */
const WAIT_MS = 5_000;
const LOOK_MS = 200;

/** The budgets of one attempt. */
export interface OpenBudget extends BudgetPort {
  /** The journal, of which each turn is counted. */
  log: StepLog;
  /** Why the last turn was refused. */
  refusal(): BudgetRefusal | undefined;
  /** Counts what is not counted yet, and frees what is reserved. */
  settle(): Promise<void>;
}

/**
 * Opens the budgets of an agent for an attempt at a task. What is spent is always told as a whole, from the
 * journal, so a turn counts once, whatever is repeated after a crash.
 */
export function openBudget(
  ctx: Context,
  { id, agentId, log }: { id: string; agentId: string; log: StepLog },
): OpenBudget {
  const spent = { tokens: 0, nano: 0, unpriced: 0 };
  const count = (entries: readonly LogEntry[]) => {
    for (const entry of entries) add(spent, entry);
  };
  count(log.entries);
  let refused: BudgetRefusal | undefined;
  let isOpen = false;

  const ask = async (tokens: number, nano: number, reserves: boolean) => {
    const [outcome, refusal, notices] = await reserveTurnScript(
      ctx.redis,
      {
        agent: keys.agent(agentId),
        agentSpend: keys.agentSpend(agentId),
        budget: keys.budget,
        ownSpend: keys.spend,
        spending: keys.spending,
      },
      { id, agentId, ...spent, askTokens: tokens, askNano: nano, reserves },
    );
    tellNotices(ctx, agentId, notices);
    return refusalOf(refusal, outcome === 'busy');
  };
  return {
    log: {
      entries: log.entries,
      append: async (...entries) => {
        await log.append(...entries);
        count(entries);
      },
    },
    refusal: () => refused,
    reserve: async ({ tokens, usd }, signal) => {
      isOpen = true;
      const nano = Math.ceil((usd ?? 0) * NANO_USD);
      const until = performance.now() + WAIT_MS;
      refused = await ask(Math.ceil(tokens), nano, true);
      while (refused?.isBusy && performance.now() < until) {
        await sleep(LOOK_MS * (0.5 + Math.random()), { signal });
        refused = await ask(Math.ceil(tokens), nano, true);
      }
      return refused;
    },
    settle: async () => {
      if (isOpen) await ask(0, 0, false);
    },
  };
}

function add(spent: { tokens: number; nano: number; unpriced: number }, entry: LogEntry): void {
  const part = entry.type === 'context' ? entry.spent : entry.type === 'turn' && !isCopied(entry) && entry;
  if (!part) return;
  spent.tokens += part.input_tokens + part.output_tokens;
  spent.nano += Math.round((part.cost_usd ?? 0) * NANO_USD);
  if (part.cost_usd === null) spent.unpriced += 1;
}
