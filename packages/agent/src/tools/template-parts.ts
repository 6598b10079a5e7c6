import { randomBytes } from 'node:crypto';
import type { Bounded, Caller } from '@agenthook/bounded';
import { limitVerdict } from '../limit-verdict.js';
import { type RequestWords, TOOL_WORDS } from './http/request-words.js';
import { type ToolEnvironment, ToolError } from './tool.js';

/** The variables of a tool's templates. A type, not an interface, so that it is a Record. */
export type ToolVariables = {
  /** From the model. */
  args: Record<string, unknown>;
  /** From the sender. */
  payload: unknown;
  /** From the operator. */
  secrets: Record<string, string>;
};

/** Renders the templates of one tool or destination, within the limits of `bounded`. */
export interface TemplateRenderer {
  bounded: Bounded;
  caller: Caller;
  /** How faults of a request are told. */
  words: RequestWords;
}

/** The renderer for opening or calling a tool. */
export const rendererOf = (
  { bounded, agent }: Pick<ToolEnvironment, 'bounded' | 'agent'>,
  signal: AbortSignal,
): TemplateRenderer => ({
  bounded,
  caller: { key: agent.id, signal },
  words: TOOL_WORDS,
});

/** A part of a rendered template: the author's text, or an inserted value. */
export interface TemplatePart {
  text: string;
  isValue: boolean;
}

/** Renders a template of a tool. Throws ToolError, which calls the template `what`. */
export async function fillTemplate(
  { bounded, caller }: TemplateRenderer,
  what: string,
  source: string,
  variables: ToolVariables,
  options: { fence?: string } = {},
): Promise<string> {
  const rendered = await bounded.renderTemplate({ source, variables, ...options }, caller);
  switch (rendered.outcome) {
    case 'rendered':
      return rendered.text;
    case 'fault': {
      const { message, line, column } = rendered.issue;
      throw new ToolError(
        `The template of the ${what} cannot be rendered: ${message} (line ${line}, column ${column}).`,
      );
    }
    default:
      throw new ToolError(limitVerdict(`Rendering the template of the ${what}`, rendered).message);
  }
}

/**
 * Renders a template and separates the author's text from inserted values, so that values can be encoded for
 * their position. Values marked `| raw`, numbers and booleans count as the author's text. Throws ToolError as
 * fillTemplate does.
 */
export async function renderParts(
  renderer: TemplateRenderer,
  what: string,
  source: string,
  variables: ToolVariables,
): Promise<TemplatePart[]> {
  // The template engine puts values between tags. This one cannot be guessed.
  const tag = `v${randomBytes(12).toString('hex')}`;
  const text = await fillTemplate(renderer, what, source, variables, { fence: tag });
  const pieces = text.split(new RegExp(`(</?${tag}>)`));
  const parts: TemplatePart[] = [];
  let depth = 0; // {% capture %} stores tags of its own
  let value = '';
  for (const piece of pieces) {
    if (piece === `<${tag}>`) {
      if (depth++ === 0) value = '';
    } else if (piece === `</${tag}>`) {
      if (--depth === 0) parts.push({ text: value, isValue: true });
    } else if (depth > 0) value += piece;
    else if (piece !== '') parts.push({ text: piece, isValue: false });
  }
  if (depth !== 0 || parts.some(({ text }) => text.toLowerCase().includes(tag)))
    throw new ToolError(
      `The template of the ${what} changes captured text with a filter, which is not possible.`,
    );
  return parts;
}
