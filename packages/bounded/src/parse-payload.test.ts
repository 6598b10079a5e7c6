import { describe, expect, test } from '@jest/globals';
import { parsePayload } from './parse-payload.js';

const json = (text: string) => parsePayload(Buffer.from(text), 'json');
const form = (text: string) => parsePayload(Buffer.from(text), 'form');
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('parsePayload', () => {
  test.each([['{"a":1}'], ['[1,2]'], ['"text"'], ['0'], ['false'], ['{}'], [nested(64)]])(
    'accepts %s',
    (text) => {
      expect(json(text)).toEqual({ ok: true, payload: JSON.parse(text) });
    },
  );

  test.each([
    ['', 'empty_body'],
    ['  \n', 'empty_body'],
    ['null', 'invalid_json'],
    ['{', 'invalid_json'],
    ["{'a':1}", 'invalid_json'],
    ['{"__proto__": {"admin": true}}', 'invalid_json'],
    ['{"a": [{"\\u005f_proto__": 1}]}', 'invalid_json'],
    ['{"constructor": {"prototype": {}}}', 'invalid_json'],
    [nested(65), 'payload_too_deep'],
    [nested(200_000), 'payload_too_deep'],
  ])('refuses %.20s', (text, code) => {
    expect(json(text)).toMatchObject({ ok: false, code });
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(parsePayload(Buffer.from([0x22, 0xff, 0x22]), 'json')).toMatchObject({ code: 'invalid_json' });
  });

  test('turns a form into an object, with lists for repeated fields', () => {
    expect(form('Body=hi+there&From=%2B49&tag=a&tag=b')).toEqual({
      ok: true,
      payload: { Body: 'hi there', From: '+49', tag: ['a', 'b'] },
    });
  });

  test('accepts a thousand fields', () => {
    const values = Array.from({ length: 1000 }, (_, n) => `${n}`);
    expect(form(values.map((n) => `f=${n}`).join('&'))).toEqual({ ok: true, payload: { f: values } });
  });

  test.each([
    ['__proto__=1', 'invalid_form'],
    ['constructor=1', 'invalid_form'],
    [Array.from({ length: 1001 }, (_, n) => `f${n}=1`).join('&'), 'invalid_form'],
    // No field may be dropped silently.
    [Array(1002).fill('f=1').join('&'), 'invalid_form'],
    [`${'&'.repeat(1001)}f=1`, 'invalid_form'],
  ])('refuses the form %.20s', (text, code) => {
    expect(form(text)).toMatchObject({ ok: false, code });
  });

  test('tells a sender that the JSON header is missing', () => {
    expect(form('{"question": "hi"}')).toMatchObject({ detail: expect.stringContaining('application/json') });
  });
});
