import { SandboxScript } from '@agenthook/contracts';
import { isJsonObject } from '@agenthook/json';
import { Value, type ValueError } from '@sinclair/typebox/value';

/** How many errors of a script are reported. */
const TOLD = 3;

/**
 * Reads the `sandbox` object of a payload. Returns undefined if there is none, or the error message if it is
 * invalid.
 */
export function readScript(payload: unknown): { script: SandboxScript } | { fault: string } | undefined {
  if (!isJsonObject(payload)) return undefined;
  const { sandbox } = payload;
  if (sandbox === undefined) return undefined;
  if (Value.Check(SandboxScript, sandbox)) return { script: sandbox };
  const errors = [...Value.Errors(SandboxScript, sandbox)].slice(0, TOLD);
  return { fault: errors.map(describe).join('; ') };
}

function describe(error: ValueError): string {
  const choices = (error.schema.anyOf as { const?: unknown }[] | undefined)?.map((choice) => choice.const);
  const message = choices ? `Expected one of ${choices.join(', ')}` : error.message;
  return `sandbox${error.path}: ${message}`;
}
