import { BUDGET_LEVELS, type BudgetState, MAX_OPEN_ALERTS } from '@agenthook/contracts';
import { budgetsOf, installationBudget, listBudgets } from '../../budget/read-budgets.js';
import type { Context } from '../../context.js';
import type { Condition, Firing, Pass } from './condition.js';
import { nameOf } from './subject-name.js';

/** How many budgets of agents one look reads. */
const READ = 100;

/**
 * A budget is used up to 80 or 100 %: of one agent, or of the installation and all of its agents. Each level
 * of each limit is told once in its day or month. The subject is the level, the limit and the agent.
 */
export const budget: Condition<'budget'> = {
  read: async (pass, { agent_id }, open) => {
    const { ctx } = pass;
    const states = agent_id !== null ? await budgetsOf(ctx, [agent_id]) : await someBudgets(pass, open);
    const reached = states.flatMap((state) => levelsOf(ctx, state));
    const firing = reached.filter(({ isReached }) => isReached);
    const seen = new Set(states.map(ownerOf));
    return {
      firing: firing.slice(0, MAX_OPEN_ALERTS),
      over: open.filter(
        (subject) =>
          seen.has(subject.split(' ')[2] ?? '') && !firing.some((each) => each.subject === subject),
      ),
    };
  },
};

const INSTALLATION = 'installation';
const ownerOf = ({ agent_id = INSTALLATION }: BudgetState): string => agent_id;

function levelsOf(ctx: Context, state: BudgetState): (Firing & { isReached: boolean })[] {
  const owner = ownerOf(state);
  const agentId = state.agent_id ?? null;
  return state.limits.flatMap(({ limit, used_percent, used, max }) =>
    BUDGET_LEVELS.map((level) => ({
      subject: `${level} ${limit} ${owner}`,
      agentId,
      isReached: used_percent >= level,
      text: async () =>
        `${await nameOf(ctx, agentId)} has used ${Math.floor(used_percent)} % of its budget ${limit}: ` +
        `${Number(used.toPrecision(4))} of ${max}.`,
    })),
  );
}

/** The budget of the installation, those of agents with an open alert, and the next part of the others. */
async function someBudgets(pass: Pass, open: readonly string[]): Promise<BudgetState[]> {
  const { ctx, places } = pass;
  const cursor = places.get('budgets');
  const page = await listBudgets(ctx, { limit: READ, cursor });
  if (page.next_cursor === null) places.delete('budgets');
  else places.set('budgets', page.next_cursor);
  const inPage = new Set(page.agents.map(ownerOf));
  const others = [...new Set(open.map((subject) => subject.split(' ')[2] ?? ''))].filter(
    (owner) => owner !== INSTALLATION && !inPage.has(owner),
  );
  const [own, more] = await Promise.all([installationBudget(ctx), budgetsOf(ctx, others)]);
  return [own, ...page.agents, ...more];
}
