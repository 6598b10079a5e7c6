/**
 * Checks the Lua files (docs/adr/0036-lua-files.md): Lua 5.1, every key and argument named and used, no
 * undeclared or unused name. Also checks that no Lua for Redis is left in TypeScript, except in tests.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateScripts } from './lib/lua/generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const LUA = /\bredis\.p?call\(/;

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'packages'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');
const sources = tracked.filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));

try {
  const count = generateScripts();
  const strayed = sources.filter((file) => LUA.test(readFileSync(new URL(file, `file://${root}`), 'utf8')));
  for (const file of strayed) console.error(`${file}  move its Lua into a .lua file beside it`);
  if (strayed.length > 0) process.exitCode = 1;
  else console.log(`${count} Lua files`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
