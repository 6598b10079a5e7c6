import { MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { parsePayload } from '../parse-payload.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const read = (body: Buffer, contentType: string) => parsePayload(body, { contentType });

describe('a multipart form', () => {
  const TYPE = 'multipart/form-data; boundary=xYzZY';
  const part = (head: string, content: string) => `--xYzZY\r\n${head}\r\n\r\n${content}\r\n`;
  const field = (name: string, content: string) =>
    part(`Content-Disposition: form-data; name="${name}"`, content);
  const body = (...parts: string[]) => latin1(`${parts.join('')}--xYzZY--\r\n`);

  test('has its fields as properties, repeated ones as a list, and text as it is', () => {
    const sent = body(
      field('a', '1'),
      field('raw', '{"q3_name":"Ada"}'),
      field('a', '2'),
      field('e', ''),
      field('n', 'x\r\n--y'),
    );
    expect(read(sent, TYPE)).toMatchObject({
      kind: 'multipart',
      payload: { a: ['1', '2'], raw: '{"q3_name":"Ada"}', e: '', n: 'x\r\n--y' },
    });
  });

  test('has parts without content whose header goes on in a second line', () => {
    const folded = (more: string) => part(`Content-Disposition: form-data;\r\n ${more}`, '');
    const sent = body(
      folded('name="empty"'),
      folded('name="up"; filename="a.txt"'),
      field('last', 'z'),
      folded('name="end"'),
    );
    expect(read(sent, TYPE)).toMatchObject({
      payload: { empty: '', up: { filename: 'a.txt', bytes: 0 }, last: 'z', end: '' },
      files: [{ filename: 'a.txt', bytes: 0 }],
    });
  });

  test('has files as what is known of them', () => {
    const file = (name: string, type: string) =>
      `Content-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: ${type}`;
    const sent = body(part(file('a.csv', 'text/csv'), 'a,b'), part(file('b.png', 'image/png'), '\x89PNG\0'));
    const read_ = read(sent, TYPE);
    expect(read_).toMatchObject({
      payload: {
        f: [
          { filename: 'a.csv', media_type: 'text/csv', bytes: 3, text: 'a,b' },
          { filename: 'b.png', media_type: 'image/png', bytes: 5 },
        ],
      },
      files: [{ filename: 'a.csv' }, { filename: 'b.png' }],
    });
    const bytes = read_.ok
      ? (read_.files ?? []).map(({ at, bytes }) => sent.toString('latin1', at, at + bytes))
      : [];
    expect(bytes).toEqual(['a,b', '\x89PNG\0']);
  });

  test('may end its lines in LF alone, which changes nothing in it', () => {
    const sent = latin1(
      [
        '--xYzZY \nContent-Disposition: form-data; name="a"\n\none\r\ntwo\n',
        '--xYzZY\nContent-Disposition: form-data;\n name="f"; filename="a.csv"\nContent-Type: text/csv\n\na\r\n',
        '\n--xYzZY\nContent-Disposition: form-data; name="e"\n\n--xYzZY--\n',
      ].join(''),
    );
    const form = read(sent, TYPE);
    expect(form).toMatchObject({
      payload: { a: 'one\r\ntwo', f: { filename: 'a.csv', bytes: 3, text: 'a\r\n' }, e: '' },
    });
    const [file] = form.ok ? (form.files ?? []) : [];
    expect(sent.toString('latin1', file?.at, (file?.at ?? 0) + (file?.bytes ?? 0))).toBe('a\r\n');
  });

  test('has text that resembles its boundary or its headers', () => {
    const text = 'x\r\n--xYzZY2\r\n--xYzZ\r\n\r\n--xYzZY :\r\n--xYzZY--2\r\n';
    const named = part('Content-Disposition: form-data; filename="a; name=b"; name="f"', text);
    expect(read(body(field('a', text), named), TYPE)).toMatchObject({
      payload: { a: text, f: { filename: 'a; name=b', text } },
    });
  });

  test.each(['', ' ', '\n', '\r\n', '\r\nto ignore', ' to ignore'])(
    'may end in a boundary and %j',
    (rest) => {
      const sent = latin1(
        `--xYzZY\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--xYzZY--${rest}`,
      );
      expect(read(sent, TYPE)).toMatchObject({ payload: { a: 'one' } });
    },
  );

  test.each([
    [
      'of its part',
      body(
        part(
          'Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=latin1',
          'Zo\xeb',
        ),
      ),
    ],
    ['of the form', body(field('_charset_', 'windows-1252'), field('a', 'Zo\xeb'))],
    [
      'of each field, as SendGrid sends it',
      body(field('charsets', '{"a":"iso-8859-1"}'), field('a', 'Zo\xeb')),
    ],
    ['that nobody names', body(field('a', 'Zo\xc3\xab'))],
  ])('is in the charset %s', (_name, sent) => {
    expect(read(sent, TYPE)).toMatchObject({ payload: { a: 'Zoë' } });
  });

  test.each([
    ["filename*=UTF-8''Zo%C3%AB.txt", 'Zoë.txt'],
    ['filename="Zo.txt"; filename*="UTF-8\'de\'Zo%C3%AB+.txt"', 'Zoë+.txt'],
    ["filename*=iso-8859-1''Zo%EB.txt", 'Zoë.txt'],
    ["filename*=UTF-8''Zo%EB.txt", 'Zo%EB.txt'],
    ["filename*=UTF-8''my Zo\xc3\xab.txt", 'my Zoë.txt'],
    ["filename*=none''Zo%EB.txt; filename=Zo.txt", 'Zo.txt'],
    ['filename="a;b\\"c.txt"', 'a;b"c.txt'],
    ["filename*0*=UTF-8''Zo%C3; filename*1*=%AB; filename*2=.txt", 'Zoë.txt'],
    ['filename*1=".txt"; filename*0="a long name"', 'a long name.txt'],
    ['\r\n filename="a.txt"', 'a.txt'],
    ['\r\n\tFILENAME="a.txt"', 'a.txt'],
  ])('has a file called %s', (parameters, filename) => {
    const sent = body(part(`Content-Disposition: form-data; name="f"; ${parameters}`, 'x'));
    expect(read(sent, TYPE)).toMatchObject({ payload: { f: { filename } } });
  });

  test('is in the declared charset, which some clients add', () => {
    const named = part('Content-Disposition: form-data; name="Gr\xf6\xdfe"; filename="Zo\xeb.txt"', '1');
    expect(read(body(named), `${TYPE}; charset=ISO-8859-1`)).toMatchObject({
      payload: { Größe: { filename: 'Zoë.txt' } },
    });
    expect(read(body(named), TYPE)).toMatchObject({ detail: expect.stringContaining('UTF-8') });
    const sent = body(field('a', 'Zo\xeb'));
    expect(read(sent, `${TYPE}; charset=ISO-8859-1`)).toMatchObject({ payload: { a: 'Zoë' } });
    expect(read(sent, `${TYPE}; charset=wtf-8`)).toMatchObject({
      detail: expect.stringContaining('"wtf-8"'),
    });
  });

  test.each([
    [field('a', '1'), 'the boundary that ends it is missing'],
    [`--xYzZY\r\na: 1\r\n--xYzZY--`, 'no empty line'],
    [`${field('a', '1')}--xYzZY--`.replace('\r\n\r\n', '\n\n'), 'no empty line'],
  ])('says what its end lacks: %j', (sent, detail) => {
    expect(read(latin1(sent), TYPE)).toMatchObject({
      code: 'invalid_form',
      detail: expect.stringContaining(detail),
    });
  });

  test.each([
    ['no boundary', 'multipart/form-data', latin1('a=1')],
    ['another boundary', 'multipart/form-data; boundary=other', latin1('text\r\n--xYzZY\r\na')],
    ['no end', TYPE, latin1(field('a', '1'))],
    ['no name', TYPE, body(part('Content-Disposition: form-data', '1'))],
    ['a bad name', TYPE, body(field('__proto__', '1'))],
    ['bytes of no charset', TYPE, body(field('a', 'Zo\xeb'))],
    ['too many fields', TYPE, body(...Array.from({ length: 1001 }, () => field('a', '1')))],
    ['a long name', TYPE, body(field('a'.repeat(1001), '1'))],
    ['endless headers', TYPE, body(`--xYzZY\r\n${'a: b\r\n'.repeat(2_000)}\r\n1\r\n`)],
  ])('is refused for %s', (_name, type, sent) => {
    expect(read(sent, type)).toMatchObject({ ok: false, code: 'invalid_form' });
  });

  // axios/axios#5379 and n8n-io/n8n#27533.
  test.each(['multipart/form-data', 'multipart/form-data; boundary=other'])(
    'is read by its first line with the type %s',
    (type) => {
      expect(read(body(field('a', '1')), type)).toMatchObject({ payload: { a: '1' } });
    },
  );

  test('that is JSON is no larger than other JSON', () => {
    const json = (bytes: number) => Buffer.from(JSON.stringify(['x'.repeat(bytes - 4)]));
    expect(read(json(MAX_PAYLOAD_BYTES), TYPE)).toMatchObject({ ok: true, kind: 'json' });
    expect(read(json(MAX_PAYLOAD_BYTES + 1), TYPE)).toMatchObject({ ok: false, code: 'invalid_form' });
  });

  test('may begin with text to ignore', () => {
    expect(read(Buffer.concat([latin1('hello\r\n'), body(field('a', '1'))]), TYPE)).toMatchObject({
      payload: { a: '1' },
    });
    expect(read(Buffer.concat([latin1('\r\n'), body(field('a', '1'))]), TYPE)).toMatchObject({
      payload: { a: '1' },
    });
  });
});
