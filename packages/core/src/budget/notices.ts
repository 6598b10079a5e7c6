import type { Context } from '../context.js';
import { NANO_USD } from '../queue/spend-hash.js';

/** Logs the levels that budgets have reached. Each has five parts: whose, limit, percent, used, maximum. */
export function tellNotices(ctx: Context, agentId: string, notices: readonly string[]): void {
  for (let n = 0; n < notices.length; n += 5) {
    const [scope, limit = '', percent, used, max] = notices.slice(n, n + 5);
    const unit = limit.endsWith('_usd') ? NANO_USD : 1;
    const about = { limit, percent: Number(percent), used: Number(used) / unit, max: Number(max) / unit };
    const whose = scope === 'agent' ? { scope, agent_id: agentId } : { scope };
    ctx.log.warn(
      { ...whose, ...about },
      percent === '100' ? 'a budget is used up' : 'a budget is nearly used up',
    );
  }
}
