import type { CelCall, CelProgram } from './compile.js';
import { kindOf } from './screen.js';
import { celValueOf } from './values.js';

/** The value of a condition about a tool call, or why it has none. */
export type Condition = { outcome: 'value'; value: boolean } | { outcome: 'fault'; message: string };

/** Evaluates a condition. Takes as long as its expression does. */
export function evaluateCondition({ evaluate }: CelProgram, { args, payload }: CelCall): Condition {
  try {
    const value = evaluate({ args: celValueOf(args), payload: celValueOf(payload) });
    if (typeof value === 'boolean') return { outcome: 'value', value };
    return { outcome: 'fault', message: `it gives ${kindOf(value)}, not true or false` };
  } catch (error) {
    return { outcome: 'fault', message: (error as Error).message };
  }
}
