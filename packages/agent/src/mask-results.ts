import type { Bounded, Caller } from '@agenthook/bounded';
import { type AgentConfig, maskSetOf } from '@agenthook/contracts';
import { restOf, ToolError, withRest } from './tools/tool.js';

const UNMASKED = 'The tool failed, and its message could not be masked.';
const NOT_MASKED = 'The result could not be masked in time, so it is not shown.';

/** Masks what a tool has returned. Throws ToolError if that takes too long. */
export type MaskResult = (result: unknown) => Promise<unknown>;

/**
 * How the results of an agent's tools are masked, before the model sees them and before they are stored;
 * undefined for an agent that stores them as they are. Pointers name values of the payload alone.
 */
export function resultMasker(
  { masks, retention }: AgentConfig,
  bounded: Bounded,
  caller: Caller,
): MaskResult | undefined {
  const set = retention?.store === 'redacted' ? maskSetOf(masks) : undefined;
  if (!set || set.patterns.length === 0) return undefined;
  const mask = async (value: unknown): Promise<unknown> => {
    const masked = await bounded.mask({ ...set, pointers: [] }, value ?? null, caller);
    if (masked.outcome !== 'masked') throw new ToolError(NOT_MASKED);
    return masked.value;
  };
  return async (result) => {
    const shown = await mask(result);
    const rest = restOf(result);
    return rest === '' ? shown : withRest(shown as object, String(await mask(rest)));
  };
}

interface Masking {
  mask?: MaskResult | undefined;
  redact: (text: string) => string;
}

/** A result as the model and the journal get it. */
export const masked = async (result: unknown, { mask }: Masking): Promise<unknown> =>
  mask ? await mask(result) : result;

/** The same for the error of a tool, which may quote what a server has sent. */
export const shownError = async (message: string, run: Masking): Promise<string> =>
  String(await masked(run.redact(message), run).catch(() => UNMASKED));
