/** What a script declares of KEYS and ARGV: local statements at its top, each with a comment. */
import { LuaFault } from './parse-lua.mjs';

/** The text of a declaration's right side, and what a caller gives for it. */
const FORMS = [
  { form: /^(KEYS|ARGV)\[(\d+)\]$/, type: 'text' },
  { form: /^tonumber\((ARGV)\[(\d+)\]\)$/, type: 'number' },
  { form: /^(ARGV)\[(\d+)\] == '1'$/, type: 'flag' },
  { form: /^rest\((KEYS|ARGV), (\d+)\)$/, type: 'list' },
  { form: /^records\((ARGV), (\d+), \{/, type: 'records' },
];

/**
 * The declarations of a parsed file in their order: `{ name, of: 'KEYS' | 'ARGV', at, type, fields }`,
 * where `at` is the (first) index and `fields` are the names of a record's. Throws LuaFault for one without
 * a comment, or out of order.
 */
export function declarationsOf(lua) {
  const found = lua.ast.body.flatMap((statement) => declarationOf(lua, statement) ?? []);
  if (lua.around) return found; // it sees the KEYS and ARGV of BullMQ's script, and names those that it needs
  for (const of of ['KEYS', 'ARGV']) {
    let next = 1;
    for (const each of found.filter((one) => one.of === of)) {
      if (each.at !== next)
        throw new LuaFault(lua.file, each.line, `${each.name} is ${of}[${each.at}]; the next one is ${next}`);
      next = each.type === 'list' || each.type === 'records' ? undefined : next + 1;
    }
  }
  return found;
}

function declarationOf(lua, { type, variables, init, loc }) {
  if (type !== 'LocalStatement' || init.length !== 1 || variables.length !== 1) return undefined;
  const text = lua.text.slice(...init[0].range);
  const { form, type: given } = FORMS.find((each) => each.form.test(text)) ?? {};
  if (!form) return undefined;
  const [, of, index] = form.exec(text);
  const name = variables[0].name;
  requireComment(lua, loc.start.line, name);
  const fields = given === 'records' ? fieldsOf(lua, init[0].arguments[2]) : undefined;
  return { name, of, at: Number(index), type: given, fields, line: loc.start.line, range: init[0].range };
}

function fieldsOf(lua, table) {
  return table.fields.map(({ value, loc }) => {
    // luaparse keeps no values of strings, because their encoding is unknown.
    const name = value.raw.slice(1, -1);
    requireComment(lua, loc.start.line, name);
    return name;
  });
}

function requireComment({ file, comments }, line, name) {
  if (!comments.some(({ loc, value }) => loc.start.line === line && value.trim()))
    throw new LuaFault(file, line, `say in a comment on this line what ${name} is, with its unit`);
}
