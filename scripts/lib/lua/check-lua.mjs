/** The rules for Lua files that are about names: each is declared, used, and means one thing. */
import { LuaFault } from './parse-lua.mjs';

/** What Redis gives a script beside KEYS and ARGV, as far as scripts here use it. */
const GLOBALS = new Set(
  'redis cjson tonumber tostring ipairs pairs pcall unpack type math string table'.split(' '),
);
const LINE_LENGTH = 110;

/**
 * Checks a parsed file. Throws LuaFault.
 *
 * @param declared what declarationsOf returned for it
 * @param included the top-level names of each file that it includes, by the path of its directive
 */
export function checkLua(lua, declared, included) {
  const fail = (line, message) => {
    throw new LuaFault(lua.file, line, message);
  };
  if (lua.purpose.length === 0) fail(1, 'begin with a comment that says what this is for');
  for (const [n, line] of lua.text.split('\n').entries())
    if (line.length > LINE_LENGTH) fail(n + 1, `longer than ${LINE_LENGTH} characters`);
  const isScript = lua.returns !== undefined || lua.around;
  if (!isScript && lua.ast.body.some(({ type }) => type === 'ReturnStatement'))
    fail(1, 'a script says in its head what it `@returns`');
  checkGlobals(lua, declared, included, isScript, fail);
  checkUsed(lua, included, isScript, fail);
  checkRecords(lua, declared, fail);
}

function checkGlobals(lua, declared, included, isScript, fail) {
  const known = new Set([...GLOBALS, ...lua.imports.map(({ name }) => name), ...included.values()].flat());
  if (lua.around) known.add('bullmq');
  const inDeclaration = ([start, end]) => declared.some(({ range }) => range[0] <= start && end <= range[1]);
  for (const { node } of lua.names) {
    const { name, isLocal, loc, range } = node;
    if (isLocal || known.has(name)) continue;
    if (name !== 'KEYS' && name !== 'ARGV') fail(loc.start.line, `${name} is not declared`);
    if (!isScript) fail(loc.start.line, `only a script, which says what it \`@returns\`, reads ${name}`);
    if (!inDeclaration(range))
      fail(loc.start.line, `give this a name: local name = ${name}[n] -- what it is`);
  }
}

function checkUsed(lua, included, isScript, fail) {
  const uses = (name) => lua.names.filter(({ node }) => node.name === name).length;
  const declares = (name) => lua.declarations.filter((node) => node.name === name).length;
  for (const { name, loc } of lua.declarations) {
    const isOffered = !isScript && lua.topLevel.includes(name);
    if (name !== '_' && !isOffered && uses(name) <= declares(name))
      fail(loc.start.line, `${name} is never used`);
  }
  for (const { name, line } of lua.imports) if (uses(name) === 0) fail(line, `${name} is never used`);
  for (const { path, line } of lua.includes)
    if (!included.get(path).some((name) => uses(name) > 0)) fail(line, `nothing of ${path} is used`);
}

/**
 * `for _, task in ipairs(tasks)`: whatever is called `task` in this file has the fields of a record in
 * `tasks`.
 */
function checkRecords(lua, declared, fail) {
  for (const { name, fields, line } of declared.filter((each) => each.fields)) {
    const loop = lua.names.find(
      ({ node, parent }) => node.name === name && parent?.type === 'CallExpression',
    );
    const variable = loop && lua.declarations.find((each) => loopsOver(lua, each, name));
    if (!variable) fail(line, `read it by: for _, one in ipairs(${name})`);
    const used = lua.members.filter(({ base }) => base.name === variable.name);
    const unknown = used.find(({ identifier }) => !fields.includes(identifier.name));
    if (unknown) fail(unknown.loc.start.line, `a record of ${name} has no ${unknown.identifier.name}`);
    const idle = fields.find((field) => !used.some(({ identifier }) => identifier.name === field));
    if (idle) fail(line, `${idle} is never used`);
  }
}

const loopsOver = (lua, { range }, list) =>
  new RegExp(`^ in ipairs\\(${list}\\) do\\b`).test(lua.text.slice(range[1], range[1] + list.length + 16));
