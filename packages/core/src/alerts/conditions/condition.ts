import type { AlertType } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { RuleOf } from '../stored-rule.js';

/** Something that a rule's condition holds for. */
export interface Firing {
  /** Names it among the alerts of the rule. One alert of a subject is open at a time. */
  subject: string;
  agentId: string | null;
  /** The task that began it. */
  taskId?: string;
  /** What happened, for people. Called for a new alert. */
  text: () => Promise<string> | string;
}

/** What a rule has found. */
export interface Reading {
  firing: readonly Firing[];
  /** The subjects for which the condition no longer holds: of open alerts, and new ones that are over. */
  over: readonly string[];
  /** What the rule remembers until the next time. Undefined: what it does now. */
  state?: unknown;
}

/** One look at all rules. */
export interface Pass {
  ctx: Context;
  nowMs: number;
  /** What this process remembers between two looks, for example where a scan goes on. It may be lost. */
  places: Map<string, string>;
  /** Entries about agents that failed and have recovered, to be dropped once all rules have seen them. */
  recovered: Map<string, string>;
}

/** How one type of rule decides. It reads a bounded amount, whatever there is. */
export interface Condition<Kind extends AlertType> {
  /** Undefined: nothing new is known. */
  read(
    pass: Pass,
    rule: RuleOf<Kind>,
    /** The subjects of the rule's open alerts. */
    open: readonly string[],
    state: unknown,
  ): Promise<Reading | undefined>;
  /** What a new rule remembers. */
  begin?(ctx: Context, rule: RuleOf<Kind>): Promise<unknown>;
}

/** The subject of rules that find one thing at a time. */
const ALL = 'all';

/** The reading of a rule that finds one thing at a time. */
export const onlyOne = (
  firing: Omit<Firing, 'subject'> | undefined,
  open: readonly string[],
  isOver = true,
): Reading => ({
  firing: firing ? [{ subject: ALL, ...firing }] : [],
  over: firing || !isOver ? [] : open,
});

/** A span of time in words: the two largest units. */
export function inWords(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor((seconds % 86_400) / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [Math.floor(seconds % 60), 's'],
  ];
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? '0 s' : shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
