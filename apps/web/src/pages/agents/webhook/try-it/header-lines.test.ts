import { expect, test } from '@jest/globals';
import { readHeaders, writeHeaders } from './header-lines.js';

test('headers round-trip through lines', () => {
  const headers = { 'x-github-event': 'issues', 'x-time': '12:30' };
  expect(readHeaders(writeHeaders(headers))).toEqual({ ok: true, headers });
  expect(readHeaders('\n  X-Empty:  \n\n')).toEqual({ ok: true, headers: { 'X-Empty': '' } });
});

test.each(['no colon', ': no name', 'two words: value', '{"json": true}'])('“%s” is not a header', (line) => {
  expect(readHeaders(`x-fine: yes\n${line}`)).toMatchObject({
    ok: false,
    problem: expect.stringContaining(line),
  });
});
