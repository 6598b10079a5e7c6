/** Makes the TypeScript module of a script. */
import { dirname, join, relative } from 'node:path';
import { LuaFault } from './parse-lua.mjs';

/** The types of a caller's arguments. */
const TYPES = {
  text: 'ScriptArgument',
  number: 'number',
  flag: 'boolean',
  list: 'readonly ScriptArgument[]',
};

/**
 * The module of a script, which is called by the names of its header.
 *
 * @param lua the parsed script
 * @param declared what declarationsOf returned for it
 * @param libraries the parsed files that it includes, each after those that it needs itself
 * @param runtime the path of redis/script.ts
 */
export function emitScript(lua, declared, libraries, runtime) {
  const folder = dirname(lua.file);
  const files = [...libraries, lua];
  const imports = importsOf(files, folder);
  const text = files.map((each) => templateOf(each)).join('\n');
  const usesLiteral = imports.length > 0;
  const source = `// Generated from ${lua.file} by scripts/lib/lua. Edit that.\n`;
  const name = `${camelCase(lua.file)}Script`;
  if (lua.around) {
    return `${source}${importLines(imports, usesLiteral ? ['literal'] : [], modulePath(folder, runtime))}
export const ${name} = (bullmq: string): string => \`local function bullmq()
\${bullmq}
end
${text}\`;
`;
  }
  const helpers = [
    'defineScript',
    ...(usesLiteral ? ['literal'] : []),
    ...(/ScriptArgument/.test(typeOf(declared, 'ARGV')) ? ['type ScriptArgument'] : []),
  ];
  return `${source}${importLines(imports, helpers, modulePath(folder, runtime))}
export const ${name} = defineScript<
  ${typeOf(declared, 'KEYS')},
  ${typeOf(declared, 'ARGV')},
  ${lua.returns}
>({
  keys: ${orderOf(declared, 'KEYS')},
  args: ${orderOf(declared, 'ARGV')},
  lua: \`${text}\`,
});
`;
}

/** The name of a file in camel case, without folder and extension. */
const camelCase = (file) =>
  file.replace(/^.*\/|\.lua$/g, '').replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

function typeOf(declared, of) {
  const members = declared
    .filter((each) => each.of === of)
    .map(({ name, type, fields }) => {
      if (fields)
        return `${name}: readonly { ${fields.map((field) => `${field}: ScriptArgument`).join('; ')} }[]`;
      const given = TYPES[type];
      return `${name}: ${of === 'KEYS' ? given.replace('ScriptArgument', 'string') : given}`;
    });
  return members.length > 0 ? `{ ${members.join('; ')} }` : 'Record<never, never>';
}

function orderOf(declared, of) {
  const names = declared
    .filter((each) => each.of === of)
    .map(({ name, type, fields }) => {
      if (type !== 'list' && type !== 'records') return `'${name}'`;
      return fields ? `{ list: '${name}', fields: ['${fields.join("', '")}'] }` : `{ list: '${name}' }`;
    });
  return `[${names.join(', ')}]`;
}

/**
 * The constants that a script and its libraries import: `{ name, from }`, with paths from the folder of the
 * script.
 */
function importsOf(files, folder) {
  const found = new Map();
  for (const { file, imports } of files) {
    for (const { name, from, line } of imports) {
      const path = modulePath(folder, join(dirname(file), from));
      if ((found.get(name) ?? path) !== path)
        throw new LuaFault(
          file,
          line,
          `${name} is another constant in a file that is included with this one`,
        );
      found.set(name, path);
    }
  }
  return [...found].map(([name, from]) => ({ name, from }));
}

function importLines(imports, helpers, runtime) {
  const byModule = new Map(helpers.length > 0 ? [[runtime, [...helpers]]] : []);
  for (const { name, from } of imports) byModule.set(from, [...(byModule.get(from) ?? []), name]);
  return [...byModule].map(([from, names]) => `import { ${names.join(', ')} } from '${from}';\n`).join('');
}

const modulePath = (folder, path) => {
  const found = relative(folder, path).replace(/\.ts$/, '.js');
  return found.startsWith('.') ? found : `./${found}`;
};

/** A file's text for a template literal, in which each use of an imported constant is its value. */
function templateOf({ text, imports, names, members }) {
  const imported = new Set(imports.map(({ name }) => name));
  const ranges = names
    .filter(({ node }) => !node.isLocal && imported.has(node.name))
    .map(({ node }) => members.find(({ base }) => base === node)?.range ?? node.range)
    .sort(([a], [b]) => a - b);
  let at = 0;
  let template = '';
  for (const [start, end] of ranges) {
    template += `${escaped(text.slice(at, start))}\${literal(${text.slice(start, end)})}`;
    at = end;
  }
  return template + escaped(text.slice(at));
}

const escaped = (text) => text.replace(/[`\\]|\$\{/g, (part) => `\\${part}`);
