/**
 * Checks the Lua files of packages/core, and writes for each script `NAME.lua` the module `NAME.script.ts`
 * beside it, which is not committed: builds and Jest call this first.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLua } from './check-lua.mjs';
import { declarationsOf } from './declarations.mjs';
import { emitScript } from './emit-script.mjs';
import { LuaFault, parseLua } from './parse-lua.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const SOURCES = 'packages/core/src';
const RUNTIME = `${SOURCES}/redis/script.ts`;
const GENERATED = '.script.ts';

/**
 * Writes what has changed. Returns how many Lua files there are. Throws LuaFault for the first that is
 * wrong.
 */
export function generateScripts() {
  const below = readdirSync(join(root, SOURCES), { recursive: true }).map((path) => join(SOURCES, path));
  const files = below.filter((path) => path.endsWith('.lua'));
  const modules = modulesOf(Object.fromEntries(files.map((file) => [file, read(file)])));
  for (const path of below) if (path.endsWith(GENERATED) && !modules.has(path)) rmSync(join(root, path));
  for (const [path, text] of modules)
    if (!existsSync(join(root, path)) || read(path) !== text) writeFileSync(join(root, path), text);
  return files.length;
}

const read = (path) => readFileSync(join(root, path), 'utf8');

/**
 * The modules of all scripts among Lua files, by path; `texts` are the files' texts by path. Throws
 * LuaFault.
 */
export function modulesOf(texts) {
  const parsed = new Map(Object.entries(texts).map(([file, text]) => [file, parseLua(file, text)]));
  const modules = new Map();
  for (const lua of parsed.values()) {
    const declared = declarationsOf(lua);
    const included = lua.includes.map(({ path, line }) => [path, namesOf(lua, path, line, parsed)]);
    checkLua(lua, declared, new Map(included));
    if (lua.returns === undefined && !lua.around) continue;
    const path = lua.file.replace(/\.lua$/, GENERATED);
    modules.set(path, emitScript(lua, declared, librariesOf(lua, parsed), RUNTIME));
  }
  return modules;
}

function find({ file }, path, line, parsed) {
  const found = parsed.get(normalize(join(dirname(file), path)));
  if (!found) throw new LuaFault(file, line, `there is no ${path}`);
  if (found.returns !== undefined || found.around)
    throw new LuaFault(file, line, `${path} is a script; only files of functions can be included`);
  return found;
}

const namesOf = (lua, path, line, parsed) => find(lua, path, line, parsed).topLevel;

/** The files that a script includes, each after those that it includes itself, and once. */
function librariesOf(lua, parsed, known = new Set()) {
  return lua.includes.flatMap(({ path, line }) => {
    const library = find(lua, path, line, parsed);
    if (known.has(library)) return [];
    known.add(library);
    return [...librariesOf(library, parsed, known), library];
  });
}
