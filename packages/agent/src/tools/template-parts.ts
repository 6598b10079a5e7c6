import { randomBytes } from 'node:crypto';
import { renderTemplate, TemplateRenderError } from '@agenthook/template';
import { ToolError } from './tool.js';

/** What the templates of a tool can name. A type, not an interface, so that it is a Record. */
export type ToolVariables = {
  /** From the model. */
  args: Record<string, unknown>;
  /** From the sender. */
  payload: unknown;
  /** From the operator. */
  secrets: Record<string, string>;
};

/** A stretch of a rendered template: what its author wrote, or what it put in. */
export interface TemplatePart {
  text: string;
  isValue: boolean;
}

/** Renders a template of a tool. Throws ToolError, which names the template as `what`. */
export function fillTemplate(
  what: string,
  source: string,
  variables: ToolVariables,
  options: { fence?: string } = {},
): string {
  try {
    return renderTemplate(source, variables, options);
  } catch (error) {
    if (!(error instanceof TemplateRenderError)) throw error;
    throw new ToolError(`The template of the ${what} can not be rendered: ${error.message}.`);
  }
}

/**
 * Renders a template and keeps apart what stands in it and what was put in, so that values can be encoded for the place
 * they come to. A value that the template marks `| raw`, a number and a boolean count as the author's own.
 * Throws ToolError as fillTemplate does.
 */
export function renderParts(what: string, source: string, variables: ToolVariables): TemplatePart[] {
  // The template engine puts values between tags; nobody can have guessed this one.
  const tag = `v${randomBytes(12).toString('hex')}`;
  const pieces = fillTemplate(what, source, variables, { fence: tag }).split(new RegExp(`(</?${tag}>)`));
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
