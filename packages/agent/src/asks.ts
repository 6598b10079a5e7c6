import { hash } from 'node:crypto';
import type { Bounded, Caller } from '@agenthook/bounded';
import {
  type AskedEntry,
  DECISION_SECONDS,
  type DecidedEntry,
  LONGEST_ASK_SCHEMA,
  type ToolConfig,
} from '@agenthook/contracts';
import { argumentSchema } from './argument-schema.js';
import { describeCalled } from './called-tools.js';
import { type Journal, turnOfCall } from './journal.js';
import { resolveRefs } from './tools/schema/resolve-refs.js';
import type { OpenTool } from './tools/tool.js';
import { final, type Verdict } from './verdict.js';

/** How many calls of a task may wait at once. */
const MOST_WAITING = 50;

export const DENIED = 'A person denied this call, so it was not made.';
export const NOBODY_DECIDED = 'Nobody approved this call in time, so it was not made.';
export const NOBODY_ANSWERED = 'Nobody answered in time.';
/** What a person said instead of an answer follows it. */
export const NO_ANSWER = 'A person refused to answer.';
const TOO_MANY = 'This call was not made: too many calls wait for approval already. Wait for those first.';

/** Whether a call may be made now. `told` has a result that others gave, `not` the error for the model. */
type Permit =
  | { may: 'go'; args: Record<string, unknown> }
  | { may: 'told'; result: unknown }
  | { may: 'wait' }
  | { may: 'not'; error: string };

/** The calls of a run that wait for a decision before they are made. */
export interface Asks {
  /**
   * Whether a call may be made, as the journal says. If its tool needs a decision, the journal gets the
   * question first.
   */
  permit(opened: OpenTool, call: string, args: Record<string, unknown>): Promise<Permit>;
  /** Calls that wait, by their ids. While there are any, the model must not take another turn. */
  waiting: string[];
  /** Why a decision ends the task; undefined if none does. */
  verdict(): Verdict | undefined;
}

export function openAsks(run: {
  journal: Journal;
  bounded: Bounded;
  caller: Caller;
  payload: unknown;
  /** The notify channels of the agent. */
  notify: readonly string[];
  now: () => Date;
}): Asks {
  const { journal, now } = run;
  const waiting: string[] = [];
  let verdict: Verdict | undefined;
  return {
    waiting,
    verdict: () => verdict,
    permit: async (opened, call, args) => {
      const asked = journal.asked.get(call);
      const decided = journal.decided.get(call);
      if (asked && decided) {
        const permit = permitOf(asked, decided);
        if (!('code' in permit)) return permit;
        verdict ??= permit;
        return { may: 'wait' };
      }
      if (!asked) {
        if (!opened.asks && !(await needsApproval(run, opened.config?.approval, args)))
          return { may: 'go', args };
        if (waiting.length >= MOST_WAITING) return { may: 'not', error: TOO_MANY };
      }
      const call_id = asked?.call_id ?? callIdOf(call);
      waiting.push(call_id);
      if (!asked) await journal.append(askOf(opened, journal, call, call_id, args, now(), run.notify));
      return { may: 'wait' };
    },
  };
}

/** A condition without a value means that approval is needed: a doubt must not become an action. */
async function needsApproval(
  { bounded, caller, payload }: { bounded: Bounded; caller: Caller; payload: unknown },
  approval: ToolConfig['approval'],
  args: unknown,
): Promise<boolean> {
  if (approval === undefined || approval === 'never') return false;
  if (approval === 'always') return true;
  try {
    const { when } = approval;
    const needs = await bounded.condition(when, { args, payload }, caller);
    return !(needs.outcome === 'value' && needs.value === false);
  } catch {
    return true;
  }
}

function askOf(
  opened: OpenTool,
  journal: Journal,
  call: string,
  call_id: string,
  args: Record<string, unknown>,
  now: Date,
  notify: readonly string[],
): Omit<AskedEntry, 'at' | 'attempt'> {
  const { name, parameters, config } = opened;
  const { asks } = opened;
  const schema = asks?.schema ?? argumentSchema(resolveRefs(parameters));
  const { question } = args;
  const tool = describeCalled(opened, journal);
  // A callback is for another system: people are told only if its tool says so.
  const told = config?.notify ?? (asks?.kind === 'callback' ? [] : notify);
  return {
    type: 'asked',
    call,
    call_id,
    kind: asks?.kind ?? 'approval',
    name,
    arguments: args,
    ...(asks?.kind === 'question' && typeof question === 'string' && { question }),
    ...(JSON.stringify(schema).length <= LONGEST_ASK_SCHEMA && { schema }),
    ...(tool && { tool }),
    expires_ms: now.getTime() + (config?.expires_in_seconds ?? DECISION_SECONDS) * 1000,
    approvers: config?.approvers ?? ['operator'],
    ...(told.length > 0 && { notify: [...told] }),
    on_timeout: config?.on_timeout ?? 'deny',
    on_deny: config?.on_deny ?? 'tell',
  };
}

function permitOf(
  asked: AskedEntry,
  { decision, reason, arguments: edited, answer }: DecidedEntry,
): Permit | Verdict {
  const args = asked.arguments as Record<string, unknown>;
  const why = reason ? ` ${reason}` : '';
  const isApproval = asked.kind === 'approval';
  switch (decision) {
    case 'approve':
      return { may: 'go', args };
    case 'edit':
      return { may: 'go', args: edited ?? args };
    case 'answer':
      return { may: 'told', result: answer };
    case 'expire':
      return asked.on_timeout === 'deny'
        ? { may: 'not', error: isApproval ? NOBODY_DECIDED : NOBODY_ANSWERED }
        : final('approval_expired', `Nobody decided in time about a call of "${asked.name}".`);
    case 'deny':
      return asked.on_deny === 'tell'
        ? { may: 'not', error: `${isApproval ? DENIED : NO_ANSWER}${why}` }
        : final('approval_denied', `A person denied a call of "${asked.name}".${why}`);
  }
}

const PLAIN = /^\d{1,6}:[A-Za-z0-9_-]{1,100}$/;

/** A call's name in URLs and in Redis: its key in the journal, unless a provider's id would not fit there. */
export const callIdOf = (call: string): string =>
  PLAIN.test(call) ? call : `${turnOfCall(call)}:${hash('sha256', call, 'base64url').slice(0, 22)}`;
