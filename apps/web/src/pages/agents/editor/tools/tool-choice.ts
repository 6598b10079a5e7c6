import type { Tool } from '../draft/draft.js';

/** The field in which a tool names the functions that the model may call. */
export type ChoiceField = 'operations' | 'allowed_tools';

export function choiceOf(tool: Tool): ChoiceField | undefined {
  if (tool.type === 'openapi') return 'operations';
  return tool.type === 'mcp' ? 'allowed_tools' : undefined;
}

/** The functions that it names there; undefined if it names none. */
export function chosenIn(tool: Tool): readonly string[] | undefined {
  if (tool.type === 'openapi') return tool.operations;
  return tool.type === 'mcp' ? tool.allowed_tools : undefined;
}

/** The tool with these functions. Without any, an MCP server offers all. */
export function withChoice(tool: Tool, field: ChoiceField, names: readonly string[]): Tool {
  const { [field]: _old, ...rest } = tool as Record<string, unknown>;
  const isAll = field === 'allowed_tools' && names.length === 0;
  return (isAll ? rest : { ...tool, [field]: [...names] }) as Tool;
}
