import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentWarning, CheckedTool, ToolConfigOf, WarningCode } from '@agenthook/contracts';
import { cut } from '../cut.js';
import { type ToolEnvironment, ToolError, type ToolListing } from '../tool.js';
import { type OpenApiDocument, parseDocument } from './document.js';
import { findOperations, type ListedOperation, listOperations, pathNameOf } from './list-operations.js';
import { fixedOf, textOfSpec } from './load-operations.js';
import { readOperation } from './read-operation.js';

/** How many operations are listed. */
const MOST_LISTED = 2_000;
/** How many characters of JSON the schemas of a list may have together. */
const MOST_SCHEMA_CHARACTERS = 1024 * 1024;
const LONGEST_DESCRIPTION = 300; // characters

/** All operations of a description, and what is wrong with the chosen ones. Throws ToolError, EgressError. */
export async function listing(
  config: ToolConfigOf<'openapi'>,
  { egress, bounded, agent }: Pick<ToolEnvironment, 'egress' | 'bounded' | 'agent'>,
  signal: AbortSignal,
): Promise<ToolListing> {
  const { text } = await textOfSpec(config, egress);
  const document = await parseDocument(bounded, { key: agent.id, signal }, text);
  const problems: AgentWarning[] = [];
  const chosen = new Set<string>();
  for (const [index, name] of config.operations.entries()) {
    const found = attempt(() => findOperations(document, [name]));
    if (found.ok) for (const operation of found.value) chosen.add(pathNameOf(operation));
    else
      problems.push(
        problemAt(
          index,
          found.why.includes(' operations with ') ? 'duplicate_operation' : 'unknown_operation',
          found.why,
        ),
      );
  }
  const tools: CheckedTool[] = [];
  const ids = Map.groupBy(listOperations(document), ({ id }) => id);
  let left = MOST_SCHEMA_CHARACTERS;
  for (const [index, listed] of inOrder(document, chosen).slice(0, MOST_LISTED).entries()) {
    if (index % 10 === 9) await nextTurn(undefined, { signal });
    const isChosen = chosen.has(pathNameOf(listed));
    const read =
      left > 0 || isChosen ? attempt(() => readOperation(listed, document, fixedOf(config))) : undefined;
    if (read?.ok === false && isChosen)
      problems.push({ path: '/operations', code: 'operation_not_supported', detail: read.why });
    const schema = read?.ok ? read.value.parameters : {};
    left -= JSON.stringify(schema).length;
    tools.push({
      name: cut(
        ids.get(listed.id)?.length === 1 && listed.id !== undefined ? listed.id : pathNameOf(listed),
        300,
      ),
      description: cut(read?.ok ? read.value.description : pathNameOf(listed), LONGEST_DESCRIPTION),
      input_schema: left >= 0 ? schema : {},
      chosen: isChosen,
    });
  }
  return { tools, problems };
}

/** The chosen operations first. */
function inOrder(document: OpenApiDocument, chosen: ReadonlySet<string>): ListedOperation[] {
  const all = listOperations(document);
  const isChosen = (operation: ListedOperation) => chosen.has(pathNameOf(operation));
  return [...all.filter(isChosen), ...all.filter((operation) => !isChosen(operation))];
}

const problemAt = (index: number, code: WarningCode, detail: string): AgentWarning => ({
  path: `/operations/${index}`,
  code,
  detail,
});

function attempt<T>(work: () => T): { ok: true; value: T } | { ok: false; why: string } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { ok: false, why: error.message };
  }
}
