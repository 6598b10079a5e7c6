import { randomBytes } from 'node:crypto';
import type { Bounded, Caller } from '@agenthook/bounded';
import { limitVerdict } from '../limit-verdict.js';
import { type ToolEnvironment, ToolError } from './tool.js';

/** What the templates of a tool can name. A type, not an interface, so that it is a Record. */
export type ToolVariables = {
  /** From the model. */
  args: Record<string, unknown>;
  /** From the sender. */
  payload: unknown;
  /** From the operator. */
  secrets: Record<string, string>;
};

/** Renders the templates of one tool, under the limits of `bounded`. */
export interface TemplateRenderer {
  bounded: Bounded;
  caller: Caller;
}

/** The renderer of a tool's templates, as it is opened or called. */
export const rendererOf = (
  { bounded, agent }: Pick<ToolEnvironment, 'bounded' | 'agent'>,
  signal: AbortSignal,
): TemplateRenderer => ({ bounded, caller: { key: agent.id, signal } });

/** A stretch of a rendered template: what its author wrote, or what it put in. */
export interface TemplatePart {
  text: string;
  isValue: boolean;
}

/** Renders a template of a tool. Throws ToolError, which names the template as `what`. */
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
        `The template of the ${what} can not be rendered: ${message} (line ${line}, column ${column}).`,
      );
    }
    default:
      throw new ToolError(limitVerdict(`Rendering the template of the ${what}`, rendered).message);
  }
}

/**
 * Renders a template and keeps apart what stands in it and what was put in, so that values can be encoded for the place
 * they come to. A value that the template marks `| raw`, a number and a boolean count as the author's own.
 * Throws ToolError as fillTemplate does.
 */
export async function renderParts(
  renderer: TemplateRenderer,
  what: string,
  source: string,
  variables: ToolVariables,
): Promise<TemplatePart[]> {
  // The template engine puts values between tags; nobody can have guessed this one.
  const tag = `v${randomBytes(12).toString('hex')}`;
  const text = await fillTemplate(renderer, what, source, variables, { fence: tag });
  const pieces = text.split(new RegExp(`(</?${tag}>)`));
  const parts: TemplatePart[] = [];
  let depth = 0; // what {% capture %} kept has tags of its own
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
