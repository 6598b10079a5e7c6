import { expect, test } from '@jest/globals';
import { privateHost, urlProblem } from './callback-url.js';

test.each([
  ['shop.example.com/hooks', /whole URL, including https:\/\//],
  ['ftp://shop.example.com/', /whole URL/],
  ['https://', /whole URL/],
  ['https://me:secret@shop.example.com/', /Leave out the user name/],
])('%s is refused with what to enter', (text, words) => {
  expect(urlProblem(text)).toMatch(words);
  expect(privateHost(text)).toBeUndefined();
});

test.each([
  ['http://localhost:3000/', 'localhost'],
  ['http://crm.internal/hook', 'crm.internal'],
  ['http://0x7f.1/', '127.0.0.1'],
  ['http://10.1.2.3:8080/', '10.1.2.3'],
  ['http://172.31.0.1/', '172.31.0.1'],
  ['http://100.64.0.1/', '100.64.0.1'],
  ['http://[::1]:3000/', '[::1]'],
  ['http://[fd00::1]/', '[fd00::1]'],
])('%s is not a public address', (text, host) => {
  expect(urlProblem(text)).toBeUndefined();
  expect(privateHost(text)).toBe(host);
});

test.each([
  'https://shop.example.com/hooks/agent',
  'http://172.32.0.1/',
  'http://100.128.0.1/',
  'https://internal.example.com/',
  'https://[2606:4700::1111]/',
])('%s may be public', (text) => {
  expect([urlProblem(text), privateHost(text)]).toEqual([undefined, undefined]);
});
