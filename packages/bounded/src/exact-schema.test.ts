import { parseJson } from '@agenthook/json';
import { describe, expect, test } from '@jest/globals';
import { compileSchema } from './compile-schema.js';

const BIG = '9007199254740993';

const check = (schema: string, value: string) => compileSchema(schema, { strict: true })(parseJson(value));
const fits = (schema: string, value: string) => check(schema, value).outcome === 'fits';

describe('a schema compares numbers by their exact value', () => {
  test.each([
    [`{"const":${BIG}}`, BIG, '9007199254740992'],
    [`{"const":${BIG}}`, `${BIG}.0`, '9007199254740994'],
    [`{"const":{"a":[${BIG}],"b":1}}`, `{"b":1.0,"a":[${BIG}]}`, '{"b":1,"a":[9007199254740992]}'],
    ['{"const":9007199254740992}', '9007199254740992', BIG],
    ['{"const":0}', '-0', '1e-400'],
    [`{"enum":[1,${BIG},"x"]}`, BIG, '9007199254740995'],
    [`{"enum":[1,"${BIG}"]}`, `"${BIG}"`, BIG],
    ['{"minimum":9007199254740992}', BIG, '9007199254740991'],
    [`{"minimum":${BIG}}`, '9007199254740994', '9007199254740992'],
    [`{"exclusiveMinimum":9007199254740992}`, BIG, '9007199254740992'],
    [`{"maximum":${BIG}}`, BIG, '9007199254740995'],
    ['{"maximum":1e400}', '1e399', '1e401'],
    [`{"exclusiveMaximum":${BIG}}`, '9007199254740992', BIG],
    ['{"multipleOf":3}', '9007199254740993', '9007199254740995'],
    ['{"multipleOf":0.01}', '123456789012345678.25', '123456789012345678.255'],
    [`{"multipleOf":${BIG}}`, '27021597764222979', '27021597764222980'],
    ['{"uniqueItems":true}', `[9007199254740992,${BIG}]`, `[{"a":${BIG}},{"a":${BIG}.0}]`],
    ['{"type":"integer"}', BIG, '12345678901234567890.5'],
    ['{"type":"integer"}', '1e400', '1e-400'],
    ['{"type":"number"}', '1e400', `"${BIG}"`],
    ['{"type":["string","array"]}', `[${BIG}]`, BIG],
    [`{"items":{"properties":{"id":{"const":${BIG}}}}}`, `[{"id":${BIG}}]`, '[{"id":9007199254740992}]'],
    [`{"contains":{"const":${BIG}}}`, `[1,${BIG}]`, '[1,9007199254740992]'],
    [
      `{"$defs":{"id":{"minimum":${BIG}}},"properties":{"a":{"$ref":"#/$defs/id"}}}`,
      `{"a":${BIG}}`,
      '{"a":1}',
    ],
    [
      `{"if":{"properties":{"id":{"const":${BIG}}}},"then":{"required":["x"]}}`,
      '{"id":9007199254740992}',
      `{"id":${BIG}}`,
    ],
    ['{"propertyNames":{"const":"a"}}', `{"a":{"a":${BIG}}}`, `{"b":${BIG}}`],
    ['{"required":["x"]}', BIG, `{"y":${BIG}}`],
    ['{"properties":{"a":{"type":"integer"}},"unevaluatedProperties":false}', `{"a":${BIG}}`, `{"b":${BIG}}`],
  ])('%s takes %s, refuses %s', (schema, right, wrong) => {
    expect([fits(schema, right), fits(schema, wrong)]).toEqual([true, false]);
  });

  test('issues name the place and the limit with all digits', () => {
    const schema = `{"properties":{"ids":{"items":{"maximum":${BIG}}},"n":{"enum":[${BIG}]}},"required":["m"]}`;
    expect(check(schema, '{"ids":[1,9007199254740995],"n":1}')).toEqual({
      outcome: 'misfit',
      total: 3,
      issues: expect.arrayContaining([
        { path: '/ids/1', message: `must be <= ${BIG}`, keyword: 'maximum' },
        { path: '/n', message: 'must be equal to one of the allowed values', keyword: 'enum' },
        { path: '/m', message: 'is missing', keyword: 'required' },
      ]),
    });
  });

  test('a huge exponent takes no time', () => {
    expect(fits('{"multipleOf":7}', '1e999999999')).toBe(false);
    const infinite = `e${'9'.repeat(400)}`;
    expect(fits(`{"multipleOf":2${infinite}}`, `4${infinite}`)).toBe(false);
    expect(fits('{"maximum":1e999999999}', '1e999999998')).toBe(true);
  });

  test('a schema that the standard refuses is refused', () => {
    expect(() => compileSchema(`{"minimum":"${BIG}"}`, { strict: true })).toThrow();
    expect(() => compileSchema(`{"maximum":${BIG},"minLength":-1}`, { strict: true })).toThrow();
  });
});
