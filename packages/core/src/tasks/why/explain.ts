import {
  type AskedEntry,
  iso,
  type ToolStartedEntry,
  type WaitingFor,
  type WaitReason,
  type WithheldWaitingFor,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../../context.js';
import type { Fleet } from '../../stats/fleet.js';
import { withText } from './words.js';

/**
 * A reason as why-waits.lua finds it: complete, or with its times in ms since the epoch. A task in the line
 * for a worker comes with the number of slots that are taken.
 */
export type FoundWait = WaitReason & { untilMs?: number; sinceMs?: number; taken?: number };

/** The reason of a task in the line, which the workers decide. */
function inLine(place: number | undefined, taken: number, { workers, slots }: Fleet): WaitReason {
  const where = place === undefined ? {} : { place };
  if (workers === 0) return { kind: 'no_worker', ...where };
  if (taken >= slots) return { kind: 'no_free_slot', ...where, taken: Math.min(taken, slots), slots };
  return { kind: 'queue', ...where };
}

/** A reason with its times as callers see them. `fleet` is needed for a task in the line. */
export function reasonOf(found: FoundWait, fleet: Fleet | undefined): WaitReason {
  const { untilMs, sinceMs, taken, ...rest } = found;
  if (rest.kind === 'queue') return fleet && taken !== undefined ? inLine(rest.place, taken, fleet) : rest;
  return {
    ...rest,
    ...(rest.kind === 'no_free_slot' && { taken }),
    ...(untilMs !== undefined && { until: iso(untilMs) }),
    ...(sinceMs !== undefined && { since: iso(sinceMs) }),
  } as WaitReason;
}

/** Whether a reason depends on the workers. */
const needsFleet = ({ kind, taken }: FoundWait): boolean => kind === 'queue' && taken !== undefined;

/**
 * Why a task does not run; null if it runs or has ended. Reads the workers, at most every two seconds for all
 * tasks, if the task is in the line for one.
 *
 * @param found what why-waits.lua returned for the task
 */
export async function explain(
  ctx: Context,
  found: string | null | undefined,
): Promise<Exclude<WithheldWaitingFor, { tool: string }> | null> {
  if (!found) return null;
  const wait = JSON.parse(found) as FoundWait;
  const reason = reasonOf(wait, needsFleet(wait) ? await ctx.fleet() : undefined);
  return withText(reason, ctx.now()) as Exclude<WithheldWaitingFor, { tool: string }>;
}

/** What a task asks for, or whom it has called, from the journal's entry. */
export function askedFor(json: string, now: number): WaitingFor {
  const entry = parseJson(json) as AskedEntry | ToolStartedEntry;
  if (entry.type === 'tool_started')
    return withText({ kind: 'agent', tool: entry.name, until: iso(entry.child?.expires_ms ?? now) }, now);
  const { kind, name, arguments: given, question, expires_ms } = entry;
  return {
    ...withText({ kind, tool: name, expires_at: iso(expires_ms) }, now),
    arguments: given,
    ...(question !== undefined && { question }),
  };
}
