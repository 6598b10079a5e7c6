import { expect, test } from '@jest/globals';
import { readHeaders, writeHeaders } from './header-lines.js';

test('headers are lines, there and back', () => {
  const headers = { 'x-github-event': 'issues', 'x-time': '12:30' };
  expect(readHeaders(writeHeaders(headers))).toEqual({ ok: true, headers });
  expect(readHeaders('\n  X-Empty:  \n\n')).toEqual({ ok: true, headers: { 'X-Empty': '' } });
});

test.each(['no colon', ': no name', 'two words: value', '{"json": true}'])('“%s” is no header', (line) => {
  expect(readHeaders(`x-fine: yes\n${line}`)).toMatchObject({
    ok: false,
    problem: expect.stringContaining(line),
  });
});
