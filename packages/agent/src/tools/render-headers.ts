import { renderTemplate, TemplateRenderError } from '@agenthook/template';
import { ToolError } from './tool.js';

/** Fills the templates of headers that may name secrets alone. Throws ToolError where one can not be rendered. */
export function renderHeaders(
  headers: Record<string, string> = {},
  secrets: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, template]) => {
      try {
        return [name, renderTemplate(template, { secrets })];
      } catch (error) {
        if (!(error instanceof TemplateRenderError)) throw error;
        throw new ToolError(`The template of the header ${name} can not be rendered: ${error.message}.`);
      }
    }),
  );
}
