import type { ToolFinishedEntry } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { DENIED, NO_ANSWER, NOBODY_ANSWERED, NOBODY_DECIDED } from './asks.js';
import { GONE } from './called-tools.js';
import { CHILD_FAILED, CHILD_GONE, CHILD_LATE } from './child-calls.js';
import type { Journal } from './journal.js';
import { MOST_REST, restOf, ToolError } from './tools/tool.js';

const MAY_HAVE_HAPPENED =
  'It is not known whether the call took effect. Do not repeat it blindly: check first, or mention this in ' +
  'your answer.';
export const UNKNOWN_OUTCOME =
  'This call was interrupted by a crash, and it is not known whether it took effect. Do not repeat it ' +
  'blindly: check first, or mention this in your answer.';
export const OWN_DEFECT = 'The tool failed because of an internal error.';
export const NOT_MADE = 'This call was not made.';

/** How many characters a journal has when it keeps no more of them. */
const KEPT_UP_TO = 8 * 1024 * 1024;

export const tooLong = (seconds: number) => `The call took longer than ${seconds} s and was given up.`;
const TOO_LONG = /^The call took longer than \d{1,5} s and was given up\.$/;

/** How a call ended, as the journal keeps it. */
export type Ending = Pick<ToolFinishedEntry, 'result' | 'rest' | 'error' | 'outcome_unknown' | 'spent'>;

/** Errors in our own words, which the model may follow. Other errors may contain text from outsiders. */
const OUR_ERRORS = new Set([
  UNKNOWN_OUTCOME,
  OWN_DEFECT,
  NOT_MADE,
  GONE,
  NOBODY_DECIDED,
  NOBODY_ANSWERED,
  CHILD_LATE,
  CHILD_GONE,
]);

/** The result for the model; throws an error for the model if the call failed. */
export function tell(
  { result, error, outcome_unknown }: Ending,
  { fence }: { fence: (text: string) => string },
): unknown {
  if (error === undefined) return result;
  const isOurs = OUR_ERRORS.has(error) || TOO_LONG.test(error);
  const shown = isOurs ? error : (toldWithReason(error, fence) ?? fence(error));
  throw new ToolError(outcome_unknown ? `${shown} ${MAY_HAVE_HAPPENED}` : shown);
}

/** A denial, or the failure of an agent, is in our words, but its reason is in those of others. */
function toldWithReason(error: string, fence: (text: string) => string): string | undefined {
  const lead = [DENIED, NO_ANSWER, CHILD_FAILED].find((text) => error.startsWith(text));
  if (lead === undefined) return undefined;
  const reason = error.slice(lead.length).trim();
  return reason === '' ? lead : `${lead} The reason: ${fence(reason)}`;
}

/** A result as JSON for the model: without secrets, and cut if it is too long. Some of the rest is kept. */
export function bounded(
  result: unknown,
  most: number,
  { redact, journal }: { redact: (text: string) => string; journal: Journal },
): Ending {
  const json = redact(JSON.stringify(result ?? null) ?? 'null');
  const isCut = json.length > most;
  const rest = isCut ? json.slice(most, most + MOST_REST) : redact(restOf(result));
  return {
    result: isCut
      ? { truncated: true, characters: json.length, beginning: json.slice(0, most) }
      : parsedOrText(json),
    ...(rest !== '' && journal.characters < KEPT_UP_TO && { rest }),
  };
}

/** Removing a secret that was a number may leave text that is not JSON. */
function parsedOrText(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return json;
  }
}
