import { describe, expect, test } from '@jest/globals';
import { type PayloadSource, parsePayload } from './parse-payload.js';

const FORM = 'application/x-www-form-urlencoded';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const read = (body: string | Buffer, contentType?: string, more: PayloadSource = {}) =>
  parsePayload(Buffer.from(body), { contentType, ...more });
const json = (text: string) => read(text, 'application/json');
const form = (body: string | Buffer, charset?: string) =>
  read(body, charset === undefined ? FORM : `${FORM}; charset=${charset}`);
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('JSON', () => {
  test.each([
    ['{"a":1}'],
    ['[1,2]'],
    ['"text"'],
    ['0'],
    ['false'],
    ['{}'],
    [nested(64)],
    [`[${'0,'.repeat(60_000)}0]`],
  ])('accepts %s', (text) => {
    expect(json(text)).toMatchObject({ ok: true, payload: JSON.parse(text) });
  });

  test.each([
    ['', 'empty_body'],
    ['  \n', 'empty_body'],
    ['\ufeff \n', 'empty_body'],
    ['null', 'invalid_json'],
    ['{', 'invalid_json'],
    ["{'a':1}", 'invalid_json'],
    ['{"__proto__": {"admin": true}}', 'invalid_json'],
    ['{"a": [{"\\u005f_proto__": 1}]}', 'invalid_json'],
    ['{"constructor": {"prototype": {}}}', 'invalid_json'],
    [nested(65), 'payload_too_deep'],
    [nested(200_000), 'payload_too_deep'],
    [`[${'-0,'.repeat(50_000)}-0]`, 'payload_too_large'],
  ])('refuses %.20s', (text, code) => {
    expect(json(text)).toMatchObject({ ok: false, code });
  });

  test('refuses bytes that are not UTF-8', () => {
    expect(parsePayload(Buffer.from([0x22, 0xff, 0x22]), { contentType: 'application/json' })).toMatchObject({
      code: 'invalid_json',
      detail: expect.stringContaining('UTF-8'),
    });
  });

  test.each([
    ['{"a":NaN,"b":Infinity}', 'line 1, column 6'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":1,\n "b": 01}', 'line 2, column 8'],
    ['[1, 2', 'line 1, column 6'],
    ['{"a": "b\n"}', 'line 1, column 9'],
    ['{"a": "\\x"}', 'line 1, column 9'],
    ['{"a" 1}', 'line 1, column 6'],
    ['[1] 2', 'line 1, column 5'],
    ['[1}', 'line 1, column 3'],
    ['[,]', 'line 1, column 2'],
    ['{"a": tru}', 'line 1, column 7'],
  ])('says where %s goes wrong', (text, place) => {
    const refused = json(text);
    expect(refused).toMatchObject({ code: 'invalid_json', detail: expect.stringContaining(`(${place})`) });
    expect(refused).not.toMatchObject({ detail: expect.stringContaining('position') });
  });

  test.each([
    ['application/cloudevents+json; charset=utf-8'],
    ['text/json'],
    ['APPLICATION/JSON;charset="UTF-8"'],
    [undefined],
    ['json'],
    ['text/plain'],
    ['application/octet-stream'],
    ['application/octet-stream; charset=binary'],
    ['application/x-unheard-of'],
    // What curl -d declares for everything.
    [FORM],
  ])('is JSON as %s', (type) => {
    expect(read('{"a":"Zoë"}', type)).toMatchObject({ kind: 'json', payload: { a: 'Zoë' } });
  });

  test('that is invalid is refused unless its type says that it is text', () => {
    expect(read('{"a":1,}')).toMatchObject({ code: 'invalid_json' });
    expect(read('{"a":1,}', 'text/plain')).toMatchObject({ kind: 'text', payload: '{"a":1,}' });
  });

  test('in text that has a forbidden key or nests too deeply is refused', () => {
    expect(read('{"__proto__":{}}', 'text/plain')).toMatchObject({ code: 'invalid_json' });
    expect(read(nested(65), 'text/plain')).toMatchObject({
      code: 'payload_too_deep',
      detail: expect.stringContaining('64 levels'),
    });
  });
});

describe('charsets', () => {
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const swapped = (text: string) => utf16(text).swap16();

  test.each([
    ['a declared one', latin1('{"a":"Zoë"}'), 'application/json; charset=ISO-8859-1'],
    ['windows-1252', latin1('{"a":"Zo\xeb"}'), 'application/json; charset=windows-1252'],
    [
      'UTF-16 with a mark',
      Buffer.concat([latin1('\xff\xfe'), utf16('{"a":"Zoë"}')]),
      'application/json; charset=utf-16',
    ],
    [
      'a mark that contradicts the label',
      Buffer.concat([latin1('\xfe\xff'), swapped('{"a":"Zoë"}')]),
      'application/json; charset=latin1',
    ],
    ['UTF-16 without either', utf16('{"a":"Zoë"}'), 'application/json'],
    ['UTF-16 in the other order', swapped('{"a":"Zoë"}'), 'application/json'],
    ['a mark of UTF-8', Buffer.from('\ufeff{"a":"Zoë"}'), 'application/json'],
    ['what is called ASCII', Buffer.from('{"a":"Zoë"}'), 'application/json; charset=us-ascii'],
    ['what is called ASCII and is not UTF-8', latin1('{"a":"Zoë"}'), 'text/json; charset=US-ASCII'],
    ['a label in other quotes', latin1('{"a":"Zoë"}'), "application/json; charset='latin1'"],
    [
      'a header that came twice',
      latin1('{"a":"Zoë"}'),
      'application/json; charset=latin1, application/json; charset=latin1',
    ],
  ])('%s', (_name, body, type) => {
    expect(read(body, type)).toMatchObject({ kind: 'json', payload: { a: 'Zoë' } });
  });

  test('windows-1252 has what ISO-8859-1 has not', () => {
    expect(read(latin1('\x80 5 \x93a\x94'), 'text/plain; charset=iso-8859-1')).toMatchObject({
      payload: '€ 5 “a”',
    });
  });

  test.each([
    ['text/plain', latin1('Zo\xeb'), 'UTF-8'],
    ['text/plain; charset=utf-8', latin1('Zo\xeb'), 'UTF-8'],
    ['application/json; charset=shift_jis', latin1('"\x80"'), 'shift_jis'],
    ['text/csv; charset=utf-7', latin1('a'), 'utf-7'],
    [FORM, latin1('a=%EB'), 'UTF-8'],
    [`${FORM}; charset=euc-jp`, latin1('a=%FF'), 'euc-jp'],
  ])('that fail are named: %s', (type, body, name) => {
    expect(read(body, type)).toMatchObject({ ok: false, detail: expect.stringContaining(name) });
  });

  test('the replacement character is kept where it was sent, and made nowhere', () => {
    expect(read('"\ufffd"', 'application/json')).toMatchObject({ payload: '\ufffd' });
    for (let byte = 0x80; byte < 0x100; byte++)
      for (const label of ['shift_jis', 'euc-kr', 'big5', 'gb18030', 'utf-8', 'koi8-r', 'iso-8859-7']) {
        const made = read(Buffer.from([0x41, byte, 0x42]), `text/plain; charset=${label}`);
        expect(made.ok && String(made.payload).includes('\ufffd')).toBe(false);
      }
  });

  test('letters of UTF-16 whose bytes are those of spaces are a text', () => {
    expect(read(Buffer.from('\ufeff†', 'utf16le'), 'text/plain')).toMatchObject({ payload: '†' });
  });

  test.each([
    '<?xml version="1.0" encoding="ISO-8859-1"?><a>Zo\xeb</a>',
    "<?xml version='1.0'\n  encoding = 'windows-1252' ?><a>Zo\xeb</a>",
  ])('XML says its own: %s', (xml) => {
    expect(read(latin1(xml), 'text/xml')).toMatchObject({ kind: 'text', payload: xml });
    expect(read(latin1(xml), 'application/xml; charset=iso-8859-1')).toMatchObject({ payload: xml });
  });

  const SAYS_UTF16 = '<?xml version="1.0" encoding="utf-16"?><a>Zoë</a>';
  test.each([
    ['XML', 'application/xml', Buffer.from(SAYS_UTF16), SAYS_UTF16],
    ['XML with a label', 'text/xml; charset=utf-16', Buffer.from('<?xml version="1.0"?><a>ëe</a>')],
    ['JSON', 'application/json; charset=utf-16', Buffer.from('{"a":"ëe"}'), { a: 'ëe' }],
    ['JSON in the other order', 'application/json; charset=utf-16', swapped('{"a":"ë"}'), { a: 'ë' }],
    ['a form', `${FORM}; charset=utf-16`, Buffer.from('a=%C3%ABe'), { a: 'ëe' }],
    ['JSON called a form', `${FORM}; charset=utf-16`, Buffer.from('{"a":"ëe"}'), { a: 'ëe' }],
    ['a form with a field', FORM, Buffer.from('charset=utf-16&a=%C3%AB'), { charset: 'utf-16', a: 'ë' }],
  ])(
    'UTF-16 that the bytes are not is not believed: %s',
    (_name, type, body, payload: unknown = `${body}`) => {
      expect(read(body, type)).toMatchObject({ ok: true, payload });
    },
  );

  test.each([
    ['application/xml', utf16(SAYS_UTF16)],
    ['application/soap+xml', swapped(SAYS_UTF16)],
    ['text/xml; charset=utf-16', swapped(SAYS_UTF16)],
  ])('UTF-16 without a mark is read in XML: %s', (type, body) => {
    expect(read(body, type)).toMatchObject({ kind: 'text', payload: SAYS_UTF16 });
  });
});

describe('text', () => {
  test.each([
    ['text/plain', 'Monitor Storage just entered alert status.\n- Severity: 1\n'],
    ['application/x-ndjson', '{"a":1}\n{"a":2}\n'],
    ['application/x-ndjson', '{"a":1}\n'],
    ['text/csv', '1'],
    ['application/yaml', 'a: 1\r\n'],
    ['application/atom+xml', '<feed/>'],
    ['image/svg+xml', '<svg/>'],
    ['text/plain', 'null'],
    ['text/plain', 'a\tb\0c'],
    [undefined, 'plain words'],
    ['application/octet-stream', 'plain words'],
  ])('of the type %s is the payload, byte for byte', (type, text) => {
    expect(read(text, type)).toEqual({ ok: true, kind: 'text', payload: text });
  });

  test.each([
    ['application/octet-stream', Buffer.from([0, 1, 2, 3]), 'application/octet-stream'],
    ['application/x-unheard-of', latin1('\xff\xfe\xfd'), 'application/x-unheard-of'],
    [undefined, latin1('GIF89a\x01\x00'), 'application/octet-stream'],
    ['image/png', latin1('words'), 'image/png'],
    ['application/pdf', latin1('%PDF-1.7'), 'application/pdf'],
  ])('is not what is a file: %s', (type, body, media_type) => {
    const file = { filename: 'body', media_type, bytes: body.length };
    expect(read(body, type)).toEqual({ ok: true, kind: 'file', payload: file, files: [{ ...file, at: 0 }] });
  });
});

test.each([
  ['application/json', 413],
  ['text/csv', 413],
  ['application/octet-stream', 200],
  ['image/png', 200],
])('more than 1 MiB is taken only of files: %s', (type, status) => {
  const body = Buffer.alloc(1024 * 1024 + 1, type === 'application/octet-stream' ? 0 : 0x31);
  expect(read(body, type)).toMatchObject(status === 200 ? { ok: true } : { code: 'payload_too_large' });
});

describe('a form', () => {
  test('is an object, with lists for repeated fields', () => {
    expect(form('Body=hi+there&From=%2B49&tag=a&tag=b&empty=&none&%zz=%')).toEqual({
      ok: true,
      kind: 'form',
      payload: { Body: 'hi there', From: '+49', tag: ['a', 'b'], empty: '', none: '', '%zz': '%' },
    });
  });

  test('is one by a header that came twice', () => {
    expect(read('a=1', `${FORM}, ${FORM}`)).toMatchObject({ kind: 'form', payload: { a: '1' } });
  });

  test('may be a thousand fields', () => {
    const values = Array.from({ length: 1000 }, (_, n) => `${n}`);
    expect(form(values.map((n) => `f=${n}`).join('&'))).toMatchObject({ ok: true, payload: { f: values } });
  });

  test('may have fields that are called like parts of every object', () => {
    const body = 'constructor=F1&prototype=P&toString=T&hasOwnProperty=H';
    const payload = Object.fromEntries(new URLSearchParams(body));
    expect(form(body)).toMatchObject({ ok: true, payload });
  });

  test.each([
    ['__proto__=1', 'invalid_form'],
    ['%5f_proto__=1', 'invalid_form'],
    [Array.from({ length: 1001 }, (_, n) => `f${n}=1`).join('&'), 'invalid_form'],
    // No field may be dropped silently.
    [Array(1002).fill('f=1').join('&'), 'invalid_form'],
    [`${'&'.repeat(1001)}f=1`, 'invalid_form'],
  ])('is refused: %.20s', (text, code) => {
    expect(form(text)).toMatchObject({ ok: false, code });
  });

  test.each([
    ['its own charset, as PayPal sends it', 'name=Garc%EDa&charset=windows-1252', undefined],
    ['the charset of the HTML standard', '_charset_=latin1&name=Garc%EDa', undefined],
    ['the declared charset', 'name=Garc%EDa', 'iso-8859-1'],
    ['unescaped bytes in it', latin1('name=Garc\xeda'), 'iso-8859-1'],
    ['unescaped UTF-8', Buffer.from('name=García'), undefined],
    ['both', Buffer.from('name=Garc%C3%ada&b=í'), undefined],
    ['UTF-16', Buffer.from('name=García', 'utf16le'), 'utf-16le'],
    ['a charset field that is data', 'charset=of+bandits&name=Garc%C3%ada', undefined],
  ])('in %s', (_name, body, charset) => {
    expect(form(body, charset)).toMatchObject({ payload: { name: 'García' } });
  });

  test('of many charset fields, only the first few are asked for', () => {
    const of = (charsets: number) => `${'charset=none&'.repeat(charsets)}charset=windows-1252&name=Garc%EDa`;
    expect(form(of(3))).toMatchObject({ payload: { name: 'García' } });
    expect(form(of(4))).toMatchObject({ ok: false, code: 'invalid_form' });
  });

  test('has its JSON field unfolded where the sender has one', () => {
    const body = `payload=${encodeURIComponent('{"action":"opened"}')}`;
    expect(read(body, FORM, { unfolds: 'payload' })).toMatchObject({
      kind: 'form',
      payload: { action: 'opened' },
    });
    expect(read(body, FORM)).toMatchObject({ payload: { payload: '{"action":"opened"}' } });
    for (const other of ['payload=5', 'payload=x&a=1', 'payload={&a=1', 'command=%2Fask'])
      expect(read(other, FORM, { unfolds: 'payload' })).toMatchObject({
        payload: Object.fromEntries(new URLSearchParams(other)),
      });
  });
});

test('an empty body is an event only where that is allowed', () => {
  expect(read('', undefined, { takesEmpty: true })).toMatchObject({ ok: true, payload: {} });
  expect(read('')).toMatchObject({ code: 'empty_body' });
  expect(parsePayload(Buffer.alloc(0), { isQuery: true })).toMatchObject({
    code: 'empty_body',
    detail: expect.stringContaining('query string'),
  });
});
