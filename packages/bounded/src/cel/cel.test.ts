import { parseJson } from '@agenthook/json';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createBounded } from '../index.js';
import { compileCel } from './compile.js';
import { celValueOf } from './values.js';

const event = {
  payload: {
    action: 'opened',
    count: 5,
    ratio: 1.5,
    id: '5',
    created: '2026-01-02T03:04:05Z',
    nothing: null,
    draft: false,
    labels: [{ name: 'bug' }, { name: 'billing' }],
    tags: ['a', 'b'],
    mixed: [1, 'a', null, { x: 1 }],
    issue: { number: 3, title: 'Printer on fire' },
    sender: { login: 'octobot[bot]' },
  },
  headers: { 'x-github-event': 'issues' },
  query: { source: 'crm', tag: ['x', 'y'] },
};

const read = (source: string, of: object = event): unknown => {
  const compiled = compileCel(source);
  if ('issue' in compiled) throw new Error(`${source}: ${compiled.issue.message}`);
  return compiled.program.evaluate(of as typeof event);
};

test.each([
  'payload.action == "opened"',
  'headers["x-github-event"] == "issues" && payload.action in ["opened", "edited"]',
  'payload.count == 5 && payload.count in [1, 5] && payload.count > 4 && payload.count < 5.5',
  'payload.ratio == 1.5',
  'payload.id != 5',
  'int(payload.count) % 2 == 1',
  'payload.nothing == null',
  '!payload.draft',
  'has(payload.issue.number) && !has(payload.issue.body)',
  'payload.missing == 1 || true',
  '!(payload.missing == 1 && false)',
  'payload.labels.exists(l, l.name == "bug")',
  'payload.labels.all(l, l.name.startsWith("b"))',
  'payload.labels.filter(l, l.name != "bug").map(l, l.name) == ["billing"]',
  'payload.tags.exists_one(t, t == "a")',
  '"bug" in payload.labels.map(l, l.name)',
  'null in payload.mixed && {"x": 1} in payload.mixed',
  '"action" in payload && size(payload.tags) == 2 && payload.tags[1] == "b"',
  'payload.sender.login.endsWith("[bot]") && payload.issue.title.contains("fire")',
  'payload.issue.title.lowerAscii() == "printer on fire"',
  'payload.issue.title.matches("(?i)^PRINTER")',
  'timestamp(payload.created) < timestamp("2027-01-01T00:00:00Z")',
  'timestamp(payload.created).getFullYear() == 2026',
  'duration("90m") == duration("1h30m")',
  'query.source == "crm" && "y" in query.tag',
  'payload.?missing.orValue("none") == "none" && headers[?"x-none"].orValue("") == ""',
  'string(payload.count) + "/" + payload.id == "5/5"',
])('is true: %s', (source) => {
  expect(read(source)).toBe(true);
});

test.each([
  ['payload.missing == 1', 'No such key: missing'],
  ['has(payload.missing.inner)', 'No such key: missing'],
  ['payload.action > 5', 'no such overload: dyn<string> > int'],
  ['payload.count + 1 == 6', 'no such overload: dyn<double> + int'],
  ['payload.tags[5] == "a"', 'index out of bounds'],
  ['payload.action.matches(payload.pattern)', 'No such key: pattern'],
])('has no value for a payload: %s', (source, message) => {
  expect(() => read(source)).toThrow(message);
});

test.each([
  ['payload.action ==', 'Unexpected token', 1, 18],
  ['payload.action = "x"', 'Unexpected character: =', 1, 16],
  ['payload.action == "a"\n  && other.x', 'Unknown variable: other', 2, 6],
  ['payload.title.matches("(a")', 'RE2 does not accept the pattern', 1, 23],
  ['payload.title.matches("(?=a)")', 'RE2 does not accept the pattern', 1, 23],
  ['"a".matches(5)', "no matching overload for 'string.matches(int)'", 1, 1],
  ['nope(payload)', 'no matching overload', 1, 1],
])('does not compile: %s', (source, message, line, column) => {
  expect(compileCel(source)).toEqual({
    issue: { message: expect.stringContaining(message), line, column },
  });
});

test('members of a payload are its own, whatever they are called', () => {
  const of = (payload: unknown) => ({ ...event, payload: celValueOf(payload) });
  const hostile = JSON.parse('{"constructor": 1, "a": [{"constructor": {"name": "x"}}], "toString": "t"}');
  expect(read('payload.constructor == 1 && payload.a[0].constructor.name == "x"', of(hostile))).toBe(true);
  expect(read('payload.toString == "t"', of(hostile))).toBe(true);
  expect(read('has(payload.constructor) || has(payload.toString)', of({}))).toBe(false);
  expect(read('"hasOwnProperty" in payload', of({}))).toBe(false);
});

describe('the passes of an expression', () => {
  const passesOf = (source: string) => {
    const compiled = compileCel(source);
    if ('issue' in compiled) throw new Error(compiled.issue.message);
    return compiled.program.passes;
  };

  test.each([
    'payload.action == "opened" && headers["x-github-event"] == "issues"',
    'payload.labels.exists(l, l.name == "bug")',
    'payload.commits.exists(c, c.files.exists(f, f.name.endsWith(".md")))',
    'payload.a.exists(x, x.name == payload.wanted)',
    'payload.title.matches("deploy|release")',
    '["a", "b"].exists(x, payload.action == x)',
    'size(payload.labels.filter(l, l.name != "x")) > 2',
  ])('are few for: %s', (source) => {
    expect(passesOf(source)).toBeLessThan(60);
  });

  test.each(['^(a?){1000}$', '\\\\pL{1000}\\\\d'])('grow with the program of a pattern: %s', (pattern) => {
    expect(passesOf(`payload.title.matches("${pattern}")`)).toBeGreaterThan(1_000);
  });

  test.each([
    'payload.a.exists(x, payload.b.exists(y, x == y))',
    'payload.a.exists(x, x in payload.b)',
    'payload.a.exists(x, x.b.exists(y, x.b.exists(z, y == z)))',
    'payload.a.map(x, payload.text + x).size() > 3',
    'payload.a.exists(x, payload.text.contains("y"))',
    'payload.title.contains(payload.part)',
    'payload.title.matches(payload.pattern)',
    'payload.text.split(",").size() > 3',
    'payload.a.exists(x, timestamp(x).getHours("Europe/Berlin") == 3)',
    'cel.bind(x, payload.a, x == x)',
  ])('depend on the event for: %s', (source) => {
    expect(passesOf(source)).toBeUndefined();
  });
});

describe('a screen', () => {
  const bounded = createBounded();
  afterAll(() => bounded.close());
  const caller = { key: 'agt_1' };

  test('drops events that the filter or an ignored author excludes, and returns what an event is about', async () => {
    const of = (rules: Parameters<typeof bounded.screen>[0]) => bounded.screen(rules, event, caller);
    expect(await of({ filter: 'payload.count > 5' })).toEqual({ outcome: 'dropped' });
    expect(await of({ filter: 'payload.count > 4', breakerKey: 'payload.issue.number' })).toEqual({
      outcome: 'passed',
      breakerKey: '3',
    });
    const paths = ['user.login', 'sender.login', 'payload.count'];
    expect(await of({ ignoreSenders: ['me', 'octobot[bot]'], senderPaths: paths })).toEqual({
      outcome: 'dropped',
      sender: 'octobot[bot]',
    });
    expect(await of({ ignoreSenders: ['me'], senderPaths: paths })).toEqual({ outcome: 'passed' });
    expect(await of({ filter: 'payload.no', breakerKey: 'payload.labels' })).toEqual({
      outcome: 'passed',
      error: 'filter: No such key: no; breaker.key: it gives a list, not a text',
    });
    expect(await of({ filter: 'payload.action' })).toEqual({
      outcome: 'passed',
      error: 'filter: it gives a text, not true or false',
    });
  });

  test('gives the same in a helper, and does not hold up the event loop', async () => {
    const list = Array.from({ length: 1_500 }, (_, n) => ({ name: `n${n}` }));
    const filter = 'payload.a.exists(x, payload.a.exists(y, x.name == "none" && y.name == x.name))';
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    const outcome = await bounded.screen({ filter }, { ...event, payload: { a: list } }, caller);
    clearInterval(ticking);
    expect([{ outcome: 'dropped' }, { outcome: 'too_slow' }]).toContainEqual(outcome);
    expect(ticks).toBeGreaterThan(5);
    const small = { ...event, payload: { a: [{ name: 'none' }] } };
    expect(await bounded.screen({ filter }, small, caller)).toEqual({ outcome: 'passed' });
  });

  test('that would not end is ended', async () => {
    const a = Array.from({ length: 2_000 }, (_, n) => n);
    const filter = 'payload.a.all(x, payload.a.all(y, payload.a.all(z, x + y + z >= 0.0)))';
    expect(await bounded.screen({ filter }, { ...event, payload: { a } }, caller)).toEqual({
      outcome: 'too_slow',
    });
  });

  test('is not held up by any pattern and text', async () => {
    const payload = { pattern: '(a+)+$', text: `${'a'.repeat(20_000)}!` };
    const filter = 'payload.text.matches(payload.pattern)';
    expect(await bounded.screen({ filter }, { ...event, payload }, caller)).toEqual({ outcome: 'dropped' });
  });
});

test.each([
  ['payload.id == 820982911946154508', true],
  ['payload.id == 820982911946154509', false],
  ['payload.id in [1, 820982911946154508] && payload.id > 820982911946154507', true],
  ['string(payload.id) == "820982911946154508"', true],
  ['payload.list[0].id == 9007199254740993 && payload.list[0].id != 9007199254740992', true],
  ['payload.huge > 1.0e300', true],
])('numbers keep their digits: %s', (source, expected) => {
  const payload = celValueOf(
    parseJson('{"id":820982911946154508,"list":[{"id":9007199254740993}],"huge":1e400}'),
  );
  expect(read(source, { ...event, payload })).toBe(expected);
});
