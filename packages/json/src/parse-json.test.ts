import { describe, expect, test } from '@jest/globals';
import { jsonShape } from './json-shape.js';
import { createNumberMarks } from './number-marks.js';
import { parseJson } from './parse-json.js';

const EXACT = [
  '820982911946154508',
  '-820982911946154508',
  '9007199254740993',
  '12345678901234567890123',
  '794712263469694986',
  '0.1000000000000000055511151231257827',
  '12345678.123456789',
  '1e400',
  '-1E+400',
  '1e-400',
  '-0',
  '-0.0',
  '-0e7',
  '1e99999999999999999999',
];
/** Numbers that a double holds, with what is written for them. */
const DOUBLES = [
  ['0', '0'],
  ['1.0', '1'],
  ['1.10', '1.1'],
  ['-0.5', '-0.5'],
  ['1e5', '100000'],
  ['-1.5e-99', '-1.5e-99'],
  ['999999999999999e99', '9.99999999999999e+113'],
  ['0e5', '0'],
  ['1E-7', '1e-7'],
  ['9007199254740992', '9007199254740992'],
  ['9007199254740994', '9007199254740994'],
  ['123456789012345680000', '123456789012345680000'],
  ['10000000000000000000000', '1e+22'],
  ['0.1', '0.1'],
  ['0.10000000000000000000000000', '0.1'],
  ['51.50735091234567', '51.50735091234567'],
  ['5e-324', '5e-324'],
  ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ['0e999999999999999999999', '0'],
] as const;

const written = (json: string) => JSON.stringify(parseJson(json));

describe('parseJson', () => {
  test.each(EXACT)('%s keeps its digits', (number) => {
    expect(written(number)).toBe(number);
    expect(String(parseJson(number))).toBe(number);
    for (const json of [`{"a":${number}}`, `[${number},${number}]`, `[[{"a":[${number}]}],"x"]`]) {
      expect(written(json)).toBe(json);
      expect(jsonShape(json).fitsDoubles).toBe(false);
    }
    expect(written(`[ 1 ,\n${number}\t]`)).toBe(`[1,${number}]`);
  });

  test.each(DOUBLES)('%s is a plain number', (number, shown) => {
    expect(parseJson(`[${number}]`)).toEqual([Number(number)]);
    expect(written(number)).toBe(shown);
    expect(jsonShape(`[${number}]`).fitsDoubles).toBe(true);
  });

  test('random numbers of every spelling are written with the value that was read', () => {
    const digits = (count: number) =>
      Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join('');
    const some = (most: number) => Math.floor(Math.random() * (most + 1));
    for (let n = 0; n < 3_000; n++) {
      const whole = some(3) === 0 ? '0' : `${1 + some(8)}${digits(some(20))}`;
      const fraction = some(1) ? `.${digits(1 + some(20))}` : '';
      const exponent = some(2) ? '' : `${some(1) ? 'e' : 'E'}${['', '+', '-'][some(2)]}${some(330)}`;
      const number = `${some(1) ? '-' : ''}${whole}${fraction}${exponent}`;
      expect([number, rational(written(number) ?? '')]).toEqual([number, rational(number)]);
    }
  });

  test('strings that look like numbers or marks stay strings', () => {
    const texts = [
      '820982911946154508',
      '-0',
      '1e400',
      '\\" 820982911946154508, ',
      '\\\\',
      'number-1-2:9e999',
      'é"',
    ];
    const json = JSON.stringify({ texts, '9007199254740993': '\\', n: { id: 1 } });
    expect(written(json)).toBe(json);
    const beside = json.replace('{"id":1}', '9007199254740993');
    expect(written(beside)).toBe(beside);
  });

  test('the last of several members with one name counts', () => {
    expect(written('{"a":{"x":9007199254740993},"a":{"x":9007199254740992}}')).toBe(
      '{"a":{"x":9007199254740992}}',
    );
    expect(written('{"a":1,"a":9007199254740993}')).toBe('{"a":9007199254740993}');
  });

  test('a name never reaches a prototype', () => {
    const value = parseJson('{"__proto__":{"id":9007199254740993},"constructor":1e400}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"id":9007199254740993},"constructor":1e400}');
  });

  test('nesting of any depth does not overflow the stack', () => {
    const depth = 200_000;
    const json = `${'['.repeat(depth)}9007199254740993${']'.repeat(depth)}`;
    expect(jsonShape(json)).toEqual({ depth, members: 0, fitsDoubles: false, exactNumbers: 1 });
    let value = parseJson(json);
    for (let level = 0; level < depth; level++) value = (value as unknown[])[0];
    expect(String(value)).toBe('9007199254740993');
  });

  test.each([
    '',
    '{',
    '[9007199254740993',
    '{"a":9007199254740993e}',
    '[09007199254740993]',
    '[-]',
    '[1e400.5]',
    '[9007199254740993 x]',
  ])('what is not JSON is refused as JSON.parse does: %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
    expect(() => JSON.parse(createNumberMarks().mark(text))).toThrow(SyntaxError);
  });
});

describe('an exact number', () => {
  const read = (json: string) =>
    parseJson(json) as { equals(other: unknown): boolean; gt(other: unknown): boolean };

  test('compares by its exact value', () => {
    const id = read('9007199254740993');
    expect(id.equals(9007199254740992)).toBe(false);
    expect(id.equals(read('9007199254740993.0'))).toBe(true);
    expect(id.equals('9007199254740993')).toBe(false);
    expect(id.gt(9007199254740992)).toBe(true);
    expect(id.gt('1')).toBe(false);
    expect(read('-0').equals(0)).toBe(true);
    expect(read('-1e400').gt(read('-1e401'))).toBe(true);
    expect(read('1e-400').gt(0)).toBe(true);
  });

  test('is never NaN or infinite in arithmetic', () => {
    expect(Number(parseJson('1e400'))).toBe(Number.MAX_VALUE);
    expect(Number(parseJson('-1e400')) + Number(parseJson('1e400'))).toBe(0);
    expect(Number(parseJson('9007199254740993'))).toBe(9007199254740992);
  });
});

/** The value of a JSON number as a sign, digits and a power of ten, without zeros at the end. */
function rational(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return `${sign}0`;
  const text = String(digits);
  const short = text.replace(/0{1,60}$/, '');
  return `${sign}${short}e${Number(exponent) - fraction.length + text.length - short.length}`;
}
