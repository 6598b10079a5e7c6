import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sendRaw, sharedStack } from '../index.js';

/** Bodies as further senders label and encode them, as bytes over a socket. */

let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await sharedStack();
  const { id } = await stack.createAgent({ name: 'Variations', input_template: '{{ headers | json }}' });
  ({ token } = await stack.mintWebhook(id));
});
afterAll(() => stack?.stop());

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const SJIS = bytes('\x93\xfa\x96\x7b'); // 日本
const KOI8 = bytes('\xf0\xd2\xc9\xd7\xc5\xd4'); // Привет
const GB = bytes('\xd6\xd0\xce\xc4\x81\x30\x81\x30'); // 中文 and a character of four bytes
const FORM = 'application/x-www-form-urlencoded';
const quoted = (text: Buffer): Buffer => Buffer.concat([bytes('{"a":"'), text, bytes('"}')]);
const part = (head: string[], body: string | Buffer, boundary = 'x'): Buffer =>
  Buffer.concat([bytes(`--${boundary}\r\n${head.join('\r\n')}\r\n\r\n`), Buffer.from(body), bytes('\r\n')]);
const parts = (...all: Buffer[]): Buffer => Buffer.concat([...all, bytes('--x--\r\n')]);
const field = (name: string, ...more: string[]): string[] => [
  `Content-Disposition: form-data; name="${name}"`,
  ...more,
];
const MULTI = 'multipart/form-data; boundary=x';

async function send(head: string[], body: Buffer, method = 'POST', path = '') {
  const lines = [
    `${method} /api/webhooks/agents/${token}${path} HTTP/1.1`,
    'Host: hooks.example.com',
    ...head,
    `Content-Length: ${body.length}`,
  ];
  return await sendRaw(stack.url, Buffer.concat([bytes(`${lines.join('\r\n')}\r\n\r\n`), body]));
}

async function payloadOf(head: string[], body: Buffer): Promise<unknown> {
  const { status, body: answer } = await send(head, body);
  if (status !== 200) return `${status} ${answer}`;
  const { task_id } = JSON.parse(answer) as { task_id: string };
  return (await stack.request('GET', `/api/tasks/${task_id}`)).body.payload;
}

const type = (value: string) => [`Content-Type: ${value}`];
const utf32 = (text: string): Buffer => {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  return Buffer.from(Uint32Array.from(codes).buffer);
};
const UTF16BE = Buffer.from('\ufeff{"a":"Zoë"}', 'utf16le').swap16();

test.each<[string, string[], Buffer, unknown]>([
  ['Shift_JIS', type('application/json; charset=Shift_JIS'), quoted(SJIS), { a: '日本' }],
  ['KOI8-R', type('application/json; charset=koi8-r'), quoted(KOI8), { a: 'Привет' }],
  ['GB18030', type('application/json; charset=gb18030'), quoted(GB), { a: '中文\u0080' }],
  ['GBK text', type('text/plain; charset=gbk'), GB.subarray(0, 4), '中文'],
  [
    'Shift_JIS in a form',
    type(`${FORM}; charset=shift_jis`),
    Buffer.concat([bytes('a='), SJIS]),
    { a: '日本' },
  ],
  ['KOI8-R in a form, escaped', type(`${FORM}; charset=koi8-r`), bytes('a=%F0%D2%C9'), { a: 'При' }],
  ['EUC-KR', type('text/plain; charset=euc-kr'), bytes('\xc7\xd1'), '한'],
  ['UTF-16 big endian by its mark', type('application/json'), UTF16BE, { a: 'Zoë' }],
  ['UTF-8 with a mark', type('application/json'), Buffer.from('\ufeff{"a":1}'), { a: 1 }],
  ['UTF-32 by its mark', type('application/json'), utf32('\ufeff{"a":"😀"}'), { a: '😀' }],
  ['UTF-32 big endian by its mark', type('text/csv'), utf32('\ufeffa,Zoë').swap32(), 'a,Zoë'],
  ['UTF-32 by its label', type('text/plain; charset=UTF-32'), utf32('Zoë 😀'), 'Zoë 😀'],
  ['UTF-32 that only JSON shows', type('application/json'), utf32('{"a":"Zoë"}').swap32(), { a: 'Zoë' }],
  [
    'UTF-32 in XML',
    type('application/xml'),
    utf32('<?xml version="1.0"?><a>ë</a>'),
    '<?xml version="1.0"?><a>ë</a>',
  ],
  ['UTF-8 that is called UTF-32', type('application/json; charset=utf-32'), bytes('{"a":1}'), { a: 1 }],
  ['a form in UTF-32', type(`${FORM}; charset=utf-32le`), utf32('a=Zo%C3%AB'), { a: 'Zoë' }],
  ['code page 852', type('text/plain; charset=cp852'), bytes('\x88\xa5'), 'łą'],
  ['code page 858', type('text/plain; charset=IBM00858'), bytes('\xd5'), '€'],
  ['code page 437 by another name', type('text/plain; charset=437'), bytes('\x81'), 'ü'],
  [
    'code page 850 by its name at the IANA',
    type('text/plain; charset=csPC850Multilingual'),
    bytes('\x81'),
    'ü',
  ],
  ['JSON Lines without a type', [], bytes('{"a":1}\n{"a":2}\r\n'), '{"a":1}\n{"a":2}\r\n'],
  ['lists in lines without a type', [], bytes('[1]\n[2]\n'), '[1]\n[2]\n'],
  ['a text called a form', type(FORM), bytes('Disk is full'), 'Disk is full'],
  [
    'lines called a form',
    type(FORM),
    bytes('line one\nline two & three = 3\n'),
    'line one\nline two & three = 3\n',
  ],
  ['YAML called a form', type(FORM), bytes('a: 1\nb: x & y\n'), 'a: 1\nb: x & y\n'],
  ['a JSON text called a form', type(FORM), bytes('"hello"'), 'hello'],
  ['JSON without its quotes called a form', type(FORM), bytes('{a:1}'), '{a:1}'],
  ['a text in Latin-1 called a form', type(`${FORM}; charset=latin1`), bytes('Gr\xfc\xdfe'), 'Grüße'],
  ['names without values in a form', type(FORM), bytes('ping&a%20b+c'), { ping: '', 'a b c': '' }],
  [
    'a form with spaces',
    type(FORM),
    bytes('First Name=Zo&note=a b\nc'),
    { 'First Name': 'Zo', note: 'a b\nc' },
  ],
  ['an empty line before a form', type(FORM), bytes('\r\na=1'), { '\r\na': '1' }],
  [
    'Content-Encoding of mails',
    ['Content-Encoding: 8bit', ...type('application/json')],
    bytes('{"a":1}'),
    { a: 1 },
  ],
  ['two marks', type('text/plain'), Buffer.from('\ufeffhi'), 'hi'],
  ['a mark in a form', type(FORM), Buffer.from('\ufeffa=1'), { a: '1' }],
  [
    'gzip, then br',
    ['Content-Encoding: gzip, br', ...type('application/json')],
    brotliCompressSync(gzipSync('{"a":1}')),
    { a: 1 },
  ],
  [
    'two headers of encodings',
    ['Content-Encoding: gzip', 'Content-Encoding: br', ...type('application/json')],
    brotliCompressSync(gzipSync('{"a":1}')),
    { a: 1 },
  ],
  ['gzip without its header', type('application/json'), gzipSync('{"a":1}'), { a: 1 }],
  ['zstd without its header', type('text/plain'), zstdCompressSync('{"a":1}'), { a: 1 }],
  [
    'a form of parts without a boundary in its header',
    type('multipart/form-data'),
    parts(part(field('a'), '1'), part(field('b'), '2')),
    { a: '1', b: '2' },
  ],
  [
    'a form of parts with another boundary',
    type('multipart/form-data; boundary=----WebKitFormBoundary7MA4'),
    parts(part(field('a'), '1')),
    { a: '1' },
  ],
  ['JSON that is called a form of parts', type('multipart/form-data'), bytes('{"a":1}'), { a: 1 }],
  ['a charset of null', type('application/json; charset=null'), Buffer.from('{"a":"ë"}'), { a: 'ë' }],
  ['a charset of undefined', type('text/plain;charset=undefined'), Buffer.from('ë'), 'ë'],
  ['a charset of MySQL', type('application/json; charset=utf8mb4'), Buffer.from('{"a":"ë"}'), { a: 'ë' }],
  ['charsets of Java', type('text/plain; charset=ISO8859_1'), bytes('Zo\xeb'), 'Zoë'],
  ['another charset of Java', type(`${FORM}; charset=UTF_8`), bytes('a=%C3%AB'), { a: 'ë' }],
  [
    'zstd in two frames',
    ['Content-Encoding: zstd', ...type('application/json')],
    Buffer.concat([zstdCompressSync('{"a":'), zstdCompressSync('1}')]),
    { a: 1 },
  ],
  [
    'upper case deflate',
    ['Content-Encoding: DEFLATE', ...type('application/json')],
    deflateSync('{"a":1}'),
    { a: 1 },
  ],
  ['one type twice', [...type('application/json'), ...type('application/json')], bytes('{"a":1}'), { a: 1 }],
  ['two different types', [...type('application/json'), ...type('text/plain')], bytes('{"a":1}'), { a: 1 }],
  [
    'brackets in a form',
    type(FORM),
    bytes('user[name]=Ada&user%5Bid%5D=1&tags[]=a&tags[]=b'),
    { 'user[name]': 'Ada', 'user[id]': '1', 'tags[]': ['a', 'b'] },
  ],
  ['dots and empty names in a form', type(FORM), bytes('a.b=1&=2&c'), { 'a.b': '1', '': '2', c: '' }],
  ['a plus and a percent in a form', type(FORM), bytes('a=1+%2B+100%&b=%zz'), { a: '1 + 100%', b: '%zz' }],
  ['semicolons in a form', type(FORM), bytes('a=1;b=2'), { a: '1;b=2' }],
  [
    'a form of parts with line feeds alone',
    type(MULTI),
    bytes('--x\nContent-Disposition: form-data; name="a"\n\none\r\ntwo\n--x--\n'),
    { a: 'one\r\ntwo' },
  ],
  ['a code page of DOS', type('text/plain; charset=cp850'), bytes('Zo\x89 \x9b'), 'Zoë ø'],
  ['another code page of DOS', type('application/json; charset=IBM437'), quoted(bytes('\x9b')), { a: '¢' }],
  ['ASCII in an unknown charset', type('application/json; charset=cp1047'), bytes('{"a":1}'), { a: 1 }],
  ['a charset as Python writes it', type('text/plain; charset=latin-1'), bytes('Zo\xeb'), 'Zoë'],
  ['a charset as Windows writes it', type('text/plain; charset=cp932'), SJIS, '日本'],
  [
    'bytes of a mark inside a form',
    type(FORM),
    bytes('a=%EF%BB%BFx&b=%EF%BB%BF'),
    { a: '\ufeffx', b: '\ufeff' },
  ],
  [
    'JSON Lines that are called a form',
    type(FORM),
    bytes('{"url":"/?a=1&b=%20+"}\n{"a":2}\n'),
    '{"url":"/?a=1&b=%20+"}\n{"a":2}\n',
  ],
  ['XML that is called a form', type(FORM), bytes('<a b="1&amp;2">+</a>'), '<a b="1&amp;2">+</a>'],
  ['broken JSON that is called a form', type(FORM), bytes('{"a":"1&2",}'), '{"a":"1&2",}'],
  ['NDJSON by its name', type('application/x-ndjson'), bytes('{"a":1}\n'), '{"a":1}\n'],
  [
    'JSON Lines with a mark that are called a form',
    type(FORM),
    Buffer.from('\ufeff{"a":"x&y"}\n{"a":2}'),
    '{"a":"x&y"}\n{"a":2}',
  ],
  ['JSON Lines by its name', type('application/jsonl'), bytes('{"a":1}\n{"a":2}'), '{"a":1}\n{"a":2}'],
  ['a JSON sequence', type('application/json-seq'), bytes('\x1e{"a":1}\n'), '\x1e{"a":1}\n'],
  ['YAML', type('application/yaml'), bytes('a: 1\n'), 'a: 1\n'],
  ['TOML', type('application/toml'), bytes('a = 1\n'), 'a = 1\n'],
  ['SOAP', type('application/soap+xml; charset=utf-8; action="x"'), bytes('<a/>'), '<a/>'],
  [
    'JSON with a profile',
    type('application/vnd.github.v3+json; charset=UTF-8; profile="x;y"'),
    bytes('{"a":1}'),
    { a: 1 },
  ],
  ['JSON as x-json', type('application/x-json'), bytes('{"a":1}'), { a: 1 }],
  ['JSON as a wildcard', type('*/*'), bytes('{"a":1}'), { a: 1 }],
  ['a CSP report', type('application/csp-report'), bytes('{"csp-report":{}}'), { 'csp-report': {} }],
  ['a report', type('application/reports+json'), bytes('[{"a":1}]'), [{ a: 1 }]],
  ['a number', type('application/json'), bytes('5'), 5],
  ['a text', type('application/json'), bytes('"hi"'), 'hi'],
  ['an empty list', type('application/json'), bytes('[]'), []],
  [
    'quoted-printable in a part',
    type(MULTI),
    parts(part(field('a', 'Content-Transfer-Encoding: quoted-printable'), 'Zo=C3=AB =\r\nsoft')),
    { a: 'Zoë soft' },
  ],
  [
    'a long part in quoted-printable',
    type(MULTI),
    parts(
      part(field('a', 'Content-Transfer-Encoding: Quoted-Printable'), '=C3=AB = =ZZ=\r\n'.repeat(40_000)),
    ),
    { a: 'ë = =ZZ'.repeat(40_000) },
  ],
  [
    'headers of a part in two lines',
    type(MULTI),
    parts(
      part(
        ['Content-Disposition: form-data;', ' name="f";', ' filename="a.txt"', 'Content-Type: text/plain'],
        'x',
      ),
      part(
        ['Content-Disposition: form-data; name="t"', 'Content-Type: text/plain;', ' charset=koi8-r'],
        KOI8,
      ),
    ),
    { f: { filename: 'a.txt', media_type: 'text/plain', bytes: 1, text: 'x' }, t: 'Привет' },
  ],
  [
    'upper case in a disposition',
    type(MULTI),
    parts(part(['CONTENT-DISPOSITION: FORM-DATA; NAME="a"'], '1')),
    { a: '1' },
  ],
  [
    'JSON in a form without its name, as curl -d sends it',
    type(FORM),
    bytes('{"id":820982911946154508,"b":"x=y&z"}'),
    { id: expect.anything(), b: 'x=y&z' },
  ],
  [
    'raw deflate',
    ['Content-Encoding: deflate', ...type('application/json')],
    deflateRawSync('{"a":1}'),
    { a: 1 },
  ],
  [
    'gzip in two members',
    ['Content-Encoding: gzip', ...type('application/json')],
    Buffer.concat([gzipSync('{"a":'), gzipSync('1}')]),
    { a: 1 },
  ],
  [
    'gzip with zeros behind it',
    ['Content-Encoding: gzip', ...type('application/json')],
    Buffer.concat([gzipSync('{"a":1}'), Buffer.alloc(8)]),
    { a: 1 },
  ],
  [
    'gzip twice',
    ['Content-Encoding: gzip, gzip', ...type('application/json')],
    gzipSync(gzipSync('{"a":1}')),
    { a: 1 },
  ],
  ['UTF-16 without a mark', type('application/json'), Buffer.from('{"a":"Zoë"}', 'utf16le'), { a: 'Zoë' }],
  [
    'a charset in single quotes',
    type("application/json; charset='utf-8'"),
    Buffer.from('{"a":"ë"}'),
    { a: 'ë' },
  ],
  ['an empty charset', type('application/json; charset='), bytes('{"a":1}'), { a: 1 }],
  ['half a surrogate pair', type('application/json'), bytes('{"a":"\\ud800"}'), { a: '\ud800' }],
  ['a name twice', type('application/json'), bytes('{"a":1,"a":2}'), { a: 2 }],
  [
    'a form inside a form field that is broken JSON',
    type(FORM),
    bytes('payload=%7B%22a'),
    { payload: '{"a' },
  ],
  [
    'CloudEvents in a batch',
    type('application/cloudevents-batch+json'),
    bytes('[{"specversion":"1.0","id":"1"}]'),
    [{ specversion: '1.0', id: '1' }],
  ],
  ['a raw SNS message', type('text/plain; charset=UTF-8'), bytes('ALARM: disk full'), 'ALARM: disk full'],
  [
    'base64 in a part',
    type(MULTI),
    parts(part(field('a', 'Content-Transfer-Encoding: base64'), 'Wm/Dqw==')),
    { a: 'Zoë' },
  ],
  [
    'a charset in a part',
    type(MULTI),
    parts(part(field('a', 'Content-Type: text/plain; charset=shift_jis'), SJIS)),
    { a: '日本' },
  ],
  [
    'JSON in a part',
    type(MULTI),
    parts(part(field('a', 'Content-Type: application/json'), '{"b":1}')),
    { a: '{"b":1}' },
  ],
  [
    'brackets in parts',
    type(MULTI),
    parts(part(field('u[name]'), 'Ada'), part(field('u[name]'), 'Bob')),
    { 'u[name]': ['Ada', 'Bob'] },
  ],
  ['an empty part', type(MULTI), parts(part(field('a'), '')), { a: '' }],
  [
    'a boundary in quotes',
    type('multipart/form-data; boundary="x"'),
    parts(part(field('a'), '1')),
    { a: '1' },
  ],
  [
    'a preamble and an epilogue',
    type(MULTI),
    Buffer.concat([bytes('hello\r\n'), parts(part(field('a'), '1')), bytes('bye')]),
    { a: '1' },
  ],
  [
    'multipart in multipart',
    type(MULTI),
    parts(
      part(
        field('files', 'Content-Type: multipart/mixed; boundary=y'),
        Buffer.concat([
          part(['Content-Disposition: file; filename="a.txt"', 'Content-Type: text/plain'], 'one', 'y'),
          part(['Content-Disposition: file; filename="b.txt"', 'Content-Type: text/plain'], 'two', 'y'),
          bytes('--y--'),
        ]),
      ),
    ),
    {
      files: [
        { filename: 'a.txt', media_type: 'text/plain', bytes: 3, text: 'one' },
        { filename: 'b.txt', media_type: 'text/plain', bytes: 3, text: 'two' },
      ],
    },
  ],
  [
    'multipart/mixed as the whole',
    type('multipart/mixed; boundary=x'),
    parts(part(['Content-Type: application/json'], '{"a":1}')),
    expect.anything(),
  ],
])('%s', async (_name, head, body, payload) => {
  expect(await payloadOf(head, body)).toEqual(payload);
});

test.each([
  ['application/json'],
  ['text/plain'],
  [FORM],
  [MULTI],
  ['application/xml'],
  ['application/octet-stream'],
  [''],
  ['image/png'],
])('an empty body of %j is refused', async (label) => {
  const { status, body } = await send(label === '' ? [] : type(label), Buffer.alloc(0));
  expect([status, JSON.parse(body).code]).toEqual([400, 'empty_body']);
});

test.each<[string, string[], Buffer, string, string]>([
  ['NDJSON called JSON', type('application/json'), bytes('{"a":1}\n{"a":2}\n'), 'invalid_json', 'line 2'],
  [
    'UTF-32 with half a character',
    type('application/json; charset=utf-32'),
    bytes('{\0\0\0}\0'),
    'invalid_json',
    'utf-32',
  ],
  [
    'UTF-32 beyond Unicode',
    type('text/plain; charset=utf-32le'),
    bytes('\0\0\x11\0'),
    'invalid_text',
    'utf-32',
  ],
  [
    'gzip that is cut',
    ['Content-Encoding: gzip'],
    gzipSync('{"a":1}').subarray(0, -6),
    'invalid_encoding',
    'gzip',
  ],
  [
    'zstd that is cut',
    ['Content-Encoding: zstd'],
    zstdCompressSync('{"a":1}').subarray(0, -2),
    'invalid_encoding',
    'zstd',
  ],
  ['what follows JSON', type('application/json'), bytes('{"a":1} x'), 'invalid_json', 'column 9'],
  ['a mark of UTF-16 in a form', type(FORM), bytes('a=%FF%FEx'), 'invalid_form', 'UTF-8'],
  [
    'letters of an unknown charset',
    type('text/plain; charset=cp1047'),
    bytes('\x89'),
    'invalid_text',
    'cp1047',
  ],
  ['UTF-7', type('text/plain; charset=utf-7'), bytes('hi'), 'invalid_text', '"utf-7"'],
  ['what is no Shift_JIS', type('text/plain; charset=shift_jis'), bytes('\x81'), 'invalid_text', 'shift_jis'],
])('%s is refused, and the reason named', async (_name, head, body, code, detail) => {
  const answer = JSON.parse((await send(head, body)).body);
  expect(answer).toMatchObject({ status: 400, code, detail: expect.stringContaining(detail) });
});

test('a file in base64 is stored as what it stands for', async () => {
  const head = [
    'Content-Disposition: form-data; name="f"; filename="a.png"',
    'Content-Transfer-Encoding: base64',
  ];
  const png = bytes('\x89PNG\r\n\x1a\n123');
  const { body } = await send(type(MULTI), parts(part(head, png.toString('base64'))));
  const { task_id } = JSON.parse(body) as { task_id: string };
  const trace = await stack.request('GET', `/api/tasks/${task_id}`);
  expect(trace.body.payload).toMatchObject({ f: { filename: 'a.png', bytes: png.length } });
  const file = await fetch(`${stack.url}/api/tasks/${task_id}/attachments/0`, {
    headers: { authorization: `Bearer ${stack.adminKey}` },
  });
  expect(Buffer.from(await file.arrayBuffer())).toEqual(png);
});

test('a file input in which nobody chose a file is no file', async () => {
  const none = part(
    ['Content-Disposition: form-data; name="f"; filename=""', 'Content-Type: application/octet-stream'],
    '',
  );
  const { status, body } = await send(type(MULTI), parts(part(field('a'), '1'), ...Array(12).fill(none)));
  expect(status).toBe(200);
  const { task_id } = JSON.parse(body) as { task_id: string };
  const trace = await stack.request<{ payload: { f: unknown[] } }>('GET', `/api/tasks/${task_id}`);
  expect(trace.body).toMatchObject({ attachments: [], payload: { a: '1' } });
  expect(trace.body.payload.f).toHaveLength(12);
});

test('a second slash between base and path changes nothing', async () => {
  const line = `POST //api/webhooks/agents/${token} HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2\r\n\r\n{}`;
  expect((await sendRaw(stack.url, bytes(line))).status).toBe(200);
});

test.each([
  ['GET', 405],
  ['HEAD', 405],
  ['OPTIONS', 204],
  ['PUT', 405],
  ['PATCH', 405],
  ['DELETE', 405],
])('%s', async (method, status) => {
  expect((await send([], Buffer.alloc(0), method)).status).toBe(status);
});
