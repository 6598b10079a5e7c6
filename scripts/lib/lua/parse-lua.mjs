/** Reads one Lua file: its directives, what it declares of KEYS and ARGV, and the names that it uses. */
import luaparse from 'luaparse';

/** Directives stand in the comments before the first statement; docs/adr/0036 describes them. */
const DIRECTIVE = /^ @(include|import|returns|around)\b ?(.*)$/;
const IMPORT = /^\{ ([\w, ]+) \} from '([^']+)'$/;
/** What has members that are not ours. */
const NAMESPACES = new Set(['redis', 'cjson', 'string', 'table', 'math']);

/** A fault in a Lua file, with its place. */
export class LuaFault extends Error {
  constructor(file, line, message) {
    super(`${file}:${line}  ${message}`);
  }
}

/**
 * A Lua file as an object: `text`, `purpose` (its first comment lines), the directives, `declared` (see
 * declarations.mjs for their shape), every identifier with its place, and the names of its top-level
 * locals. Throws LuaFault.
 *
 * @param file for messages, and as the base of relative paths
 */
export function parseLua(file, text) {
  const ast = syntaxOf(file, text);
  const firstLine = ast.body[0]?.loc.start.line ?? 1;
  const head = ast.comments.filter(({ loc }) => loc.start.line < firstLine);
  const directives = { includes: [], imports: [], returns: undefined, around: false };
  for (const { value, loc } of head) readDirective(file, value, loc.start.line, directives);
  const names = [];
  const members = [];
  const declarations = [];
  walk(ast, undefined, ({ node, parent }) => {
    if (node.type === 'Identifier' && !isFieldName(node, parent)) names.push({ node, parent });
    if (
      node.type === 'MemberExpression' &&
      node.base.type === 'Identifier' &&
      !NAMESPACES.has(node.base.name)
    )
      members.push(node);
    for (const each of declaredBy(node)) declarations.push(each);
  });
  return {
    file,
    text,
    ast,
    comments: ast.comments,
    purpose: head.map(({ value }) => value).filter((value) => value.trim() && !DIRECTIVE.test(value)),
    ...directives,
    names,
    members,
    declarations,
    topLevel: ast.body.flatMap(declaredBy).map(({ name }) => name),
  };
}

function syntaxOf(file, text) {
  try {
    return luaparse.parse(text, {
      luaVersion: '5.1',
      comments: true,
      scope: true,
      locations: true,
      ranges: true,
    });
  } catch (error) {
    throw new LuaFault(file, error.line ?? 1, error.message);
  }
}

function readDirective(file, value, line, directives) {
  const [, name, rest = ''] = DIRECTIVE.exec(value) ?? [];
  if (name === undefined && /^\s*@/.test(value)) throw new LuaFault(file, line, `unknown directive:${value}`);
  if (name === 'include') directives.includes.push({ path: rest, line });
  if (name === 'returns') directives.returns = rest;
  if (name === 'around') directives.around = true;
  if (name !== 'import') return;
  const [, imported, from] = IMPORT.exec(rest) ?? [];
  if (!imported) throw new LuaFault(file, line, "write @import { NAME } from './module.js'");
  directives.imports.push(...imported.split(', ').map((each) => ({ name: each, from, line })));
}

/** Whether an identifier is the name of a field, as in `task.id` and `{ id = 1 }`. */
const isFieldName = (node, parent) =>
  (parent?.type === 'MemberExpression' && parent.identifier === node) ||
  (parent?.type === 'TableKeyString' && parent.key === node);

/** The identifiers that a node declares as locals. */
function declaredBy(node) {
  switch (node.type) {
    case 'LocalStatement':
    case 'ForGenericStatement':
      return node.variables;
    case 'ForNumericStatement':
      return [node.variable];
    case 'FunctionDeclaration':
      return [node.identifier, ...node.parameters].filter((each) => each?.type === 'Identifier');
    default:
      return [];
  }
}

function walk(node, parent, visit) {
  visit({ node, parent });
  for (const [key, value] of Object.entries(node)) {
    if (key === 'comments' || key === 'globals' || key === 'loc' || key === 'range') continue;
    for (const child of [value].flat()) if (child?.type) walk(child, node, visit);
  }
}
