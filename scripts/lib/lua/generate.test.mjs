import { expect, test } from '@jest/globals';
import { modulesOf } from './generate.mjs';

const RIGHT = `-- Counts.
--
-- @include ./hours.lua
-- @import { TTL } from '../hour.js'
-- @returns number

local counter = KEYS[1] -- the counter
local by = tonumber(ARGV[1]) -- how many
local isNew = ARGV[2] == '1' -- whether it is new
local names = rest(ARGV, 3) -- who is counted

if isNew then redis.call('EXPIRE', counter, TTL) end
return redis.call('INCRBY', counter, by * hours(#names))
`;
const HOURS =
  '-- Hours.\n\nlocal function rest(a, b) return a, b end\nlocal function hours(n) return n end\n';

const modules = (count, hours = HOURS) =>
  modulesOf({ 'src/a/count-up.lua': count, 'src/a/hours.lua': hours });
const changed = (from, to) => {
  expect(RIGHT).toContain(from);
  return RIGHT.replace(from, to);
};

test('a script becomes a module that is called by the names of its header', () => {
  const made = modules(RIGHT);
  expect([...made.keys()]).toEqual(['src/a/count-up.script.ts']);
  const text = made.get('src/a/count-up.script.ts');
  expect(text).toContain('export const countUpScript = ');
  expect(text).toContain('{ counter: string }');
  expect(text).toContain('{ by: number; isNew: boolean; names: readonly ScriptArgument[] }');
  expect(text).toContain("args: ['by', 'isNew', { list: 'names' }]");
  expect(text).toContain("import { TTL } from '../hour.js';");
  expect(text).toContain(["redis.call('EXPIRE', counter, $", '{literal(TTL)})'].join(''));
  expect(text).toContain('local function hours(n) return n end');
});

test('records are named too', () => {
  const tasks = `records(ARGV, 1, { -- what to add
  'id', -- the id
  'size', -- bytes
})
for _, task in ipairs(tasks) do redis.call('SET', root .. task.id, task.size) end`;
  const script = (text) =>
    modulesOf({
      'records.lua': '-- Records.\n\nlocal function records(list) return list end\n',
      'add.lua': `-- Adds.\n--\n-- @include ./records.lua\n-- @returns null\n\nlocal root = KEYS[1] -- a key\nlocal tasks = ${text}\n`,
    }).get('add.script.ts');
  expect(script(tasks)).toContain('{ tasks: readonly { id: ScriptArgument; size: ScriptArgument }[] }');
  expect(script(tasks)).toContain("{ list: 'tasks', fields: ['id', 'size'] }");
  expect(() => script(tasks.replace('task.size', 'task.sise'))).toThrow('a record of tasks has no sise');
  expect(() => script(tasks.replace('task.size', '1'))).toThrow('size is never used');
  expect(() => script(tasks.replace(' -- bytes', ''))).toThrow('say in a comment on this line what size is');
});

test('a script around one of BullMQ calls that, and names those of its keys that it needs', () => {
  const text = `-- Counts.\n--\n-- @around\n\nlocal job = KEYS[12] -- the job\nlocal result = bullmq()\nredis.call('INCR', job)\nreturn result\n`;
  const made = modulesOf({ 'end.lua': text }).get('end.script.ts');
  expect(made).toContain('export const endScript = (bullmq: string): string => `local function bullmq()');
});

test.each([
  ['a syntax error', 'then redis', 'redis', /count-up\.lua:12 {2}.*then/],
  ['Lua that is newer than 5.1', 'return redis', 'goto done ::done:: return redis', /count-up\.lua:13/],
  ['a key that is skipped', 'KEYS[1]', 'KEYS[2]', 'counter is KEYS[2]; the next one is 1'],
  [
    'a name without a comment',
    ' -- how many',
    '',
    'count-up.lua:8  say in a comment on this line what by is',
  ],
  ['a name that is not used', 'if isNew then', 'if true then', 'count-up.lua:9  isNew is never used'],
  ['an argument without a name', 'by * hours', 'ARGV[9] * hours', 'count-up.lua:13  give this a name'],
  ['an unknown name', 'counter, TTL', 'count, TTL', 'count-up.lua:12  count is not declared'],
  ['a constant that is not imported', "\n-- @import { TTL } from '../hour.js'", '', 'TTL is not declared'],
  ['a constant that is not used', 'counter, TTL', 'counter, 1', 'count-up.lua:4  TTL is never used'],
  ['an include that is missing', './hours.lua', './minutes.lua', 'there is no ./minutes.lua'],
  ['an unknown directive', '-- @returns', '-- @answers', 'unknown directive'],
  ['a script that does not say what it returns', '-- @returns number', '--', 'what it `@returns`'],
  ['a file that does not say what it is for', '-- Counts.\n--\n', '', 'begin with a comment'],
  ['a long line', '-- who is counted', `-- ${'who '.repeat(25)}`, 'longer than 110 characters'],
])('%s is refused', (_name, from, to, message) => {
  expect(() => modules(changed(from, to))).toThrow(message);
});

test('a file of functions reads no KEYS, and is not included for nothing', () => {
  const reads = HOURS.replace('return n', 'return KEYS[1] .. n');
  expect(() => modules(RIGHT, reads)).toThrow('hours.lua:4  only a script');
  const unused = changed('-- @include ./hours.lua', '-- @include ./hours.lua\n-- @include ./unused.lua');
  expect(() =>
    modulesOf({ 'a.lua': unused, 'hours.lua': HOURS, 'unused.lua': '-- One.\n\nlocal function one() end\n' }),
  ).toThrow('a.lua:4  nothing of ./unused.lua is used');
});
