import { parseJson } from '@agenthook/json';
import { expect, test } from '@jest/globals';
import { missingSecrets, SECRET_PLACEHOLDER, withSecrets } from './agent-config.js';
import { fileNameOf, readYaml, toYaml } from './agent-yaml.js';

/** An agent as the api shows it. */
const AGENT = {
  id: 'agt_1',
  version: 7,
  saved_by: 'Ada',
  webhook: { token_hint: '3fQk' },
  name: 'Ticket triage',
  system_prompt: 'First line.\n\n  - {{ payload.id }}: "quoted", # no comment\n',
  tools: [
    { type: 'notify', name: 'tell', channel: 'slack', secrets: { url: true } },
    { type: 'memory', name: 'notes' },
  ],
  input_schema: { type: 'object', properties: { on: { const: true } } },
  output_schema: null,
  signature: { scheme: 'github', secret: true, previous_secret: true },
  callback: { url: 'https://example.com/done', secret: true, previous_expires_at: null, disabled: null },
  limits: { max_steps: 4, max_cost_usd: null },
};

const configOf = (text: string) => {
  const read = readYaml(text);
  if ('problem' in read) throw new Error(read.problem);
  return read;
};
const problemOf = (text: string) => {
  const read = readYaml(text);
  return 'problem' in read ? read.problem : undefined;
};

test("a file contains an agent's configuration, without its secrets and its own state", () => {
  const { config, unknown } = configOf(toYaml(AGENT));
  expect(unknown).toEqual([]);
  expect(config).toEqual({
    name: AGENT.name,
    system_prompt: AGENT.system_prompt,
    tools: [{ ...AGENT.tools[0], secrets: { url: SECRET_PLACEHOLDER } }, AGENT.tools[1]],
    input_schema: AGENT.input_schema,
    output_schema: null,
    signature: { scheme: 'github', secret: SECRET_PLACEHOLDER },
    callback: { url: AGENT.callback.url },
    limits: AGENT.limits,
  });
});

test('a secret in a file is used, and not exported again', () => {
  const { config } = configOf(
    'name: a\ntools: [{type: notify, name: n, channel: slack, secrets: {url: hush}}]',
  );
  expect(missingSecrets(config)).toEqual([]);
  expect(withSecrets(config, {})).toEqual(config);
  expect(toYaml(config)).not.toContain('hush');
});

test('secrets are requested by their place; a signature without one is dropped', () => {
  const { config } = configOf(toYaml(AGENT));
  const paths = missingSecrets(config).map(({ path }) => path);
  expect(paths).toEqual(['/tools/0/secrets/url', '/signature/secret']);
  const entered = withSecrets(config, { '/tools/0/secrets/url': 'https://hook', '/signature/secret': 's' });
  expect(entered).toMatchObject({
    tools: [{ secrets: { url: 'https://hook' } }, {}],
    signature: { scheme: 'github', secret: 's' },
  });
  expect(withSecrets(config, {})).toMatchObject({
    tools: [{ secrets: { url: SECRET_PLACEHOLDER } }, {}],
    signature: null,
  });
});

test('unknown fields are listed and left out', () => {
  const { config, unknown } = configOf('name: a\nsytem_prompt: typo\n__proto__: {name: b}\nid: agt_1');
  expect(unknown).toEqual(['sytem_prompt', '__proto__', 'id']);
  expect(config).toEqual({ name: 'a' });
});

test.each([
  ['an alias', 'a: &a [x]\nb: [*a, *a]', /aliases are not supported/],
  ['an alias bomb', `a: &a [x]\n${'b: &b [*a,*a,*a]\n'}`, /aliases are not supported/],
  ['endless brackets', '['.repeat(500_000), /deeper than/],
  ['endless lists', '- '.repeat(250_000), /deeper than/],
  ['endless keys', '{a: '.repeat(100_000), /deeper than/],
  ['a long file', `name: ${'a'.repeat(1024 * 1024)}`, /1 MiB/],
  ['a tag', 'name: !!js/function "x"', /not valid YAML in line 1/],
  ['a duplicate key', 'name: a\nname: b', /line 2, column 1: duplicated mapping key/],
  ['two documents', 'name: a\n---\nname: b', /single document/],
  ['bad indentation', 'name: a\n  b: c\n d', /line/],
  ['a list', '- name: a', /no agent fields/],
  ['a word', 'hello', /no agent fields/],
  ['only a comment', '# nothing', /./],
])('%s is refused with a message', (_what, text, problem) => {
  expect(problemOf(text)).toMatch(problem);
});

test.each([
  [{ name: 'a', tools: 'none' }],
  [{ name: 'a', tools: [null, 1, { secrets: 'x' }], signature: 'github', callback: 3 }],
  [{ name: { first: 'a' }, signature: { secret: true } }],
])('an invalid agent is left for the api to refuse: %j', (value) => {
  const { config } = configOf(JSON.stringify(value));
  expect(() => withSecrets(config, {})).not.toThrow();
  expect(() => toYaml(config)).not.toThrow();
});

test.each([
  ['Ticket triage', 'ticket-triage.agent.yaml'],
  ['../../Überraschung: <x>', 'uberraschung-x.agent.yaml'],
  ['日本', 'agent.agent.yaml'],
])('the file of %s is called %s', (name, file) => {
  expect(fileNameOf(name)).toBe(file);
});

test('a file has every digit of the numbers in a schema', () => {
  const input_schema = parseJson('{"properties":{"id":{"const":820982911946154508},"n":{"maximum":1e400}}}');
  const yaml = toYaml({ name: 'Exact', input_schema });
  expect(yaml).toContain('const: 820982911946154508\n');
  expect(yaml).toContain('maximum: 1e400\n');
});
