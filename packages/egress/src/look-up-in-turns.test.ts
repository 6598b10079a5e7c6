import { expect, test } from '@jest/globals';
import { lookUpInTurns } from './look-up-in-turns.js';

/** A resolver whose answers a test gives, in the order of its questions. */
function resolver() {
  const questions: { name: string; answer: (addresses: string[] | Error) => void }[] = [];
  const lookup = (name: string) =>
    new Promise<string[]>((resolve, reject) => {
      const answer = (given: string[] | Error) => (given instanceof Error ? reject(given) : resolve(given));
      questions.push({ name, answer });
    });
  const answer = async (given: string[] | Error, name?: string) => {
    await settled();
    questions.findLast((question) => name === undefined || question.name === name)?.answer(given);
    await settled();
  };
  return { lookup, answer, names: () => questions.map(({ name }) => name) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('names of one domain wait for each other, and those of other domains do not wait for them', async () => {
  const { lookup, answer, names } = resolver();
  const find = lookUpInTurns(lookup);
  const slow = ['a', 'b'].map((name) => find(`${name}.evil.example`));
  const [other] = ['api.good.example', 'api.shop.co.uk', 'api.other.co.uk'].map(find);
  await settled();
  expect(names()).toEqual(['a.evil.example', 'api.good.example', 'api.shop.co.uk', 'api.other.co.uk']);
  await answer(['192.0.2.1'], 'api.good.example');
  expect(await other).toEqual(['192.0.2.1']);
  expect(names()).toHaveLength(4);
  await answer(['192.0.2.2'], 'a.evil.example');
  expect(names().at(-1)).toBe('b.evil.example');
  await answer(['192.0.2.3']);
  expect(await Promise.all(slow)).toEqual([['192.0.2.2'], ['192.0.2.3']]);
});

test('twelve are looked up at once, and domains take turns for the places', async () => {
  const { lookup, answer, names } = resolver();
  const find = lookUpInTurns(lookup);
  for (let n = 1; n <= 12; n++) for (const name of ['a', 'b']) void find(`${name}.evil${n}.example`);
  const other = find('api.good.example');
  await settled();
  expect(names()).toEqual(Array.from({ length: 12 }, (_, n) => `a.evil${n + 1}.example`));
  await answer(['192.0.2.1'], 'a.evil5.example');
  expect(names().slice(12)).toEqual(['api.good.example']);
  await answer(['192.0.2.3'], 'api.good.example');
  expect(await other).toEqual(['192.0.2.3']);
});

test('a name that was found lately does not wait, and is asked for again', async () => {
  const { lookup, answer, names } = resolver();
  let now = 0;
  const find = lookUpInTurns(lookup, () => now);
  const first = find('api.good.example');
  const same = find('api.good.example');
  await answer(['192.0.2.1']);
  expect(await Promise.all([first, same])).toEqual([['192.0.2.1'], ['192.0.2.1']]);
  const slow = find('slow.evil.example');
  slow.catch(() => undefined);
  now = 30_000;
  expect(await find('api.good.example')).toEqual(['192.0.2.1']);
  await answer(new Error('no such name'), 'slow.evil.example');
  await expect(slow).rejects.toThrow('no such name');
  expect(names()).toEqual(['api.good.example', 'slow.evil.example', 'api.good.example']);
  await answer(['192.0.2.9']);
  expect(await find('api.good.example')).toEqual(['192.0.2.9']);
  expect(names()).toHaveLength(3);
});

test('old addresses, and those of a name that is gone, are not used', async () => {
  const { lookup, answer, names } = resolver();
  let now = 0;
  const find = lookUpInTurns(lookup, () => now);
  const first = find('a.example');
  await answer(['192.0.2.1']);
  await first;
  now = 20_000;
  await find('a.example');
  await answer(new Error('gone'));
  const second = find('a.example');
  await settled();
  expect(names()).toHaveLength(3);
  await answer(['192.0.2.2']);
  expect(await second).toEqual(['192.0.2.2']);
  now = 400_000;
  const third = find('a.example');
  await settled();
  await answer(['192.0.2.3']);
  expect(await third).toEqual(['192.0.2.3']);
});

test('no more than two hundred names of a domain wait', async () => {
  const find = lookUpInTurns(resolver().lookup);
  const many = Array.from({ length: 201 }, (_, n) => find(`n${n}.evil.example`));
  for (const each of many) each.catch(() => undefined);
  await expect(find('one-more.evil.example')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
});
