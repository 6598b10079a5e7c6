import { parse } from './engine.js';

export interface TemplateIssue {
  message: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** The position that LiquidJS errors have on their token. */
interface LiquidError {
  message?: string;
  token?: { getPosition?: () => [number, number] };
  originalError?: { message?: string };
}

/**
 * Parses a LiquidJS template without running it. Returns undefined if it is valid, otherwise the error and
 * its position.
 */
export function checkTemplate(source: string): TemplateIssue | undefined {
  try {
    parse(source);
    return undefined;
  } catch (error) {
    return describeTemplateError(error);
  }
}

/** Line, column and message of a LiquidJS error, without its excerpt of the source. */
export function describeTemplateError(error: unknown): TemplateIssue {
  const { message, token, originalError } = error as LiquidError;
  const [line, column] = token?.getPosition?.() ?? [1, 1];
  const bare = originalError?.message ?? message ?? 'invalid template';
  const text = bare.replace(/, line:\d+, col:\d+$/, '');
  return { message: adviceOn(text) ?? text, line, column };
}

/** The alternative to a LiquidJS filter that is not available here. */
function adviceOn(message: string): string | undefined {
  const [, filter, base] = /^undefined filter: ((\w{1,40})_exp)$/.exec(message) ?? [];
  if (!filter) return undefined;
  return (
    `the filter ${filter} is not available, because it would run a text as code; use ${base} with the ` +
    'name of a property, or {% for %} with {% if %}'
  );
}
