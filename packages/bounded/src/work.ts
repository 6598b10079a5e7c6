import { type PromptSource, renderPrompt, renderTemplate, TemplateRenderError } from '@agenthook/template';
import { checkValue, compileSchema } from './compile-schema.js';
import type { Checked, CheckedText, Rendered, RenderedPrompt } from './outcome.js';
import { type PayloadKind, parsePayload } from './parse-payload.js';
import { createSchemaCache, messageOf } from './schema-cache.js';

/** What a helper can be asked for. Its steered part (variables, a payload, a value) is JSON of its own beside it. */
export type Work =
  | { kind: 'template'; source: string; fence?: string | undefined }
  | { kind: 'prompt'; source: Omit<PromptSource, 'payload'>; nowMs: number }
  | { kind: 'check'; schema: string }
  | { kind: 'schema'; schema: string }
  | { kind: 'yaml' }
  | { kind: 'payload'; form: PayloadKind; schema: string | undefined; names: readonly string[] };

type PayloadWork = Extract<Work, { kind: 'payload' }>;

/** What a helper is told. */
export interface Message {
  work: Work;
  /** After how many ms on the clock to answer `slice_over`; null where the work is not to be cut so early. */
  sliceMs: number | null;
  /** Own time of the work, in ms. */
  limitMs: number;
}

/**
 * The work itself, as it is done on the event loop where it is cheap by construction, and in a helper else. `isOver` ends
 * a rendering in a way that can name the place where it was.
 */
export function createWorkbench(isOver?: () => boolean) {
  const compiled = createSchemaCache();

  const render = (
    source: string,
    variables: Record<string, unknown>,
    fence: string | undefined,
  ): Rendered => {
    try {
      return { outcome: 'rendered', text: renderTemplate(source, variables, { fence, isOver }) };
    } catch (error) {
      if (!(error instanceof TemplateRenderError)) throw error;
      return { outcome: 'fault', issue: error.issue };
    }
  };

  const prompt = (source: PromptSource, now: Date): RenderedPrompt => {
    const made = renderPrompt(source, now, isOver);
    return 'fault' in made ? { outcome: 'fault', fault: made.fault } : { outcome: 'rendered', prompt: made };
  };

  const check = (schema: string, value: unknown): Checked => {
    const found = compiled(schema);
    return 'message' in found
      ? { outcome: 'bad_schema', message: found.message }
      : checkValue(found.validate, value);
  };

  const checkText = (schema: string, text: string): CheckedText => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { outcome: 'not_json' };
    }
    const checked = check(schema, value);
    return checked.outcome === 'fits' ? { ...checked, value } : checked;
  };

  /** Whether a schema compiles, held against the standard. */
  const schema = (json: string): Checked => {
    try {
      compileSchema(JSON.parse(json), { strict: true });
      return { outcome: 'fits' };
    } catch (error) {
      return { outcome: 'bad_schema', message: messageOf(error) };
    }
  };

  const payload = (
    bytes: Buffer,
    { form, schema: wanted, names }: PayloadWork,
  ): [head: object, json?: string] => {
    const parsed = parsePayload(bytes, form);
    if (!parsed.ok) return [{ outcome: 'refused', code: parsed.code, detail: parsed.detail }];
    const checked: Checked = wanted === undefined ? { outcome: 'fits' } : check(wanted, parsed.payload);
    const head = { outcome: 'read', properties: shortTexts(parsed.payload, names), checked };
    // JSON is stored as it was sent, and the parent has it. Not so where a mark precedes it that is no part of JSON.
    const isJson = form === 'json' && bytes[0] !== BYTE_ORDER_MARK;
    return isJson ? [head] : [head, JSON.stringify(parsed.payload)];
  };

  return { payload, render, prompt, check, checkText, schema };
}

/** The first byte of U+FEFF in UTF-8, which no JSON begins with. */
const BYTE_ORDER_MARK = 0xef;

/** Longer texts name nothing. */
const MAX_NAME = 4_096;

/** The own properties of a payload with these names, as far as they are short texts. */
function shortTexts(payload: unknown, names: readonly string[]): Record<string, unknown> {
  if (payload === null || typeof payload !== 'object') return {};
  const own = payload as Record<string, unknown>;
  const isShort = (value: unknown) => typeof value === 'string' && value.length <= MAX_NAME;
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(own, name) && isShort(own[name])).map((name) => [name, own[name]]),
  );
}
